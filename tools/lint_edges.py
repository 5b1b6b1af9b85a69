#!/usr/bin/env python3
"""Checks that src/modules.txt lets no module include another that none of its files includes.

Only a direct #include counts, and only one in the product: an edge that tests alone use is reported, as the product
could use it without anyone noticing. Tests need no edge of their own: tools/lint_layers.py lets the tests of a module
include whatever the module reaches, also through others. A set stands for its members, so a module that uses some of
them must name those. src/main.cpp counts as part of app.
"""

import collections
import pathlib
import sys

import lint_layers


def used_edges(root):
    """Returns ({module: modules its product includes}, {module: modules its tests include})."""
    src = pathlib.Path(root) / "src"
    product, tests = collections.defaultdict(set), collections.defaultdict(set)
    for source in lint_layers.sources_of(src):
        module = "app" if source.module == "main" else source.module
        uses = tests if source.is_test else product
        uses[module] |= {header.split("/")[0] for _, header, is_angled in source.includes if not is_angled}
    return product, tests


def check(root):
    modules = pathlib.Path(root) / "src" / "modules.txt"
    allowed, complaints = lint_layers.read_modules(modules)
    lines = lint_layers.lines_of_modules(modules)
    product, tests = used_edges(root)
    for module, uses in allowed.items():
        unused = uses - product[module]
        for why, names in [
            ("which none of its files includes", unused - tests[module]),
            ("which only its tests include", unused & tests[module]),
        ]:
            if names:
                complaints.append(f"src/modules.txt:{lines[module]}: {module} names {' '.join(sorted(names))}, {why}")
    return complaints


if __name__ == "__main__":
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(found) if found else "edges: clean")
    sys.exit(1 if found else 0)
