#!/usr/bin/env python3
"""Checks that every relative link in a Markdown page leads to a file, and to a heading where it names one.

A page that claims a test, as [words](the_test.cpp) `name_of_the_test`, is held to it: the file must have that name.
"""

import pathlib
import re
import sys

import lint_shape

FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CLAIM = re.compile(r"\]\(([^)\s]+\.(?:cpp|mjs))\)((?:\s*`[^`\n]+`)+)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def anchors(text):
    """The ids a repository host gives to headings: lower case, punctuation dropped, spaces as hyphens."""
    seen = {}
    for title in HEADING.findall(FENCE.sub("", text)):
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        seen[slug] = seen.get(slug, -1) + 1
        yield slug if seen[slug] == 0 else f"{slug}-{seen[slug]}"


def check_link(root, page, target):
    if re.match(r"[a-z]+:", target):
        return None
    path, _, anchor = target.partition("#")
    wanted = (page.parent / path).resolve() if path else page
    if not wanted.is_relative_to(root):
        return "leads out of the repository"
    if not wanted.exists():
        return "leads nowhere"
    if anchor and wanted.suffix == ".md" and anchor not in anchors(wanted.read_text()):
        return "names a heading that is not there"
    return None


def missing_tests(page, target, names):
    path = page.parent / target
    text = path.read_text() if path.exists() else ""
    return [name for name in re.findall(r"`([^`]+)`", names) if name not in text]


def check(root):
    root = pathlib.Path(root).resolve()
    complaints = []
    for name in lint_shape.files_of(root):
        page = root / name
        if page.suffix != ".md":
            continue
        text = FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), page.read_text())
        for match in LINK.finditer(text):
            why = check_link(root, page, match[1])
            if why:
                complaints.append(f"{lint_shape.at(name, text, match)}: {match[1]} {why}")
        for claim in CLAIM.finditer(text):
            for test in missing_tests(page, claim[1], claim[2]):
                complaints.append(f"{lint_shape.at(name, text, claim)}: {claim[1]} has no test {test}")
    return complaints


if __name__ == "__main__":
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(found) if found else "links: clean")
    sys.exit(1 if found else 0)
