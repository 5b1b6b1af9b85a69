#!/usr/bin/env python3
"""Checks that sources include only what src/modules.txt allows, and that foreign headers stay in their home module.

The tests of a module may include what it reaches, also through others.
"""

import pathlib
import re
import sys

import cpp_text

# Foreign headers by prefix, most specific first, and the modules that are their home.
HOMES = [
    ("boost/asio", {"edge"}),
    ("boost/beast", {"edge"}),
    ("boost/json", {"encoding"}),
    ("boost/", {"edge", "encoding"}),
    ("libpq-fe.h", {"db"}),
    ("sqlite3", {"db"}),
    ("curl/", {"outbound"}),
    ("nghttp2/", {"edge"}),
    ("openssl/", {"crypto", "edge"}),
    ("sodium", {"crypto"}),
    ("toml++/", {"config"}),
    ("kainjow/", {"page"}),
    ("spdlog/", {"observe"}),
    ("unicode/", {"encoding"}),
    ("CLI/", {"app", "main"}),
    ("zxcvbn", {"password"}),
    ("qrencode", {"totp"}),
]
EVERYWHERE = ("fmt/", "sys/", "netinet/", "arpa/", "linux/", "net/", "bits/")
TESTING = ("gtest/", "rapidcheck")
BANNED_CODE = [
    (re.compile(r"\bstd::format(?:_to|_to_n)?\s*\("), "std::format is not in libstdc++ 12; use fmt::format"),
    (re.compile(r"\bstd::(?:unexpected|expected)\b"), "std::expected is not C++20; use Result"),
]
BANNED_HEADERS = {"format": "use fmt/format.h", "expected": "use base/result.hpp"}
FIXTURE = re.compile(r"_fixture\.hpp$|(?:^|/)test_\w+\.hpp$")  # what the tests of one module share
# Who handles requests. Everybody else is told of the occasion alone (principal/context.hpp), so that a command or a job
# can do the same.
REQUEST = re.compile(r"\bhttp::(?:Call|Request)\b")
OF_REQUESTS = {"http", "edge", "page", "idempotency", "app"}
OF_REQUESTS_FILES = re.compile(r"(?:_routes|_pages|surface)\.[ch]pp$|^authn/credentials")
COROUTINE = re.compile(r"\bco_(?:await|return|yield)\b")


def read_modules(path):
    """Returns ({module: modules it may include}, [complaint])."""
    allowed, sets, complaints = {}, {}, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        match = re.fullmatch(r"(@?[a-z_]+)\s*([:=])\s*(.*)", line)
        if not match:
            complaints.append(f"{path}:{number}: not 'name : modules' or '@set = modules'")
            continue
        name, uses = match[1], set()
        for use in match[3].split():
            if use not in (sets if use.startswith("@") else allowed):
                complaints.append(f"{path}:{number}: {name} uses {use}, which is not defined above it")
            uses |= sets.get(use, set()) if use.startswith("@") else {use}
        (sets if match[2] == "=" else allowed)[name] = uses
    return allowed, complaints


def lines_of_modules(path):
    """Returns {module: the number of the line that defines it}."""
    matches = (re.match(r"([a-z_]+)\s*:", line) for line in path.read_text().splitlines())
    return {match[1]: number for number, match in enumerate(matches, 1) if match}


def reached(module, allowed):
    """The modules that `module` includes, also through others."""
    found, queue = set(), [module]
    while queue:
        new = allowed.get(queue.pop(), set()) - found
        found |= new
        queue += new
    return found


def home_of(header):
    """The modules a foreign header belongs to; None when it may be anywhere."""
    if header.startswith(EVERYWHERE):
        return None
    for prefix, modules in HOMES:
        if header.startswith(prefix):
            return modules
    return set() if "/" in header else None  # no slash: the standard library or POSIX


class Source:
    """One file below src/, read once."""

    def __init__(self, src, path):
        self.path = path
        self.name = path.relative_to(src).as_posix()
        self.module = self.name.split("/")[0] if "/" in self.name else path.stem
        self.is_fixture = path.suffix == ".hpp" and FIXTURE.search(self.name) is not None
        self.is_test = path.stem.endswith("_test") or self.is_fixture
        self.text = path.read_text()
        self.includes = list(cpp_text.includes(self.text))

    def __str__(self):
        return f"src/{self.name}"


def check_own_include(source, number, header, allowed):
    module = header.split("/")[0]
    if FIXTURE.search(header) and not source.is_test:
        return [f"{source}:{number}: \"{header}\" is for tests"]
    if source.is_test and header.startswith("tests/support/"):
        return []
    if module not in allowed:
        return [f"{source}:{number}: \"{header}\" is not in a module of src/modules.txt"]
    if source.module == "main":
        may = {"app"} | allowed.get("app", set())
    elif source.is_test:  # linked with all of it; what only tests include is no edge (tools/lint_edges.py)
        may = {source.module} | reached(source.module, allowed)
    else:
        may = {source.module} | allowed[source.module]
    if module not in may:
        return [f"{source}:{number}: {source.module} may not include {module} (src/modules.txt)"]
    return []


def check_foreign_include(source, number, header):
    if header in BANNED_HEADERS:
        return [f"{source}:{number}: <{header}> is banned; {BANNED_HEADERS[header]}"]
    if header.startswith(TESTING):
        return [] if source.is_test else [f"{source}:{number}: <{header}> belongs in a *_test.cpp or *_fixture.hpp"]
    home = home_of(header)
    if home is None or source.module in home:
        return []
    if not home:
        return [f"{source}:{number}: <{header}> has no home; name one in tools/lint_layers.py"]
    return [f"{source}:{number}: <{header}> may only be included in {' and '.join(sorted(home))}"]


def check_code(source):
    code = cpp_text.code_only(source.text)
    complaints = []
    for pattern, why in BANNED_CODE:
        complaints += [f"{source}:{cpp_text.line_of(code, m.start())}: {why}" for m in pattern.finditer(code)]
    if source.module not in OF_REQUESTS and not source.is_test and not OF_REQUESTS_FILES.search(source.name):
        for match in REQUEST.finditer(code):
            line = cpp_text.line_of(code, match.start())
            complaints.append(f"{source}:{line}: {match.group()} belongs in *_routes, *_pages and authn/credentials")
    if source.module != "edge":
        for match in COROUTINE.finditer(code):
            line = cpp_text.line_of(code, match.start())
            complaints.append(f"{source}:{line}: {match.group()} outside src/edge: handlers are plain functions")
    return complaints


def check_leaks(sources):
    """A header that shows foreign types is private to its module: nothing outside may reach it."""
    by_name = {source.name: source for source in sources}
    complaints = []
    for header in [s for s in sources if s.path.suffix == ".hpp"]:
        foreign = [path for _, path, angled in header.includes if angled and home_of(path)]
        if not foreign:
            continue
        reached, queue = {header.name}, [header.name]
        while queue:
            target = queue.pop()
            for source in sources:
                if source.name not in reached and any(path == target for _, path, _ in source.includes):
                    reached.add(source.name)
                    queue.append(source.name)
        for name in sorted(reached):
            if by_name[name].module != header.module:
                why = f"reaches <{foreign[0]}> through {header}, which is private to its module"
                complaints.append(f"src/{name}: {why}")
    return complaints


def sources_of(src):
    return [Source(src, path) for path in sorted(src.rglob("*")) if path.suffix in (".cpp", ".hpp")]


def check(root):
    src = pathlib.Path(root) / "src"
    allowed, complaints = read_modules(src / "modules.txt")
    sources = sources_of(src)
    for source in sources:
        if source.module not in allowed and source.name != "main.cpp":
            complaints.append(f"{source}: its folder has no line in src/modules.txt")
            continue
        for number, header, angled in source.includes:
            if angled:
                complaints += check_foreign_include(source, number, header)
            else:
                complaints += check_own_include(source, number, header, allowed)
        complaints += check_code(source)
    return complaints + check_leaks(sources)


if __name__ == "__main__":
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(found) if found else "layers: clean")
    sys.exit(1 if found else 0)
