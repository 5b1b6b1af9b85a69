"""The lint of line lengths counts code points, in the files it is for and no others."""

import unittest

import lint_lines
from toy_tree import Tree


class Lines(Tree):
    def test_lines_of_120_columns_are_green(self):
        self.write("src/base/a.cpp", "// " + "é" * 117 + "\n" + "x" * 120 + "\n\n")
        self.write("tools/a.py", "# " + "…" * 118 + "\n")
        self.write("dev", "# " + "a" * 118)
        self.assertEqual(lint_lines.check(self.root), [])

    def test_other_files_are_not_measured(self):
        for name in ("docs/a.md", "migrations/0001_a.sql", "src/modules.txt", "web/auth/a.ts", "tests/vectors/a.json"):
            self.write(name, "x" * 200 + "\n")
        self.assertEqual(lint_lines.check(self.root), [])

    def test_longer_lines_are_red_and_located(self):
        for name in (
            "src/base/a.hpp",
            "src/base/a_test.cpp",
            "tests/api/a.cpp",
            "bench/micro/a.cpp",
            "tools/a.py",
            "tools/dev/a.sh",
            "dev",
        ):
            with self.subTest(name=name):
                self.assert_red(lint_lines, name, "short\n// " + "é" * 118 + "\n", ":2: 121 columns")


if __name__ == "__main__":
    unittest.main()
