#!/usr/bin/env python3
"""Checks that a feature is removed by deleting its folders and at most four lines elsewhere, and that the rest works.

In a copy of the tree, for each feature in turn and on top of the ones before: what is its own goes (OWN below); so do
the lines that connect it with the rest, which are found and not listed: its line in src/modules.txt and its name in the
lists there, its #include lines and its statements in src/app, its libraries in cmake/, the imports of its files in
web/. Whatever else still names it is a complaint. Then the program and the tests beside the sources are compiled, and
those are run.

    tools/lint_removable.py [--fast] [--tests PATTERN] [feature…]       --fast: nothing is compiled
"""

import argparse
import pathlib
import re
import sys
import tempfile

import cpp_text
import lint_layers
import lint_shape
import lint_words
import tree_copy

FEATURES = ["note", "people", "legacy_api"]
MAX_LINES = 4
PROGRAM = "cardea"
OWN = (
    r"(?:src|web)/{0}/.*|cmake/module_{0}\.cmake|tests/(?:api|wire|crash)/{0}_(?:\w+_)?(?:test\.cpp|scene\.hpp)"
    r"|tests/contract/{0}_.*"
    r"|tests/e2e/{0}[._-].*|tests/fuzz/fuzz_{0}(?:_\w+)?\.cpp|tests/fuzz/seeds/{0}(?:_\w+)?/.*"
)
CODE = (".cpp", ".hpp")
WEB = (".ts", ".mjs", ".css", ".html", ".json")
NOT_OURS = ("web/dist/", "web/node_modules/", "web/package", "web/tsconfig.json")


def unit_test_options(pattern):
    return ["-R", pattern] if pattern else ["-R", "_test$", "-E", "_contract_test$"]


class Tree:
    """The copy, with its files by name."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.names = [name for name in lint_shape.files_of(self.root) if not name.startswith("build/")]

    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def delete(self, pattern):
        gone = [name for name in self.names if re.fullmatch(pattern, name)]
        for name in gone:
            path = self.root / name
            path.unlink()
            while not any(path.parent.iterdir()):  # a folder without files goes too
                path = path.parent
                path.rmdir()
        self.names = [name for name in self.names if name not in set(gone)]
        return gone

    def matching(self, pattern):
        return [name for name in self.names if re.fullmatch(pattern, name)]


def balance(code):
    return sum(code.count(c) for c in "([{") - sum(code.count(c) for c in ")]}")


def statement(code, at):
    """The lines from `at` on to where its brackets are closed; None when it closes what it did not open."""
    depth, end = 0, at
    while end < len(code):
        depth += balance(code[end])
        end += 1
        if depth <= 0:
            break
    return range(at, end) if depth == 0 else None


def lines_in_app(feature, modules, text):
    """The lines that include the feature or are a statement about it before anything else."""
    code, found = cpp_text.code_only(text).splitlines(), set()
    found |= {number - 1 for number, path, _ in cpp_text.includes(text) if path.startswith(f"{feature}/")}
    about = re.compile(r"\b(" + "|".join(map(re.escape, modules)) + r")::")
    for at, line in enumerate(code):
        first = about.search(line)
        if first and first[1] == feature and at not in found:
            found |= set(statement(code, at) or ())
    return found


def lines_of_imports(feature, text):
    pattern = re.compile(rf"""^\s*(?:@?import|export)\b.*["'](?:\.{{1,2}}/)+{feature}/""")
    return {at for at, line in enumerate(text.splitlines()) if pattern.match(line)}


def lines_of_libraries(feature, text):
    pattern = re.compile(rf"\s*set\(\s*libraries_{feature}\b.*\)")
    return {at for at, line in enumerate(text.splitlines()) if pattern.match(line)}


def without_word(feature, line):
    """A line of modules.txt with the feature taken out of its list; empty when that is the feature's own line."""
    name, colon, uses = re.match(r"([^:=#]*)([:=]?)(.*)", line).groups()
    if name.strip() == feature and colon:
        return ""
    return name + colon + re.sub(rf"\s+{feature}(?=\s|$)", "", uses)


def places(pattern, text):
    """Returns [(line, words)] for each match."""
    return [(cpp_text.line_of(text, match.start()), match.group()) for match in re.finditer(pattern, text)]


class Removal:
    """Takes one feature out of a copy. `lines` says what had to be changed elsewhere, `complaints` what is wrong."""

    def __init__(self, tree, feature, modules):
        self.tree, self.feature, self.modules = tree, feature, modules
        self.lines, self.complaints = [], []

    def _write(self, name, lines, changes):
        """Puts {line: its new text} into a file; what goes leaves an empty line, so that the others keep their numbers.
        """
        for at in sorted(changes):
            self.lines.append(f"{name}:{at + 1}: {lines[at].strip()}")
        text = "".join(f"{changes.get(at, line)}\n" for at, line in enumerate(lines))
        (self.tree.root / name).write_text(text, encoding="utf-8")

    def _edit(self, pattern, find):
        for name in self.tree.matching(pattern):
            text = self.tree.text(name)
            found = find(text)
            if found:
                self._write(name, text.splitlines(), dict.fromkeys(found, ""))

    def run(self):
        if not self.tree.delete(OWN.format(self.feature)):
            self.complaints.append(f"{self.feature}: has no folder, so there is nothing to remove")
            return
        lines = self.tree.text("src/modules.txt").splitlines()
        new = {at: without_word(self.feature, line) for at, line in enumerate(lines)}
        self._write("src/modules.txt", lines, {at: line for at, line in new.items() if line != lines[at]})
        feature = self.feature
        self._edit(r"src/app/.*\.[ch]pp|src/main\.cpp", lambda text: lines_in_app(feature, self.modules, text))
        self._edit(r"cmake/.*|CMakeLists\.txt", lambda text: lines_of_libraries(feature, text))
        self._edit(r"web/(?!dist/|node_modules/).*\.(?:ts|mjs|css)", lambda text: lines_of_imports(feature, text))
        if len(self.lines) > MAX_LINES:
            listed = "".join(f"\n    {line}" for line in self.lines)
            self.complaints.append(f"{feature}: {len(self.lines)} lines elsewhere, more than {MAX_LINES}:{listed}")
        for name in self.tree.names:
            stem = pathlib.PurePath(name).stem
            if name.startswith(("src/", "web/")) and list(lint_words.mentions(stem, {tuple(feature.split("_"))})):
                self.complaints.append(f"{name}: is named after {feature}, and not in its folder")
            self.complaints += [f"{name}:{line}: still names {feature}: {what}" for line, what in self.left_in(name)]

    def left_in(self, name):
        """Returns [(line, words)], one for each line of a file that still names the feature."""
        if name.endswith(CODE) and name.startswith(("src/", "tests/", "bench/")):
            found = self.left_in_code(name, self.tree.text(name))
        elif name.startswith("cmake/") or name.endswith(("CMakeLists.txt", "modules.txt")):
            found = self.left_in_build(re.sub(r"#.*", "", self.tree.text(name)))
        elif name.startswith("web/") and name.endswith(WEB) and not name.startswith(NOT_OURS):
            # Paths of its files, addresses of its pages, keys of its strings.
            found = places(rf"""/{self.feature}s?\b[^"'\s<{{}}]*|"{self.feature}s?[".]""", self.tree.text(name))
        else:
            found = []
        return sorted(dict(reversed(found)).items())

    def left_in_code(self, name, text):
        """Includes and qualified names; in the product also identifiers, and literals that are paths or keys."""
        feature, code = self.feature, cpp_text.code_only(text)
        found = [(line, f'"{path}"') for line, path, _ in cpp_text.includes(text) if self.is_own_path(path)]
        found += places(rf"\b{feature}::\w*", code)
        if name.startswith("src/") and not name.endswith("_test.cpp") and not lint_layers.FIXTURE.search(name):
            names = {tuple(feature.split("_"))}
            found += [(cpp_text.line_of(code, at), words) for at, words in lint_words.mentions(code, names)]
            literals = re.sub(r"^[ \t]*#.*", "", cpp_text.without_comments(text), flags=re.MULTILINE)
            found += places(rf'(?<="){feature}s?[./][^"\s]*|/{feature}s?\b', literals)
        return found

    def left_in_build(self, text):
        pattern = rf"(?<![\w.])(?:cardea_|libraries_|src/|web/)?{self.feature}(?:_contract)?(?:_test)?\b(?!\.)"
        return places(pattern, text)

    def is_own_path(self, path):
        return path.startswith(f"{self.feature}/") or re.fullmatch(OWN.format(self.feature), path) is not None


def modules_of(root):
    text = (root / "src" / "modules.txt").read_text(encoding="utf-8")
    return re.findall(r"^([a-z_]+)\s*:", text, re.MULTILINE)


def build_and_test(tools, pattern):
    """Returns what went wrong, or None."""
    options = unit_test_options(pattern)
    for name, step in (
        ("configuring", tools.configure),
        ("compiling", lambda: tools.build(PROGRAM, *tools.tests(*options))),
        ("testing", lambda: tools.ctest(*options)),
    ):
        good, text = step()
        if not good:
            tail = "\n".join(text.splitlines()[-60:])
            return f"{name} failed:\n{tail}"
    return None


def remove_each(root, features, tools=None, tests=None, say=print):
    """Removes the features from the copy at `root`, one after the other. Returns what is wrong."""
    modules, complaints = modules_of(root), []
    for feature in features:
        removal = Removal(Tree(root), feature, modules)
        removal.run()
        complaints += removal.complaints
        if complaints:
            continue  # what does not come apart need not be compiled, but the others are looked at
        say(f"{feature}: gone with {len(removal.lines)} lines elsewhere")
        for line in removal.lines:
            say(f"    {line}")
        wrong = build_and_test(tools, tests) if tools else None
        if wrong:
            return [f"without {feature}, {wrong}"]
    return complaints


def check(root, features, fast=True, tests=None, tools=tree_copy.Cmake, say=print):
    if fast:
        with tempfile.TemporaryDirectory() as folder:
            tree_copy.refresh(root, pathlib.Path(folder))
            return remove_each(pathlib.Path(folder), features, say=say)
    tree = root / "build" / "removable" / "tree"
    tree.mkdir(parents=True, exist_ok=True)
    tree_copy.refresh(root, tree)
    return remove_each(tree, features, tools(tree), tests, say)


def main(arguments, root=pathlib.Path(__file__).resolve().parent.parent):
    parser = argparse.ArgumentParser()
    parser.add_argument("features", nargs="*", metavar="feature")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--tests", metavar="PATTERN", help="a ctest pattern, in place of all tests beside the sources")
    options = parser.parse_args(arguments)
    found = check(root, options.features or FEATURES, options.fast, options.tests)
    print("\n".join(found) if found else "removable: clean")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
