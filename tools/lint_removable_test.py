"""A feature that comes apart is removed from a toy tree by lines that are found; what holds it fast is named."""

import unittest

import lint_removable
from toy_tree import Tree

FEATURES_CPP = """#include "note/note.hpp"
#include "people/people.hpp"

std::vector<Feature> features(const Parts& parts) {
  std::vector<Feature> all{
      page::feature(parts),
      note::feature({.database = parts.database}),
      people::feature(parts),
  };
  return all;
}
"""


class StandIn:
    """Says what a build would be asked to do, and fails at the step it is told to."""

    def __init__(self, tree):
        self.tree, self.steps, self.failing = tree, [], None

    def _step(self, name, *details):
        self.steps.append((name, *details))
        return name != self.failing, f"{name} says no"

    def configure(self):
        return self._step("configure")

    def tests(self, *_options):
        return ["base_test"]

    def build(self, *targets):
        here = [name for name in ("note", "people") if (self.tree / "src" / name).exists()]
        return self._step("build", targets, here)

    def ctest(self, *options):
        return self._step("ctest", *options)


class Removable(Tree):
    def setUp(self):
        super().setUp()
        self.write("src/modules.txt", "base :\npage : base\nnote : base\npeople : base\napp : base page note people\n")
        self.write("src/base/a.hpp", "// A note is a feature, and so are people.\nint noted();\n")
        self.write("src/page/page.cpp", 'auto text = "note that people change";\n')
        self.write("src/app/features.cpp", FEATURES_CPP)
        for feature in ("note", "people"):
            self.write(f"src/{feature}/{feature}.hpp", f"namespace {feature} {{}}\n")
            self.write(f"tests/contract/{feature}_contract_test.cpp", f'#include "{feature}/{feature}.hpp"\n')
            self.write(f"tests/api/{feature}_page_test.cpp", f"{feature}::x();\n")
        self.write("web/note/note.ts", "export const note = 1;\n")
        self.write("web/notebook/a.ts", "export const a = 1;\n")
        self.write("tests/e2e/note.spec.mjs", "\n")
        self.write("tests/e2e/support/people.mjs", "\n")
        self.said = []

    def check(self, *features, **options):
        return lint_removable.check(self.root, features or ("note", "people"), say=self.said.append, **options)

    def assert_red(self, name, text, expected):  # pylint: disable=arguments-differ
        """The text is the one thing that holds note fast."""
        before = (self.root / name).read_text() if (self.root / name).exists() else None
        self.assertEqual(self.check("note"), [])
        self.write(name, (before or "") + text)
        self.assertTrue(any(expected in complaint for complaint in self.check("note")), self.check("note"))
        (self.root / name).unlink()
        if before is not None:
            self.write(name, before)

    def test_what_comes_apart_is_green_and_its_lines_are_shown(self):
        self.assertEqual(self.check(), [])
        self.assertEqual(
            self.said[:5],
            [
                "note: gone with 4 lines elsewhere",
                "    src/modules.txt:3: note : base",
                "    src/modules.txt:5: app : base page note people",
                '    src/app/features.cpp:1: #include "note/note.hpp"',
                "    src/app/features.cpp:7: note::feature({.database = parts.database}),",
            ],
        )

    def test_the_tree_itself_is_not_touched(self):
        self.check()
        self.assertEqual((self.root / "src/app/features.cpp").read_text(), FEATURES_CPP)
        self.assertTrue((self.root / "src/note/note.hpp").exists())

    def test_whatever_else_names_it_is_red(self):
        for name, text, expected in [
            ("src/page/a.cpp", '#include "note/note.hpp"\n', 'src/page/a.cpp:1: still names note: "note/note.hpp"'),
            ("src/page/a.cpp", "int x;\nnote::Note n;\n", "src/page/a.cpp:2: still names note: note::Note"),
            ("src/base/b.hpp", "using NoteId = int;\n", "src/base/b.hpp:1: still names note: note"),
            ("src/page/a.cpp", "int count_notes();\n", "src/page/a.cpp:1: still names note: notes"),
            ("src/page/a.cpp", 'auto path = "/v1/notes";\n', "src/page/a.cpp:1: still names note: /notes"),
            ("src/page/a.cpp", 'auto key = "note.title";\n', "src/page/a.cpp:1: still names note: note.title"),
            ("src/app/a.cpp", "f(x, note::settings());\ng(settings.note);\n", "src/app/a.cpp:2: still names note"),
            ("tests/support/a.hpp", '#include "note/note.hpp"\n', 'tests/support/a.hpp:1: still names note: "note/'),
            ("tests/api/b_test.cpp", "note::x();\n", "tests/api/b_test.cpp:1: still names note: note::x"),
            ("cmake/a.cmake", "\nlink(x cardea_note)\n", "cmake/a.cmake:2: still names note: cardea_note"),
            ("CMakeLists.txt", "add_dependencies(x note_test)\n", "CMakeLists.txt:1: still names note: note_test"),
            ("web/shared/a.html", '<a href="/account/notes">\n', "web/shared/a.html:1: still names note: /notes"),
            ("web/shared/strings.json", '{\n "note": {}}\n', 'web/shared/strings.json:2: still names note: "note"'),
            ("web/shared/note_edit.html", "\n", "web/shared/note_edit.html: is named after note"),
            ("src/page/own_notes.cpp", "\n", "src/page/own_notes.cpp: is named after note"),
            ("web/shared/a.ts", 'load("../note/note.js");\n', "web/shared/a.ts:1: still names note: /note/note.js"),
        ]:
            with self.subTest(name=name, text=text):
                self.assert_red(name, text, expected)

    def test_a_line_about_another_module_is_not_taken_out(self):
        """It would remove the other feature too."""
        self.assert_red("src/app/a.cpp", "people::feature(note::settings());\n", "src/app/a.cpp:1: still names note")

    def test_a_fifth_line_is_red(self):
        self.assert_red("src/app/a.cpp", "note::describe(section);\n", "note: 5 lines elsewhere, more than 4")

    def test_each_line_of_a_long_statement_counts(self):
        self.assert_red("src/app/a.cpp", "note::describe(\n    section,\n    settings);\n", "note: 7 lines elsewhere")

    def test_libraries_and_imports_are_found_too(self):
        self.write("src/app/features.cpp", '#include "note/note.hpp"\n')
        self.write("cmake/Libraries.cmake", "set(libraries_base x)\nset(libraries_note PkgConfig::png)\n")
        self.assertEqual(self.check("note"), [])
        self.assertIn("    cmake/Libraries.cmake:2: set(libraries_note PkgConfig::png)", self.said)
        (self.root / "cmake/Libraries.cmake").unlink()
        self.write("web/shared/main.ts", 'import "./busy";\nimport { show } from "../note/note";\n')
        self.assertEqual(self.check("note"), [])
        self.assertIn('    web/shared/main.ts:2: import { show } from "../note/note";', self.said)

    def test_a_feature_that_is_not_there_is_red(self):
        self.assertIn("has no folder", self.check("gone")[0])

    def test_after_each_removal_the_rest_is_built_and_tested(self):
        made = []
        self.assertEqual(self.check(fast=False, tools=lambda tree: made.append(StandIn(tree)) or made[0]), [])
        tests = ("ctest", "-R", "_test$", "-E", "_contract_test$")
        targets = ("cardea", "base_test")
        each = [[("configure",), ("build", targets, here), tests] for here in (["people"], [])]
        self.assertEqual(made[0].steps, sum(each, []))

    def test_a_step_that_fails_is_red(self):
        for failing, words in (("configure", "configuring"), ("build", "compiling"), ("ctest", "testing")):

            def tools(tree, step=failing):
                stand_in = StandIn(tree)
                stand_in.failing = step
                return stand_in

            with self.subTest(step=failing):
                found = self.check(fast=False, tools=tools)
                self.assertEqual(found, [f"without note, {words} failed:\n{failing} says no"])

    def test_tests_can_be_chosen(self):
        made = []
        self.check("note", fast=False, tests="^base_test$", tools=lambda tree: made.append(StandIn(tree)) or made[0])
        self.assertEqual(made[0].steps[-1], ("ctest", "-R", "^base_test$"))

    def test_names_with_two_words_are_found(self):
        self.write("src/modules.txt", "base :\nlegacy_api : base\napp : base legacy_api\n")
        self.write("src/app/features.cpp", "legacy_api::feature(x),\n")
        self.write("src/legacy_api/a.cpp", "int x;\n")
        self.assertEqual(self.check("legacy_api"), [])
        self.write("src/base/b.hpp", "struct LegacyApi {};\n")
        self.assertEqual(self.check("legacy_api"), ["src/base/b.hpp:1: still names legacy_api: legacy api"])


if __name__ == "__main__":
    unittest.main()
