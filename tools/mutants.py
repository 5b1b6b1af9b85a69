#!/usr/bin/env python3
"""Puts one fault at a time into a copy of the tree, and expects the tests to notice.

tests/mutants/<name>.patch is a unified diff of src/ with one fault, below lines that say what it is:

    Kind: authorisation
    Test: api_tests --gtest_filter=Users.somebody_else_is_not_deleted

Kind groups the figures. Test is the program that must fail, with its options; it must pass on the tree as it is. Work
is done in build/mutants/tree; the checkout is never touched. Exits with 1 unless every mutant is noticed.

    tools/mutants.py [name…] [--sample N --seed TEXT] [--compile]

--compile asks of each mutant only whether it applies and the compiler takes it, which is what a change elsewhere
breaks: twenty minutes for all of them in place of hours.
"""

import argparse
import collections
import dataclasses
import itertools
import pathlib
import random
import re
import sys
import time

import tree_copy

TEST_PATIENCE = 300  # seconds for one run of a test
HEADER = re.compile(r"^(Kind|Test): (.+)$", re.MULTILINE)
TARGET = re.compile(r"^\+\+\+ (?:b/)?(\S+)", re.MULTILINE)

# What a fault leaves unused is no reason to refuse it.
QUIET = "".join(f'#pragma clang diagnostic ignored "{name}"\n' for name in ("-Wunused", "-Wunused-parameter"))

NOTICED, NOT_NOTICED, COMPILES = "noticed", "not noticed", "compiles"
NO_PATCH, NO_BUILD, NO_TEST = "does not apply", "does not compile", "fails without it"


@dataclasses.dataclass
class Mutant:
    name: str
    patch: pathlib.Path
    kind: str
    program: str
    options: list
    files: list


@dataclasses.dataclass
class Verdict:
    mutant: Mutant
    what: str
    detail: str
    seconds: float


def read_mutant(path):
    text = path.read_text()
    headers = dict(HEADER.findall(text[: text.find("\n--- ") + 1]))
    files = TARGET.findall(text)
    if set(headers) != {"Kind", "Test"}:
        raise ValueError(f"{path}: needs the lines 'Kind: …' and 'Test: …' above its diff")
    if not files or any(not name.startswith("src/") or name.endswith("_test.cpp") for name in files):
        raise ValueError(f"{path}: changes something that is not the product in src/")
    program, *options = headers["Test"].split()
    return Mutant(path.stem, path, headers["Kind"].strip(), program, options, files)


def choose(mutants, names, sample, seed):
    """The mutants of these names (all when there are none), or `sample` of them, the same ones for the same seed."""
    unknown = set(names) - {mutant.name for mutant in mutants}
    if unknown:
        raise ValueError(f"no mutant is called {' or '.join(sorted(unknown))}")
    chosen = [mutant for mutant in mutants if not names or mutant.name in names]
    if sample is not None and sample < len(chosen):
        chosen = random.Random(seed).sample(chosen, sample)
    return sorted(chosen, key=lambda mutant: (mutant.program, mutant.options, mutant.name))


class Run:
    """Judges mutants in one copy of the tree."""

    def __init__(self, root, tree, tools):
        self.root, self.tree, self.tools, self.sound = root, tree, tools, {}

    def test(self, mutant):
        """Returns (whether the test passes, what it printed)."""
        status, text = tree_copy.execute(self.tools.program(mutant.program) + mutant.options, self.tree, TEST_PATIENCE)
        return status == 0, text if status is not None else f"{text}\n[  FAILED  ] took too long"

    def is_sound(self, mutant):
        """Whether the test passes without the fault, and is a test at all: a filter may match nothing."""
        key = (mutant.program, *mutant.options)
        if key not in self.sound:
            built, text = self.tools.build(mutant.program)
            if not built:
                raise RuntimeError(f"{mutant.program} does not compile without a mutant:\n{text}")
            passed, text = self.test(mutant)
            self.sound[key] = passed and not re.search(r"Running 0 tests", text)
        return self.sound[key]

    def apply(self, mutant):
        command = ["patch", "-p1", "-F3", "--batch", "--forward", "--no-backup-if-mismatch", "-r", "-", "-i"]
        if tree_copy.execute([*command, str(mutant.patch.resolve())], self.tree, 60)[0] != 0:
            return False
        for path in (self.tree / name for name in mutant.files):
            if path.suffix == ".cpp" and path.exists():
                path.write_text(QUIET + path.read_text())
        return True

    def revert(self, mutant):
        for name in mutant.files:
            if (self.root / name).exists():
                tree_copy.copy_file(self.root / name, self.tree / name)
            else:
                (self.tree / name).unlink(missing_ok=True)

    def judge(self, mutant):
        """Returns (verdict, detail)."""
        if not self.apply(mutant):
            return NO_PATCH, ""
        built, text = self.tools.build(mutant.program)
        if not built:
            return NO_BUILD, next((line for line in text.splitlines() if "error:" in line), "")
        passed, text = self.test(mutant)
        if passed:
            return NOT_NOTICED, ""
        by = re.search(r"^\[  FAILED  \] ([^\n(,]+)", text, re.MULTILINE)
        return NOTICED, f"by {by[1].strip()}" if by else ""

    def look(self, mutant):
        """Returns (verdict, detail) of what the compiler says."""
        if not self.apply(mutant):
            return NO_PATCH, ""
        refusal = next(filter(None, (self.tools.refusal(name) for name in mutant.files)), "")
        return (NO_BUILD, refusal) if refusal else (COMPILES, "")

    def looks(self, mutants):
        self.is_sound(mutants[0])  # builds what every source is compiled with
        for mutant in mutants:
            started = time.monotonic()
            what, detail = self.look(mutant)
            self.revert(mutant)
            yield Verdict(mutant, what, detail, time.monotonic() - started)

    def verdicts(self, mutants):
        for _, group in itertools.groupby(mutants, key=lambda mutant: mutant.program):
            group = list(group)
            print(f"building {group[0].program}", file=sys.stderr, flush=True)
            # The clean program first: each mutant is then one build, which also changes back the one before it.
            for mutant in group:
                self.is_sound(mutant)
            for mutant in group:
                started = time.monotonic()
                what, detail = self.judge(mutant) if self.is_sound(mutant) else (NO_TEST, "or selects no test")
                self.revert(mutant)
                yield Verdict(mutant, what, detail, time.monotonic() - started)


def ratio(verdicts, wanted):
    good = sum(verdict.what == wanted for verdict in verdicts)
    return f"{good} of {len(verdicts)} {wanted} ({100 * good // len(verdicts)} %)"


def figures(verdicts, wanted):
    kinds = collections.defaultdict(list)
    for verdict in verdicts:
        kinds[verdict.mutant.kind].append(verdict)
    lines = [f"{kind:<16}{ratio(own, wanted)}" for kind, own in sorted(kinds.items())]
    return ["", *lines, "", f"{'all':<16}{ratio(verdicts, wanted)}"]


def work(root, options, tools=tree_copy.Cmake):
    mutants = [read_mutant(path) for path in sorted((root / "tests" / "mutants").glob("*.patch"))]
    chosen = choose(mutants, options.names, options.sample, options.seed)
    if not chosen:
        raise ValueError("there is no mutant in tests/mutants")
    tree = root / "build" / "mutants" / "tree"
    tree_copy.refresh(root, tree)
    run = Run(root, tree, tools(tree))
    wanted = COMPILES if options.compile else NOTICED
    verdicts = []
    for verdict in run.looks(chosen) if options.compile else run.verdicts(chosen):
        verdicts.append(verdict)
        row = f"{verdict.what:<17}{verdict.mutant.kind:<15}{verdict.seconds:>6.1f} s  {verdict.mutant.name}"
        print(f"{row}  {verdict.detail}".rstrip(), flush=True)
    print("\n".join(figures(verdicts, wanted)))
    return all(verdict.what == wanted for verdict in verdicts)


def main(arguments, root=pathlib.Path(__file__).resolve().parent.parent, tools=tree_copy.Cmake):
    parser = argparse.ArgumentParser(prog="./dev mutants")
    parser.add_argument("names", nargs="*", metavar="name")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", default="")
    parser.add_argument("--compile", action="store_true")
    try:
        return 0 if work(root, parser.parse_args(arguments), tools) else 1
    except (ValueError, RuntimeError) as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
