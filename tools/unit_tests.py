#!/usr/bin/env python3
"""Runs the tests of the tools, tools/*_test.py, or those of another folder.

tools/unit_tests.py [cases.jsonl [folder]]: where to report each case.
"""

import json
import pathlib
import sys
import time
import unittest


class Report(unittest.TextTestResult):
    """Remembers each case with its outcome and its time."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.cases = []

    def startTest(self, test):
        super().startTest(test)
        self.cases.append({"name": test.id(), "outcome": "passed", "seconds": time.monotonic()})

    def stopTest(self, test):
        super().stopTest(test)
        self.cases[-1]["seconds"] = round(time.monotonic() - self.cases[-1]["seconds"], 3)

    def _mark(self, test, outcome):
        # A failure outside a case is one of its own: a class's set-up, a file that cannot be imported.
        if not self.cases or self.cases[-1]["name"] != test.id():
            self.cases.append({"name": test.id(), "outcome": outcome, "seconds": 0})
        self.cases[-1]["outcome"] = outcome

    def addError(self, test, err):
        super().addError(test, err)
        self._mark(test, "failed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._mark(test, "failed")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._mark(test, "failed")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._mark(test, "failed")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._mark(test, "skipped")


def run(folder, report=None, stream=None):
    """True when every test passes and there is one."""
    suite = unittest.TestLoader().discover(str(folder), pattern="*_test.py", top_level_dir=str(folder))
    result = unittest.TextTestRunner(stream=stream, resultclass=Report, verbosity=0).run(suite)
    if report:
        pathlib.Path(report).write_text("".join(json.dumps(case) + "\n" for case in result.cases))
    return result.wasSuccessful() and result.testsRun > 0


if __name__ == "__main__":
    tools = pathlib.Path(__file__).resolve().parent
    sys.exit(0 if run(pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else tools, *sys.argv[1:2]) else 1)
