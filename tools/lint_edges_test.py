"""The lint of unused edges reports each edge that the product does not use, and says when tests do."""

import unittest

import lint_edges
import lint_layers
from toy_tree import Tree


class Edges(Tree):
    def setUp(self):
        super().setUp()
        self.write("src/modules.txt", "# who may include whom\nbase :\n\ndb : base\nlogin : db\napp : login\n")
        self.write("src/db/tx.hpp", '#include "base/text.hpp"\n')
        self.write("src/login/login.cpp", '#include "login/login.hpp"\n#include "db/tx.hpp"\n')
        self.write("src/main.cpp", '#include "login/login.hpp"\n')

    def test_used_edges_are_green(self):
        self.assertEqual(lint_edges.check(self.root), [])

    def test_an_unused_edge_is_red_and_its_line_is_named(self):
        self.write("src/modules.txt", "# who\nbase :\n\ndb : base\nlogin : base db\napp : login\n")
        why = "src/modules.txt:5: login names base, which none of its files includes"
        self.assertEqual(lint_edges.check(self.root), [why])

    def test_a_comment_or_an_angled_include_is_no_use(self):
        self.write("src/login/login.cpp", '// #include "db/tx.hpp"\n#include <db/tx.hpp>\n')
        self.assertIn("login names db", lint_edges.check(self.root)[0])

    def test_an_edge_that_only_tests_use_is_red(self):
        self.write("src/login/login.cpp", "int x;\n")
        for name in ("src/login/login_test.cpp", "src/login/login_fixture.hpp"):
            self.write(name, '#include "db/tx.hpp"\n')
            self.assertIn("login names db, which only its tests include", lint_edges.check(self.root)[0])
            (self.root / name).unlink()

    def test_the_members_of_a_set_are_looked_at_one_by_one(self):
        self.write("src/modules.txt", "base :\ndb : base\n@tools = base db\nlogin : @tools\napp : login\n")
        self.assertIn(":4: login names base, which none", lint_edges.check(self.root)[0])

    def test_tests_include_what_their_module_reaches_without_an_edge(self):
        self.write("src/login/login_test.cpp", '#include "base/text.hpp"\n')
        self.assertEqual(lint_edges.check(self.root), [])
        self.assertEqual(lint_layers.check(self.root), [])
        self.assert_red(lint_layers, "src/db/tx_test.cpp", '#include "login/login.hpp"\n', "db may not include login")
        self.assert_red(lint_layers, "src/login/a.cpp", '#include "base/text.hpp"\n', "login may not include base")


if __name__ == "__main__":
    unittest.main()
