#!/usr/bin/env python3
"""Holds the two tables in docs/security to the tests that they name.

failure-classes.md: a row per way in which systems like this one have failed. Its tests must exist, and each of its
mutants, tests/mutants/<name>.patch, must be one that runs one of those tests. A row without tests gives a reason.

asvs.md: a row per requirement. Its tests are those with the tag `// ASVS 6.2.1, 6.2.9` in the line above them;
`tools/lint_security.py --write` writes their names into the table. A row without a tag gives a reason.
"""

import fnmatch
import pathlib
import re
import sys

import lint_shape

FAILURES = "docs/security/failure-classes.md"
REQUIREMENTS = "docs/security/asvs.md"
CLASSES = {"A": 14, "B": 10, "C": 5, "D": 9, "G": 13}
TEST = re.compile(r"^TEST(?:_[FP])?\(\s*(\w+)\s*,\s*(\w+)\s*\)", re.MULTILINE)
TAGGED = re.compile(
    r"^// ASVS ([\d., ]+)\n(?://.*\n)*(?:TEST(?:_[FP])?\(\s*(\w+)\s*,\s*(\w+)\s*\)|test\(\"([^\"]+)\")", re.MULTILINE
)
TAG = re.compile(r"// ASVS\b")
ROW = re.compile(r"^\| ([A-G]?\d[\d.]*) \|(.*)\|$", re.MULTILINE)
NAMES = re.compile(r"`([^`]+)`")
REASON = 20  # characters: less says nothing


def sources(root):
    """Every file that may hold tests, with its text."""
    for name in lint_shape.files_of(root):
        if name.startswith(("src/", "tests/")) and name.endswith(("_test.cpp", ".spec.mjs")):
            yield name, (root / name).read_text()


def tests_of(root):
    return {f"{suite}.{name}" for _, text in sources(root) for suite, name in TEST.findall(text)}


def selects(pattern, test):
    """Whether a --gtest_filter runs this test, with parameters or without."""
    wanted, _, unwanted = pattern.partition("-")
    names = (test, f"Any/{test}/0")
    chosen = lambda patterns: any(fnmatch.fnmatchcase(n, p) for p in patterns.split(":") if p for n in names)
    return chosen(wanted or "*") and not chosen(unwanted)


def mutant_complaint(root, mutant, tests):
    path = root / "tests" / "mutants" / f"{mutant}.patch"
    if not path.exists():
        return f"there is no mutant {mutant}"
    line = re.search(r"^Test:(.*)$", path.read_text(), re.MULTILINE)
    pattern = re.search(r"--gtest_filter=(\S+)", line[1]) if line else None
    if pattern and not any(selects(pattern[1], test) for test in tests):
        return f"the mutant {mutant} runs none of the tests of its row"
    return None


def rows_of(path):
    """Number of the line, id and cells of each row of a table."""
    text = path.read_text() if path.exists() else ""
    for match in ROW.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[1], [cell.strip() for cell in match[2].split(" | ")]


def check_failures(root, known):
    seen = set()
    for line, row, cells in rows_of(root / FAILURES):
        at = f"{FAILURES}:{line}: {row}"
        seen.add(row)
        if len(cells) != 3:
            yield f"{at} has not three cells behind its number"
            continue
        tests, mutants = NAMES.findall(cells[1]), NAMES.findall(cells[2])
        for test in tests:
            if "." in test and "/" not in test and test not in known:
                yield f"{at}: there is no test {test}"
            if "/" in test and not (root / test).exists():
                yield f"{at}: there is no file {test}"
        if not tests and len(cells[1]) < REASON:
            yield f"{at} has neither a test nor a reason"
        if tests and not mutants and len(cells[2]) < REASON:
            yield f"{at} has no build in which its test fails, nor a reason"
        yield from (f"{at}: {why}" for mutant in mutants if (why := mutant_complaint(root, mutant, tests)))
    for group, count in CLASSES.items():
        yield from (f"{FAILURES}: no row {group}{i}" for i in range(1, count + 1) if f"{group}{i}" not in seen)


def tags_of(root):
    """The tests of each requirement, and complaints about tags that no test has."""
    tests, complaints = {}, []
    for name, text in sources(root):
        matches = list(TAGGED.finditer(text))
        if len(matches) != len(TAG.findall(text)):
            complaints.append(f"{name}: a tag that is not above a test")
        for ids, suite, case, title in (match.groups() for match in matches):
            for requirement in re.findall(r"\d+\.\d+\.\d+", ids):
                tests.setdefault(requirement, set()).add(f"{suite}.{case}" if suite else title)
    return tests, complaints


def joined(tests):
    return ", ".join(f"`{test}`" for test in sorted(tests))


def check_requirements(root):
    tests, complaints = tags_of(root)
    yield from complaints
    seen = set()
    for line, row, cells in rows_of(root / REQUIREMENTS):
        at = f"{REQUIREMENTS}:{line}: {row}"
        seen.add(row)
        if len(cells) != 3:
            yield f"{at} has not three cells behind its number"
        elif row in tests and cells[2] != joined(tests[row]):
            yield f"{at} does not name its tests: tools/lint_security.py --write"
        elif row not in tests and (NAMES.match(cells[2]) or len(cells[2]) < REASON):
            yield f"{at} has neither a test with its tag nor a reason"
    yield from (f"{REQUIREMENTS}: no row {row}, of which tests have the tag" for row in sorted(set(tests) - seen))


def write_requirements(root):
    tests, _ = tags_of(root)

    def with_tests(match):
        cells = [cell.strip() for cell in match[2].split(" | ")]
        if match[1] in tests and len(cells) == 3:
            cells[2] = joined(tests[match[1]])
        return f"| {match[1]} | {' | '.join(cells)} |"

    path = root / REQUIREMENTS
    path.write_text(ROW.sub(with_tests, path.read_text()))


def check(root):
    root = pathlib.Path(root).resolve()
    return [*check_failures(root, tests_of(root)), *check_requirements(root)]


def main():
    root = pathlib.Path(__file__).parent.parent
    if sys.argv[1:] == ["--write"]:
        write_requirements(root)
        return 0
    complaints = check(root)
    print("\n".join(complaints) if complaints else "security: clean")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
