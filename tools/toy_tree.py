"""A throwaway repository for the tests of the lints."""

import pathlib
import tempfile
import unittest

MODULES = """
base     :
encoding : base
db       : base
edge     : base
@tools = base encoding db
login    : @tools
signup   : @tools
app      : @tools edge login signup
"""


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.write("src/modules.txt", MODULES)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def assert_red(self, lint, name, text, expected):
        """The violation turns the lint red, and nothing else in the tree does."""
        self.assertEqual(lint.check(self.root), [])
        self.write(name, text)
        found = lint.check(self.root)
        self.assertTrue(any(expected in complaint and name in complaint for complaint in found), found)
        (self.root / name).unlink()
