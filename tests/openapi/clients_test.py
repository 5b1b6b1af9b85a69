"""Clients that are generated from the OpenAPI document of a real server, in TypeScript and in Python: each signs up,
reads, changes what it has read and nothing else, keeps notes, and signs out."""

import os
import pathlib
import unittest

from support import BUILT, ServerCase, install_node, install_python, run

# As docs/api.md shows them.
TYPESCRIPT = "npx openapi-typescript openapi.json -o cardea.d.ts"
PYTHON = ("openapi-python-client generate --path openapi.json --config config.yml --output-path cardea_client "
          "--meta none")
PATH = f"{BUILT}/node_modules/.bin:{BUILT}/venv/bin:{os.environ['PATH']}"


class Clients(ServerCase):
    @classmethod
    def setUpClass(cls):
        install_node()
        install_python()
        super().setUpClass()

    def in_folder(self, name, command):
        """The command as it is shown, in a folder that has the document."""
        (BUILT / name / "openapi.json").write_bytes(self.file.read_bytes())
        run("sh", "-c", f"cd {name} && {command}", PATH=PATH)

    def test_typescript(self):
        self.in_folder("typescript", TYPESCRIPT)
        run("node_modules/.bin/tsc", "--project", "typescript")
        run("node", "typescript/built/journey.js", self.url)

    def test_python(self):
        self.in_folder("python", f"{PYTHON} --overwrite --fail-on-warning")
        run("venv/bin/python", "python/journey.py", self.url)

    def test_docs_show_the_commands_that_are_tested(self):
        page = pathlib.Path("docs/api.md").read_text()
        for command in (TYPESCRIPT, PYTHON):
            self.assertIn(f"\n{command}\n", page)
        self.assertIn(f"\n{(BUILT / 'python/config.yml').read_text()}```\n", page)


if __name__ == "__main__":
    unittest.main()
