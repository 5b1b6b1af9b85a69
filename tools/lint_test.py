"""Each lint is green on a clean tree and red on each planted violation."""

import json
import unittest

import cpp_functions
import cpp_text
import lint_docs
import lint_layers
import lint_shape
from toy_tree import Tree

class Layers(Tree):
    def test_allowed_includes_are_green(self):
        self.write("src/base/text.hpp", "#include <string>\n#include <fmt/format.h>\n")
        self.write("src/db/tx.cpp", '#include "db/tx.hpp"\n#include <libpq-fe.h>\n#include "base/text.hpp"\n')
        self.write("src/db/tx_test.cpp", '#include "tests/support/world.hpp"\n#include <gtest/gtest.h>\n')
        self.write("src/db/tx_fixture.hpp", "#include <gtest/gtest.h>\n")
        self.write("src/db/pool_test.cpp", '#include "db/tx_fixture.hpp"\n')
        self.write("src/edge/listen.cpp", "#include <boost/asio.hpp>\nvoid f() { co_await g(); }\n")
        self.write("src/login/a.cpp", '// #include "signup/b.hpp"\nconst char* s = "co_await std::format(";\n')
        self.write("src/login/login_routes.cpp", "void f(const http::Call& call);\n")
        self.write("src/main.cpp", '#include "app/run.hpp"\n#include <CLI/CLI.hpp>\n')
        self.assertEqual(lint_layers.check(self.root), [])

    def test_violations_are_red(self):
        planted = [
            ("src/base/a.hpp", '#include "db/tx.hpp"\n', "base may not include db"),
            ("src/login/a.cpp", '#include "signup/b.hpp"\n', "login may not include signup"),
            ("src/login/a.cpp", '#include "nowhere/b.hpp"\n', "not in a module"),
            ("src/login/a.cpp", '#include "tests/support/world.hpp"\n', "not in a module"),
            ("src/login/a.cpp", "#include <boost/asio/io_context.hpp>\n", "may only be included in edge"),
            ("src/edge/a.cpp", "#include <boost/json.hpp>\n", "may only be included in encoding"),
            ("src/login/a.cpp", "#include <libpq-fe.h>\n", "may only be included in db"),
            ("src/login/a.cpp", "#include <sqlite3.h>\n", "may only be included in db"),
            ("src/login/a.cpp", "#include <openssl/evp.h>\n", "may only be included in crypto and edge"),
            ("src/db/a.cpp", "#include <sodium.h>\n", "may only be included in crypto"),
            ("src/db/a.cpp", "#include <unicode/unistr.h>\n", "may only be included in encoding"),
            ("src/db/a.cpp", "#include <curl/curl.h>\n", "may only be included in outbound"),
            ("src/db/a.cpp", "#include <someone/new.hpp>\n", "has no home"),
            ("src/db/a.cpp", "#include <gtest/gtest.h>\n", "belongs in a *_test.cpp"),
            ("src/db/a.cpp", '#include "db/tx_fixture.hpp"\n', "is for tests"),
            ("src/db/a.cpp", "#include <expected>\n", "banned"),
            ("src/db/a.cpp", 'auto s = std::format("{}", 1);\n', "use fmt::format"),
            ("src/db/a.cpp", "std::expected<int, int> f();\n", "use Result"),
            ("src/login/a.cpp", "void f() { co_await g(); }\n", "co_await outside src/edge"),
            ("src/login/a.cpp", "void f(const http::Call& call);\n", "http::Call belongs in *_routes"),
            ("src/login/routes_of.cpp", "void f(const http::Request& head);\n", "http::Request belongs in"),
            ("src/stray/a.cpp", "int x;\n", "no line in src/modules.txt"),
        ]
        for name, text, expected in planted:
            with self.subTest(expected=expected, text=text):
                self.assert_red(lint_layers, name, text, expected)

    def test_a_header_with_foreign_types_is_private_to_its_module(self):
        self.write("src/db/raw.hpp", "#include <libpq-fe.h>\n")
        self.write("src/db/pool.hpp", '#include "db/raw.hpp"\n')
        self.write("src/db/pool.cpp", '#include "db/pool.hpp"\n')
        self.assert_red(lint_layers, "src/login/a.cpp", '#include "db/pool.hpp"\n', "reaches <libpq-fe.h>")

    def test_a_cycle_cannot_be_written_down(self):
        self.write("src/modules.txt", "base : db\ndb : base\n")
        self.assertIn("base uses db, which is not defined above it", lint_layers.check(self.root)[0])


def body(lines):
    return "int f() {\n" + "  g();\n" * (lines - 2) + "}\n"


class Shape(Tree):
    def test_plain_sources_are_green(self):
        self.write("src/base/result.hpp", "#define TRY(x) (x)\n")
        self.write("src/base/a.cpp", body(60) + "// NOLINT is not needed, the café is open\n")
        self.write("src/base/b.cpp", "int f() {  // NOLINT(shape): a table\n" + "  g();\n" * 70 + "}\n")
        self.write("web/package-lock.json", json.dumps({"packages": {"": {}, "node_modules/a": {"version": "1"}}}))
        self.write("web/pages/a.html", "<p>{{name}}</p>\n")
        self.assertEqual(lint_shape.check(self.root), [])

    def test_violations_are_red(self):
        planted = [
            ("src/base/a.cpp", "int x;\n" * 401, "401 lines"),
            ("web/auth/a.ts", "let x;\n" * 401, "401 lines"),
            ("src/base/a.cpp", body(61), "61 lines"),
            ("tools/a.py", "def f():\n" + "    g()\n" * 60, "61 lines"),
            ("docs/a.md", "TO" + "DO later\n", "finish it"),
            ("src/base/a.cpp", "// FIX" + "ME\n", "finish it"),
            ("src/base/a.cpp", "#define LIMIT 3\n", "TRY is the only macro"),
            ("src/base/a.hpp", "class Session" + "Manager {};\n", "name the thing"),
            ("src/base/a.hpp", "enum class Mail" + "Service { a };\n", "name the thing"),
            ("web/auth/a.ts", "interface Form" + "Helper {}\n", "name the thing"),
            ("docs/a.md", "see /wor" + "k/notes.md\n", "path of one machine"),
            ("docs/a.md", "see `/roo" + "t/notes.md`\n", "path of one machine"),
            ("web/.npmrc", "registry.npm" + "js.org\n", "package registry"),
            ("src/base/a.cpp", "int caf\u00e9 = 1;\n", "names are ASCII"),
            ("web/pages/a.html", "<p>{{{name}}}</p>\n", "unescaped"),
            ("web/pages/a.html", "<p>{{& name}}</p>\n", "unescaped"),
            (
                "web/package-lock.json",
                json.dumps({"packages": {"node_modules/a": {"resolved": "https://example.org/a.tgz"}}}),
                "omit-lockfile-registry-resolved",
            ),
        ]
        for name, text, expected in planted:
            with self.subTest(name=name, text=text[:40]):
                self.assert_red(lint_shape, name, text, expected)


class Functions(unittest.TestCase):
    def assert_lengths(self, source, expected):
        self.assertEqual([f.lines for f in cpp_functions.functions(source)], expected)

    def test_bodies_are_found_wherever_they_stand(self):
        self.assert_lengths("namespace a {\nclass B {\n public:\n  int f() const {\n    return 1;\n  }\n};\n}\n", [3])
        self.assert_lengths("TEST(Suite, name) {\n  EXPECT_TRUE(x);\n}\n", [3])
        self.assert_lengths("A::A(int b)\n    : b_{b}, c_{1} {\n  g();\n}\nint h() {\n}\n", [4, 2])
        self.assert_lengths("template <class T>\nT f(int a = g(1), int b = 2) {\n  return {};\n}\n", [4])
        self.assert_lengths("bool operator==(A a, B b) {\n  return x;\n}\n", [3])

    def test_tables_and_types_are_not_functions(self):
        table = "constexpr int a[] = {\n1,\n2,\n};\n"
        self.assert_lengths(table + 'const auto sql = R"(x {\n\n)";\nstruct C {\n  int d{1};\n};\n', [])

    def test_braces_in_literals_and_comments_do_not_count(self):
        numbers = "  // }\n  char c = '}';\n  int n = 1'000;\n"
        self.assert_lengths("int f() {\n" + numbers + '  s = "}";\n  s = R"(})";\n}\n', [7])

    def test_blanking_keeps_every_line(self):
        source = 'a /* x\ny */ b // "z\n"s" R"q(1\n)" 2)q" c\n'
        self.assertEqual(cpp_text.code_only(source).count("\n"), source.count("\n"))
        self.assertNotIn("z", cpp_text.code_only(source))
        self.assertIn("c", cpp_text.code_only(source))


class Docs(Tree):
    def test_links_that_lead_somewhere_are_green(self):
        self.write("docs/a.md", "# One thing\n## It's `two`\n[b](b.md) [up](#one-thing) [w](https://example.org)\n")
        self.write("docs/b.md", "[a](a.md#its-two)\n```\n[not a link](nowhere.md)\n```\n")
        self.assertEqual(lint_docs.check(self.root), [])

    def test_violations_are_red(self):
        self.write("docs/b.md", "# Here\n")
        for link, expected in [
            ("gone.md", "leads nowhere"),
            ("b.md#there", "not there"),
            ("../../etc/passwd", "out of the repository"),
        ]:
            with self.subTest(link=link):
                self.assert_red(lint_docs, "docs/a.md", f"[x]({link})\n", expected)

    def test_a_claimed_test_must_be_there(self):
        self.write("src/a_test.cpp", "TEST(A, holds) {}\n")
        self.write("docs/a.md", "[a](../src/a_test.cpp) `holds`\n")
        self.assertEqual(lint_docs.check(self.root), [])
        self.assert_red(lint_docs, "docs/a.md", "[a](../src/a_test.cpp) `holds` `no_more`\n", "has no test no_more")


if __name__ == "__main__":
    unittest.main()
