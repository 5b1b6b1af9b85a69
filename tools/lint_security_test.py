"""The tables of docs/security are held to the tests and mutants that they name."""

import unittest

import lint_security
from toy_tree import Tree

FILLER = "There is nothing of this kind here."
MUTANT = "Kind: code\nTest: api_tests --gtest_filter=*Code.works_*\n"


def failures(**rows):
    """A table with every row that is asked for; those that are not given have a reason."""
    lines = []
    for group, count in lint_security.CLASSES.items():
        for i in range(1, count + 1):
            row = f"{group}{i}"
            lines.append(f"| {row} | a mistake | {rows.get(row, FILLER + ' | –')} |")
    return "\n".join(lines) + "\n"


class Tables(Tree):
    def setUp(self):
        super().setUp()
        self.write("tests/api/code_test.cpp", "TEST_P(Code, works_once) {}\nTEST(Code, ends) {}\n")
        self.write("tests/mutants/code_works_twice.patch", MUTANT)
        self.write(lint_security.FAILURES, failures())

    def found(self):
        return lint_security.check(self.root)


class Failures(Tables):
    def of_row(self, cells):
        self.write(lint_security.FAILURES, failures(B1=cells))
        return self.found()

    def test_rows_with_tests_or_reasons_are_green(self):
        self.assertEqual(self.found(), [])
        self.assertEqual(self.of_row("`Code.works_once` | `code_works_twice`"), [])
        self.assertEqual(self.of_row("`Code.ends` | None: time is asked for in the statement itself."), [])

    def test_a_row_that_is_missing_is_named(self):
        self.write(lint_security.FAILURES, failures().replace("| B1 | a mistake", "| a mistake"))
        self.assertEqual(self.found(), [f"{lint_security.FAILURES}: no row B1"])

    def test_what_is_not_there_is_named(self):
        for cells, expected in [
            ("`Code.works_twice` | `code_works_twice`", "there is no test Code.works_twice"),
            ("`Code.works_once` | `code_works_never`", "there is no mutant code_works_never"),
            ("`Code.ends` | `code_works_twice`", "runs none of the tests of its row"),
            ("`Code.works_once` | –", "has no build in which its test fails"),
            ("– | –", "has neither a test nor a reason"),
            ("`tests/e2e/code.spec.mjs` | `code_works_twice`", "there is no file tests/e2e/code.spec.mjs"),
        ]:
            with self.subTest(cells=cells):
                self.assertTrue(any(expected in line for line in self.of_row(cells)), self.found())

    def test_a_filter_selects_as_the_test_program_does(self):
        self.assertTrue(lint_security.selects("*Code.works_*", "Code.works_once"))
        self.assertTrue(lint_security.selects("Other.*:*Code.*", "Code.works_once"))
        self.assertFalse(lint_security.selects("*Code.*-*works*", "Code.works_once"))
        self.assertFalse(lint_security.selects("Other.*", "Code.works_once"))


class Requirements(Tables):
    def table(self, cell):
        self.write(lint_security.REQUIREMENTS, f"| 6.5.1 | 2 | Codes work once | {cell} |\n")

    def tag(self, text="// ASVS 6.5.1\n"):
        self.write("tests/api/code_test.cpp", text + "TEST_P(Code, works_once) {}\n")

    def test_a_tag_is_joined_with_its_row(self):
        self.tag()
        self.table("")
        self.assertIn("does not name its tests", self.found()[0])
        lint_security.write_requirements(self.root)
        self.assertEqual(self.found(), [])
        self.assertIn("`Code.works_once`", (self.root / lint_security.REQUIREMENTS).read_text())

    def test_a_browser_test_has_tags_too(self):
        self.write("tests/e2e/code.spec.mjs", '// ASVS 6.5.1\ntest("a code works once", () => {});\n')
        self.table("`a code works once`")
        self.assertEqual(self.found(), [])

    def test_a_row_without_a_test_needs_a_reason(self):
        for cell in ("", "later", "`Code.works_once`"):
            with self.subTest(cell=cell):
                self.table(cell)
                self.assertIn("has neither a test with its tag nor a reason", self.found()[0])
        self.table("There are no codes in this program.")
        self.assertEqual(self.found(), [])

    def test_a_tag_needs_a_row_and_a_test(self):
        self.tag()
        self.assertIn("no row 6.5.1", self.found()[0])
        self.tag("// ASVS 6.5.1\n\n")
        self.table("There are no codes in this program.")
        self.assertIn("a tag that is not above a test", self.found()[0])


if __name__ == "__main__":
    unittest.main()
