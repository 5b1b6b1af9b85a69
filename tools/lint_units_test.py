"""The lint of the units turns red for what it is for."""

import pathlib
import shutil
import tempfile
import unittest

import lint_units

UNITS = pathlib.Path(__file__).resolve().parent.parent / "packaging/systemd"


class Units(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        for unit in UNITS.iterdir():
            shutil.copy(unit, self.folder)

    def change(self, name, old, new):
        file = self.folder / name
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new))

    def test_our_own_are_clean(self):
        self.assertEqual(lint_units.check(self.folder), [])

    def test_a_unit_that_is_less_locked_down_is_red(self):
        for line in ("PrivateUsers=yes\n", "CapabilityBoundingSet=\n", "RestrictNamespaces=yes\n"):
            self.change("cardea.service", line, "")
        self.change("cardea.service", "SystemCallFilter=~@privileged @resources\n", "")
        self.change("cardea.service", "SystemCallFilter=@system-service\n", "")
        self.assertRegex("\n".join(lint_units.check(self.folder)), r"its exposure is [2-9]\.\d, more than 2\.0")

    def test_a_restart_that_gives_up_is_red(self):
        self.change("cardea.service", "StartLimitIntervalSec=0\n", "")
        self.assertRegex("\n".join(lint_units.check(self.folder)), "StartLimitIntervalSec=0 is missing")

    def test_a_misspelt_key_is_red(self):
        self.change("cardea.service", "ProtectHome=", "ProtectHomes=")
        self.assertRegex("\n".join(lint_units.check(self.folder)), "ProtectHomes")

    def test_a_missing_unit_is_red(self):
        (self.folder / "cardea.socket").unlink()
        self.assertRegex("\n".join(lint_units.check(self.folder)), "cardea.socket: is missing")


if __name__ == "__main__":
    unittest.main()
