"""The summary counts what the reports say, and counts what left no report as failed."""

import contextlib
import io
import json
import pathlib
import subprocess
import tempfile
import unittest

import test_summary
import unit_tests

TOOLS = pathlib.Path(__file__).resolve().parent
BROWSER_SPEC = """
import { describe, test } from "node:test";
test("passes", () => {});
test("fails", () => { throw new Error("no"); });
test("is skipped", { skip: true }, () => {});
test("a group", async (t) => { await t.test("first step", () => {}); await t.test("second step", () => {}); });
test("a failing group", async (t) => { await t.test("bad step", () => { throw new Error("no"); }); });
describe("a suite", () => { test("inside", () => {}); });
"""


def gtest(*cases):
    """A report of googletest; a case is (name, outcome, seconds)."""
    tests = []
    for name, outcome, seconds in cases:
        test = {"name": name, "status": "RUN", "result": "COMPLETED", "time": f"{seconds}s"}
        if outcome == "failed":
            test["failures"] = [{"failure": "no"}]
        if outcome == "skipped":
            test["result"] = "SKIPPED"
        if outcome == "not run":
            test["status"] = "NOTRUN"
        tests.append(test)
    return json.dumps({"testsuites": [{"name": "Suite", "testsuite": tests}]})


class Summary(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def ctest(self, part, **programs):
        """A report of ctest, and of googletest for programs that came so far; a program is (status, its report)."""
        rows = "".join(f'<testcase name="{n}" time="9" status="{status}"/>' for n, (status, _) in programs.items())
        self.write(f"{part}/ctest.xml", f"<testsuite>{rows}</testsuite>")
        for name, (_, report) in programs.items():
            if report:
                self.write(f"{part}/{name}.json", report)

    def run_main(self, *arguments):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = test_summary.main([str(self.root), *arguments])
        return status, out.getvalue()

    def run_browser_spec(self):
        (self.root / "e2e").mkdir()
        reporter, lines = TOOLS / "node_report.mjs", self.root / "e2e" / "cases.jsonl"
        command = ["node", "--test", f"--test-reporter={reporter}", f"--test-reporter-destination={lines}"]
        subprocess.run([*command, self.root / "spec.mjs"], capture_output=True, check=False)

    def cases(self):
        return [(case.level, case.name, case.outcome) for case in test_summary.collect(self.root)]

    def test_each_program_has_its_level(self):
        passing = ("run", gtest(("a", "passed", 1)))
        self.ctest("dev", note_test=passing, note_contract_test=passing, api_tests=passing, crash_tests=passing)
        self.ctest("tsan", note_test=passing)
        levels = {level for level, _, _ in self.cases()}
        self.assertEqual(levels, {"unit", "contract", "api", "crash", "tsan"})

    def test_the_last_line_is_the_sum(self):
        report = gtest(("a", "passed", 1), ("b", "failed", 2), ("c", "skipped", 0), ("d", "not run", 0))
        self.ctest("dev", note_test=("fail", report), sql_is_checked=("run", None))
        self.write("e2e/cases.jsonl", '{"name": "signs in", "outcome": "passed", "seconds": 3.5}\n')
        status, text = self.run_main("--seconds", "61")
        self.assertEqual(status, 1)
        self.assertEqual(text.splitlines()[-1], "3 passed, 1 failed")
        self.assertIn("took 1 min 1 s", text)
        self.assertRegex(text, r"unit +2 +1 +1 +12\.0\n")
        self.assertRegex(text, r"slowest 5\n +9\.00 s  unit +sql_is_checked\n +3\.50 s  e2e +signs in\n")
        self.assertRegex(text, r"failed\n  unit +Suite\.b\n")

    def test_only_the_slowest_ten_are_listed(self):
        self.ctest("dev", note_test=("run", gtest(*((f"case{n}", "passed", n) for n in range(12)))))
        text = self.run_main()[1]
        self.assertIn("slowest 10", text)
        self.assertIn("Suite.case11", text)
        self.assertNotIn("Suite.case1\n", text)

    def test_a_program_that_died_has_failed(self):
        self.ctest("dev", note_test=("fail", None))
        self.assertEqual(self.cases(), [("unit", "note_test", "failed")])

    def test_a_program_that_failed_after_good_cases_has_failed(self):
        self.ctest("dev", note_test=("fail", gtest(("a", "passed", 1))))
        self.assertEqual(self.cases()[-1], ("unit", "note_test, after its cases", "failed"))

    def test_a_part_without_a_report_has_failed(self):
        for part in ("e2e", "dev", "web"):
            (self.root / part).mkdir()
        self.write("web/cases.jsonl", "")
        self.assertEqual({outcome for _, _, outcome in self.cases()}, {"failed"})
        self.assertEqual(len(self.cases()), 3)

    def test_a_run_of_nothing_is_no_success(self):
        self.assertEqual(self.run_main()[0], 1)

    def test_a_run_without_failures_succeeds(self):
        self.ctest("dev", note_test=("run", gtest(("a", "passed", 1), ("b", "skipped", 1))))
        self.assertEqual(self.run_main()[0], 0)

    def test_browser_tests_report_each_case_once(self):
        self.write("spec.mjs", BROWSER_SPEC)
        self.run_browser_spec()
        outcomes = {name: outcome for _, name, outcome in self.cases()}
        expected = dict.fromkeys(["passes", "first step", "second step", "inside"], "passed")
        expected |= {"fails": "failed", "bad step": "failed", "is skipped": "skipped"}
        self.assertEqual(outcomes, expected)

    def test_a_browser_test_that_dies_has_failed(self):
        self.write("spec.mjs", 'import { test } from "node:test";\ntest("a", () => {});\nprocess.exit(3);\n')
        self.run_browser_spec()
        self.assertIn("failed", {outcome for _, _, outcome in self.cases()})


class ToolTests(unittest.TestCase):
    def run_tests(self, text):
        with tempfile.TemporaryDirectory() as folder:
            name = f"sample{abs(hash(text))}_test.py"  # modules are imported once
            (pathlib.Path(folder) / name).write_text("import unittest\nclass T(unittest.TestCase):\n" + text)
            report = pathlib.Path(folder) / "cases.jsonl"
            good = unit_tests.run(folder, report, io.StringIO())
            return good, [json.loads(line)["outcome"] for line in report.read_text().splitlines()]

    def test_each_case_is_reported(self):
        text = " def test_a(self): pass\n def test_b(self): self.fail()\n def test_c(self): self.skipTest('')\n"
        self.assertEqual(self.run_tests(text), (False, ["passed", "failed", "skipped"]))

    def test_a_subtest_that_fails_is_its_case_failed(self):
        text = " def test_a(self):\n  with self.subTest(): self.fail()\n  with self.subTest(): pass\n"
        self.assertEqual(self.run_tests(text), (False, ["failed"]))

    def test_a_file_that_is_broken_is_a_failed_case(self):
        self.assertEqual(self.run_tests(" def test_a(\n"), (False, ["failed"]))

    def test_no_tests_are_no_success(self):
        self.assertEqual(self.run_tests(" pass\n"), (False, []))


if __name__ == "__main__":
    unittest.main()
