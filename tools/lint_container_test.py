"""The lint of the Containerfile turns red for what it is for."""

import pathlib
import tempfile
import unittest

import lint_container

OURS = pathlib.Path(__file__).resolve().parent.parent / "packaging/Containerfile"


class Container(unittest.TestCase):
    def complaints(self, text):
        file = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "Containerfile")
        file.write_text(text)
        return "\n".join(lint_container.check(file))

    def test_our_own_is_clean(self):
        self.assertEqual(lint_container.check(OURS), [])

    def test_each_fault_is_red(self):
        for old, new, complaint in (
            ("USER 825:825", "USER root", "USER is not a number"),
            ("USER 825:825", "USER 0", "USER is not a number"),
            ("USER 825:825\n", "", "has no USER"),
            ("VOLUME", "# VOLUME", "has no VOLUME"),
            ("FROM debian:12-slim\n", "FROM debian\n", "names no version"),
            ("FROM debian:12-slim\n", "FROM debian:latest\n", "names no version"),
            (" --no-install-recommends", "", "without --no-install-recommends"),
            ("/var/lib/apt/lists/*", "/tmp/none", "lists stay"),
            ('CMD ["serve"]', "CMD serve", "passes no SIGTERM on"),
            ("EXPOSE 8025", "EXPOSE 8025\nADD https://example.com/x /", "ADD fetches"),
            ("EXPOSE 8025", "EXPOSE 8025\nENV CARDEA_SECRET=x", "a secret in ENV"),
            ("EXPOSE 8025", "EXPOSE 8025\nCOPY x /", "copies files"),
        ):
            with self.subTest(new=new):
                text = OURS.read_text()
                self.assertIn(old, text)
                self.assertIn(complaint, self.complaints(text.replace(old, new)))


if __name__ == "__main__":
    unittest.main()
