#!/usr/bin/env python3
"""Checks the shape of the sources: short files and functions, plain names, and nothing that belongs to one machine."""

import ast
import json
import pathlib
import re
import subprocess
import sys

import cpp_functions
import cpp_text

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
CPP = {".cpp", ".hpp"}
SCRIPTS = {".ts", ".tsx", ".js", ".mjs", ".cjs"}
MEASURED = CPP | SCRIPTS | {".css", ".html", ".py", ".sh", ".cmake", ".sql"}
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".ico", ".woff2", ".db", ".gz", ".der", ".pdf"}
# Built, recorded or fed to programs; not written to be read.
DATA = ("web/dist/", "tests/golden/", "tests/vectors/", "tests/fuzz/seeds/", "tests/upgrade/")
OTHERS = ("LICENSE", "web/shared/favicon.svg")

# Written in pieces so that this file passes its own lint.
UNFINISHED = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
MACHINE = re.compile(r"(?<![\w.}/])/(?:" + "|".join(["wor" + "k", "roo" + "t", "tmp/" + "w"]) + r")/")
REGISTRY = re.compile(r"\bregistry\." + r"(?:npmjs|yarnpkg)\b|\b(?:npmjs|yarnpkg)\.(?:org|com)\b|\bpypi\." + r"org\b")
DEFINE = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)
TYPE_NAME = re.compile(
    r"\b(?:class|struct|enum|union|interface|type)\s+(?:class\s+|struct\s+|\[\[\w+\]\]\s*)?"
    r"(\w*(?:Manager|Helper|Util|Utils|Impl|Service))\b"
)
TRIPLE = re.compile(r"\{\{\{|\{\{\s*&")


def files_of(root):
    """Every file git tracks or would track; without git, every file outside the folders it would ignore."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, check=False
    )
    if listed.returncode == 0 and (root / ".git").exists():
        names = sorted(set(listed.stdout.decode().split("\0")) - {""})
    else:
        names = sorted(p.relative_to(root).as_posix() for p in root.rglob("*"))
        names = [n for n in names if not {"build", "node_modules", ".git", "__pycache__"} & set(n.split("/"))]
    return [n for n in names if (root / n).is_file() and not (root / n).is_symlink()]


def at(name, text, match):
    return f"{name}:{cpp_text.line_of(text, match.start())}"


def check_length(name, text):
    lines = len(text.splitlines())
    return [f"{name}: {lines} lines, more than {MAX_FILE_LINES}"] if lines > MAX_FILE_LINES else []


def check_words(name, text):
    """What no text file may hold, source or not."""
    complaints = [f"{at(name, text, m)}: {m.group()}: finish it or leave it out" for m in UNFINISHED.finditer(text)]
    complaints += [f"{at(name, text, m)}: {m.group()} is a path of one machine" for m in MACHINE.finditer(text)]
    complaints += [f"{at(name, text, m)}: {m.group()} is a package registry" for m in REGISTRY.finditer(text)]
    return complaints


def check_type_names(name, code):
    return [f"{at(name, code, m)}: {m[1]}: name the thing it is, not that it helps" for m in TYPE_NAME.finditer(code)]


def check_cpp(name, text):
    code = cpp_text.code_only(text)
    complaints = check_type_names(name, code)
    for match in DEFINE.finditer(code):
        if not (name == "src/base/result.hpp" and match[1] == "TRY"):
            complaints.append(f"{at(name, code, match)}: #define {match[1]}: TRY is the only macro")
    for number, line in enumerate(code.splitlines(), 1):
        if not line.isascii():
            complaints.append(f"{name}:{number}: names are ASCII")
    for function in cpp_functions.functions(text):
        if function.lines > MAX_FUNCTION_LINES and not function.excused:
            complaints.append(f"{name}:{function.line}: {function.lines} lines, more than {MAX_FUNCTION_LINES}")
    return complaints


def check_python(name, text):
    complaints = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = node.end_lineno - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                complaints.append(f"{name}:{node.lineno}: {lines} lines, more than {MAX_FUNCTION_LINES}")
        if isinstance(node, ast.Name) and not node.id.isascii():
            complaints.append(f"{name}:{node.lineno}: names are ASCII")
    return complaints


def check_template(name, text):
    return [f"{at(name, text, m)}: {m.group()} puts unescaped text on a page" for m in TRIPLE.finditer(text)]


def check_lock(name, text):
    """A lock file that names no host installs from whichever registry the machine uses."""
    packages = json.loads(text).get("packages", {})
    return [
        f"{name}: {package} is resolved to {entry['resolved']}; set omit-lockfile-registry-resolved"
        for package, entry in packages.items()
        if "://" in str(entry.get("resolved", ""))
    ]


def check_file(root, name):
    path = root / name
    if path.suffix in BINARY or name.startswith(OTHERS):
        return []
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return [] if name.startswith(DATA) else [f"{name}: not UTF-8"]
    if path.name == "package-lock.json":
        return check_lock(name, text)
    if name.startswith(DATA):
        return []
    complaints = check_words(name, text)
    if path.suffix in MEASURED or name == "dev":
        complaints += check_length(name, text)
    if path.suffix in CPP:
        complaints += check_cpp(name, text)
    elif path.suffix in SCRIPTS:
        complaints += check_type_names(name, text)
    elif path.suffix == ".py":
        complaints += check_python(name, text)
    elif path.suffix in (".html", ".mustache"):
        complaints += check_template(name, text)
    return complaints


def check(root):
    root = pathlib.Path(root)
    return [complaint for name in files_of(root) for complaint in check_file(root, name)]


if __name__ == "__main__":
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(found) if found else "shape: clean")
    sys.exit(1 if found else 0)
