"""The OpenAPI document of a real server, by the linters that others use."""

import json
import subprocess
import unittest

from support import BUILT, ServerCase, install_node, run

REDOCLY = ["node_modules/.bin/redocly", "lint", "--config", "redocly.yaml"]
SPECTRAL = ["node_modules/.bin/spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint"]


class Document(ServerCase):
    @classmethod
    def setUpClass(cls):
        install_node()
        super().setUpClass()

    def test_redocly_finds_nothing(self):
        told = json.loads(run(*REDOCLY, "--format", "json", "openapi.json", REDOCLY_TELEMETRY="off", NO_COLOR="1"))
        self.assertEqual([(each["ruleId"], each["message"]) for each in told["problems"]], [])

    def test_spectral_finds_nothing(self):
        told = run(*SPECTRAL, "--format", "json", "--quiet", "openapi.json", NO_COLOR="1")
        self.assertEqual(json.loads(told), [])

    def test_a_linter_notices_what_is_wrong(self):
        document = json.loads(self.file.read_text())
        del document["paths"]["/v1/me"]["get"]["operationId"]
        document["paths"]["/v1/me"]["get"]["security"] = [{"nobody": []}]
        (BUILT / "wrong.json").write_text(json.dumps(document))
        for words in (REDOCLY, SPECTRAL):
            done = subprocess.run([*words, "wrong.json"], cwd=BUILT, check=False, capture_output=True)
            self.assertNotEqual(done.returncode, 0, words[0])


if __name__ == "__main__":
    unittest.main()
