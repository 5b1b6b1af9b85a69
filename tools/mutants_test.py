"""Each verdict on a mutant is reached, on a tree whose programs are shell scripts."""

import contextlib
import io
import pathlib
import subprocess
import tempfile
import unittest

import mutants

SOURCE = "int least = 1;\nint most = 10;\nint step = 2;\n"
# "Compiles" when no line says error; "links" by copying, so that a run sees what was built last.
BUILD = 'grep -n "error:" src/a.cpp && exit 1; echo "$1" >>../builds; cp src/a.cpp "built_$1"\n'
NOTICES = 'echo "Running 1 test"; grep -q "most = 10" built_a_test || { echo "[  FAILED  ] A.most_is_10"; exit 1; }\n'
BLIND = 'echo "Running 1 test"; exit 0\n'
EMPTY = 'echo "Running 0 tests"; exit 0\n'
BROKEN = 'echo "Running 1 test"; exit 1\n'


class Scripts:
    """Builds and starts shell scripts, in place of CMake."""

    def __init__(self, tree):
        self.tree = tree

    def build(self, program):
        done = subprocess.run(["sh", "build.sh", program], cwd=self.tree, capture_output=True, text=True, check=False)
        return done.returncode == 0, done.stdout

    def refusal(self, source):
        return next((line for line in (self.tree / source).read_text().splitlines() if "error:" in line), "")

    def program(self, name):
        return ["sh", f"{name}.sh"]


def patch(before, after, test="a_test", kind="comparison", file="src/a.cpp"):
    diff = f"--- a/{file}\n+++ b/{file}\n@@ -2 +2 @@\n-{before}\n+{after}\n"
    return f"Kind: {kind}\nTest: {test}\n\n{diff}"


class Mutants(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.write("src/a.cpp", SOURCE)
        self.write("build.sh", BUILD)
        for name, text in (("a_test", NOTICES), ("blind_test", BLIND), ("empty_test", EMPTY), ("broken_test", BROKEN)):
            self.write(f"{name}.sh", text)
        self.write("tests/mutants/good.patch", patch("int most = 10;", "int most = 11;"))

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_mutants(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = mutants.main(list(arguments), self.root, Scripts)
        return status, out.getvalue() + err.getvalue()

    def assert_verdict(self, text, expected):
        """The patch alone has this verdict; beside a good one it is the odd one out, and the run fails."""
        self.write("tests/mutants/odd.patch", text)
        status, printed = self.run_mutants()
        self.assertEqual(status, 1, printed)
        self.assertRegex(printed, rf"(?m)^{expected} .* odd\b")
        self.assertRegex(printed, r"(?m)^noticed .* good  by A.most_is_10$")
        self.assertRegex(printed, r"(?m)^all +1 of 2 noticed \(50 %\)$")

    def test_a_noticed_mutant_is_a_success(self):
        status, printed = self.run_mutants()
        self.assertEqual(status, 0, printed)
        self.assertRegex(printed, r"(?m)^comparison +1 of 1 noticed \(100 %\)$")

    def test_the_checkout_is_not_touched_and_the_copy_is_clean_again(self):
        self.run_mutants()
        self.assertEqual((self.root / "src/a.cpp").read_text(), SOURCE)
        self.assertEqual((self.root / "build/mutants/tree/src/a.cpp").read_text(), SOURCE)

    def test_what_no_test_sees_is_not_noticed(self):
        self.assert_verdict(patch("int most = 10;", "int most = 9;", "blind_test", "budget"), "not noticed")

    def test_a_patch_for_other_code_does_not_apply(self):
        self.assert_verdict(patch("int most = 12;", "int most = 13;"), "does not apply")

    def test_a_mutant_the_compiler_refuses_is_no_mutant(self):
        self.assert_verdict(patch("int most = 10;", "error: most"), "does not compile")

    def test_a_mutant_that_leaves_something_unused_compiles(self):
        excused = "head -1 src/a.cpp | grep -q Wunused"
        refuses = f'grep -q unused src/a.cpp && ! {{ {excused}; }} && echo "error: it" && exit 1\n'
        self.write("build.sh", refuses + BUILD)
        self.write("tests/mutants/good.patch", patch("int most = 10;", "int unused = 10;"))
        status, printed = self.run_mutants()
        self.assertEqual(status, 0, printed)

    def test_compiling_alone_asks_no_test(self):
        self.write("tests/mutants/odd.patch", patch("int most = 10;", "int most = 9;", "blind_test"))
        status, printed = self.run_mutants("--compile")
        self.assertEqual(status, 0, printed)
        self.assertRegex(printed, r"(?m)^all +2 of 2 compiles \(100 %\)$")
        self.write("tests/mutants/odd.patch", patch("int most = 10;", "error: most"))
        status, printed = self.run_mutants("--compile")
        self.assertEqual(status, 1, printed)
        self.assertRegex(printed, r"(?m)^does not compile .* odd  error: most$")
        self.assertEqual((self.root / "build/mutants/tree/src/a.cpp").read_text(), SOURCE)

    def test_a_test_that_fails_anyway_notices_nothing(self):
        self.assert_verdict(patch("int most = 10;", "int most = 11;", "broken_test"), "fails without it")

    def test_a_filter_that_selects_no_test_notices_nothing(self):
        nothing = "empty_test --gtest_filter=No.such"
        self.assert_verdict(patch("int most = 10;", "int most = 11;", nothing), "fails without it")

    def test_a_patch_still_applies_when_lines_moved(self):
        self.write("src/a.cpp", "// one more line\n" + SOURCE)
        self.assertEqual(self.run_mutants()[0], 0)

    def test_what_an_earlier_run_left_is_mended(self):
        self.run_mutants()
        self.write("build/mutants/tree/src/a.cpp", "int most = 5;\n")
        self.write("build/mutants/tree/src/stray.cpp", "int x;\n")
        self.assertEqual(self.run_mutants()[0], 0)
        self.assertFalse((self.root / "build/mutants/tree/src/stray.cpp").exists())

    def test_one_clean_build_serves_every_mutant_of_a_program(self):
        self.write("tests/mutants/other.patch", patch("int most = 10;", "int most = 12;"))
        self.assertEqual(self.run_mutants()[0], 0)
        self.assertEqual((self.root / "build/mutants/builds").read_text().split(), ["a_test"] * 3)

    def test_a_malformed_patch_ends_the_run(self):
        for text in ("--- a/src/a.cpp\n+++ b/src/a.cpp\n", patch("x", "y", file="tests/a.cpp"), "Kind: a\nTest: b\n"):
            with self.subTest(text=text):
                self.write("tests/mutants/odd.patch", text)
                self.assertEqual(self.run_mutants()[0], 2)

    def test_a_tree_that_does_not_compile_ends_the_run(self):
        self.write("src/a.cpp", "error: a\n" + SOURCE)
        status, printed = self.run_mutants()
        self.assertEqual(status, 2)
        self.assertIn("a_test does not compile without a mutant", printed)

    def test_names_choose_and_unknown_names_are_refused(self):
        self.write("tests/mutants/odd.patch", patch("int most = 10;", "int most = 9;", "blind_test"))
        self.assertEqual(self.run_mutants("good")[0], 0)
        self.assertEqual(self.run_mutants("good", "gone")[0], 2)

    def test_a_seed_chooses_the_same_sample_again(self):
        all_of_them = [
            mutants.Mutant(f"m{n:02}", pathlib.Path("p"), "kind", "program", [], []) for n in range(20)
        ]
        samples = [[m.name for m in mutants.choose(all_of_them, [], 6, seed)] for seed in ("a", "a", "b")]
        self.assertEqual(samples[0], samples[1])
        self.assertNotEqual(samples[0], samples[2])
        self.assertEqual(len(set(samples[0])), 6)


if __name__ == "__main__":
    unittest.main()
