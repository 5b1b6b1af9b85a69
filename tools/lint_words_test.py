"""The lint of feature words finds a feature's name in every spelling, and nothing that only looks like one."""

import unittest

import lint_words
from toy_tree import Tree

HOUSE = """
base       :
http       : base
feature    : base http
identity   : base feature
authn      : base feature identity
account    : base feature authn
note       : base feature
people     : base feature authn
legacy_api : base feature authn
app        : base feature authn account note people legacy_api
"""


class Words(Tree):
    def setUp(self):
        super().setUp()
        self.write("src/modules.txt", HOUSE)

    def test_features_are_what_sign_in_does_not_stand_on(self):
        self.write("src/legacy_api/a.cpp", "// the classic contract, its notes and its people\n")
        self.assertEqual(lint_words.check(self.root), [])
        allowed, _ = lint_words.lint_layers.read_modules(self.root / "src" / "modules.txt")
        self.assertEqual(lint_words.features_of(allowed), ["account", "note", "people", "legacy_api"])

    def test_other_words_are_green(self):
        self.write("src/http/a.cpp", "// noted: a notebook; denote. The account's identity. A legate classified it.\n")
        self.write("src/http/a_test.cpp", "// a note\n")
        self.write("src/identity/a.cpp", "// people\n")
        self.assertEqual(lint_words.check(self.root), [])

    def test_a_feature_is_found_in_every_spelling(self):
        for text, word in [
            ("// A note is a feature.\n", "note"),
            ("using NoteId = int;\n", "note"),
            ("int count_notes();\n", "notes"),
            ('auto path = "/v1/notes";\n', "notes"),
            ("enum class Style { v1, classic };\n", "classic"),
            ("bool is_legacy = false;\n", "legacy"),
            ("struct LegacyApi {};\n", "legacy api"),
            ("/* for\n   people */\n", "people"),
        ]:
            with self.subTest(text=text):
                self.assert_red(lint_words, "src/http/a.hpp", text, f"http names a feature: {word}")

    def test_a_term_is_green_as_a_whole_only(self):
        self.write("src/modules.txt", HOUSE.replace("note       :", "login      : base feature\nnote       :"))
        self.write("src/http/a.cpp", '// Stops login CSRF.\nauto doc = "A sentence for people.";\n'
                   'PostgresLogin login_at;\n')
        found = lint_words.check(self.root)
        self.assertEqual(found, ["src/http/a.cpp:3: http names a feature: login"])

    def test_the_line_is_named(self):
        self.assert_red(lint_words, "src/http/a.hpp", "int x;\n\n/* for\n   people */\n", "src/http/a.hpp:4: ")


if __name__ == "__main__":
    unittest.main()
