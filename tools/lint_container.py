#!/usr/bin/env python3
"""Checks packaging/Containerfile: what an image must keep to, where no engine is at hand to build it."""

import pathlib
import re
import sys


def instructions(text):
    """The instructions as (line, word, rest), with continued lines joined and comments left out."""
    found, parts, start = [], [], 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") or (not parts and not line.strip()):
            continue
        start = start if parts else number
        parts.append(line.strip().removesuffix("\\").strip())
        if not line.rstrip().endswith("\\"):
            word, _, rest = " ".join(parts).partition(" ")
            found.append((start, word.upper(), rest.strip()))
            parts = []
    return found


def complaints_about(instruction):
    line, word, rest = instruction
    if word == "FROM" and not re.match(r"\S+:(?!latest\b)\S+", rest):
        yield line, "FROM names no version"
    if word == "ADD":
        yield line, "ADD fetches and unpacks; use COPY"
    if word in ("CMD", "ENTRYPOINT") and not rest.startswith("["):
        yield line, f"{word} by a shell, which passes no SIGTERM on; write a list"
    if word == "RUN" and "apt-get install" in rest:
        if "--no-install-recommends" not in rest:
            yield line, "apt-get install without --no-install-recommends"
        if "rm -rf /var/lib/apt/lists/*" not in rest:
            yield line, "apt's lists stay in the image"
    if word == "ENV" and re.search(r"(SECRET|TOKEN|PASSWORD)=", rest):
        yield line, "a secret in ENV"


def check_last_stage(all_instructions):
    starts = [index for index, (_, word, _) in enumerate(all_instructions) if word == "FROM"]
    last = all_instructions[starts[-1] :] if starts else []
    words = [word for _, word, _ in last]
    for wanted in ("USER", "VOLUME", "HEALTHCHECK", "ENTRYPOINT"):
        if wanted not in words:
            yield 0, f"the image has no {wanted}"
    users = [(line, rest) for line, word, rest in last if word == "USER"]
    if users and not re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", users[-1][1]):
        yield users[-1][0], "USER is not a number other than 0, by which Kubernetes sees that it is not root"
    if "COPY" in words:
        yield 0, "the last stage copies files; everything in it comes from the package"


def check(path):
    found = instructions(pathlib.Path(path).read_text())
    complaints = [complaint for each in found for complaint in complaints_about(each)]
    complaints += check_last_stage(found)
    return [f"{path}:{line}: {what}" for line, what in sorted(complaints)]


if __name__ == "__main__":
    found = check(pathlib.Path(__file__).resolve().parent.parent / "packaging/Containerfile")
    print("\n".join(found) if found else "container: clean")
    sys.exit(1 if found else 0)
