#!/usr/bin/env python3
"""Checks that lines of C++ sources and of scripts end at 120 columns, comments too. A column is a code point."""

import pathlib
import sys

import lint_shape

MAX_COLUMNS = 120
FOLDERS = {  # which files of which folders
    "src/": lint_shape.CPP,
    "tests/": lint_shape.CPP,
    "bench/": lint_shape.CPP,
    "tools/": {".py", ".sh", ".mjs"},
}
SCRIPTS_WITHOUT_SUFFIX = {"dev", ".ci/run"}


def is_measured(name):
    if name in SCRIPTS_WITHOUT_SUFFIX:
        return True
    return any(name.startswith(folder) and name.endswith(tuple(kinds)) for folder, kinds in FOLDERS.items())


def check(root):
    root = pathlib.Path(root)
    complaints = []
    for name in filter(is_measured, lint_shape.files_of(root)):
        for number, line in enumerate((root / name).read_text(encoding="utf-8").split("\n"), 1):
            if len(line) > MAX_COLUMNS:
                complaints.append(f"{name}:{number}: {len(line)} columns, more than {MAX_COLUMNS}")
    return complaints


if __name__ == "__main__":
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(found) if found else "lines: clean")
    sys.exit(1 if found else 0)
