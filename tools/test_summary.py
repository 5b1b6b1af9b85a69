#!/usr/bin/env python3
"""Prints one summary of the tests that ran: cases by level, the slowest ten, the time, and the sum on the last line.

    tools/test_summary.py build/results [--seconds N]      N: what the whole run took, builds included

Each part of a run has a folder there, made before it starts: ctest.xml beside one <program>.json of googletest per test
program, or cases.jsonl. A part, or a program, that leaves no report has failed, however it ended. Exits with 1 when a
case failed or no case ran.
"""

import argparse
import dataclasses
import json
import pathlib
import re
import sys
import xml.etree.ElementTree

LEVELS = ["tools", "unit", "contract", "api", "wire", "crash", "web", "e2e", "tsan"]
SLOWEST = 10


@dataclasses.dataclass
class Case:
    level: str
    name: str
    outcome: str  # passed, failed, skipped
    seconds: float


def level_of(part, program):
    """The level of a test program of a CMake preset; a run under another sanitizer is a level of its own."""
    if part != "dev":
        return part
    whole = re.fullmatch(r"(api|wire|crash)_tests", program)
    if whole:
        return whole[1]
    return "contract" if program.endswith("_contract_test") else "unit"


def cases_of_program(level, report):
    """What one program of googletest reports of its cases."""
    for suite in json.loads(report.read_text())["testsuites"]:
        for test in suite["testsuite"]:
            if test["status"] == "NOTRUN":
                continue
            outcome = "failed" if test.get("failures") else "skipped" if test["result"] == "SKIPPED" else "passed"
            yield Case(level, f"{suite['name']}.{test['name']}", outcome, float(test["time"].rstrip("s")))


def cases_of_ctest(part):
    """Every program that ctest started, with its cases where it reports them."""
    for test in xml.etree.ElementTree.parse(part / "ctest.xml").getroot().iter("testcase"):
        program, good = test.get("name"), test.get("status") == "run"
        level, report = level_of(part.name, program), part / f"{program}.json"
        if not report.exists():  # it knows no cases, or died before it could tell of them
            yield Case(level, program, "passed" if good else "failed", float(test.get("time")))
            continue
        cases = list(cases_of_program(level, report))
        yield from cases
        if not good and all(case.outcome != "failed" for case in cases):
            yield Case(level, f"{program}, after its cases", "failed", 0)


def cases_of_lines(part):
    for line in (part / "cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        yield Case(part.name, case["name"], case["outcome"], case["seconds"])


def cases_of_part(part):
    cases = []
    if (part / "ctest.xml").exists():
        cases = list(cases_of_ctest(part))
    elif (part / "cases.jsonl").exists():
        cases = list(cases_of_lines(part))
    return cases or [Case(part.name, f"{part.name} left no report", "failed", 0)]


def count(cases, outcome):
    return sum(case.outcome == outcome for case in cases)


def duration(seconds):
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def table_of(cases):
    yield f"{'level':<10}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>10}"
    known = sorted({case.level for case in cases}, key=lambda level: (LEVELS + [level]).index(level))
    for level in known:
        own = [case for case in cases if case.level == level]
        seconds = sum(case.seconds for case in own)
        yield (
            f"{level:<10}{count(own, 'passed'):>8}{count(own, 'failed'):>8}{count(own, 'skipped'):>9}{seconds:>10.1f}"
        )


def summary(cases, seconds=None):
    lines = ["", *table_of(cases), "", f"slowest {min(SLOWEST, len(cases))}"]
    for case in sorted(cases, key=lambda case: -case.seconds)[:SLOWEST]:
        lines.append(f"{case.seconds:>8.2f} s  {case.level:<9} {case.name}")
    failed = [case for case in cases if case.outcome == "failed"]
    if failed:
        lines += ["", "failed", *(f"  {case.level:<9} {case.name}" for case in failed)]
    if seconds is not None:
        lines += ["", f"took {duration(seconds)}"]
    return lines + ["", f"{count(cases, 'passed')} passed, {len(failed)} failed"]


def collect(root):
    parts = sorted(path for path in pathlib.Path(root).glob("*") if path.is_dir())
    return [case for part in parts for case in cases_of_part(part)]


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("results")
    parser.add_argument("--seconds", type=float)
    options = parser.parse_args(arguments)
    cases = collect(options.results)
    print("\n".join(summary(cases, options.seconds)))
    return 1 if not cases or count(cases, "failed") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
