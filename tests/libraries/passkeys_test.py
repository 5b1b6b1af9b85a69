"""SimpleWebAuthn, a verifier of passkeys for Node, judges a thousand ceremonies as a real server does."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from libraries_test import PASSWORD, Server

HERE = pathlib.Path(__file__).parent / "passkeys"
BUILT = pathlib.Path("build/libraries/passkeys").resolve()
ROUNDS = 500  # registrations, and as many assertions
UNLIMITED = {f"CARDEA_THROTTLE__{name}__FREE": "100000" for name in ("PASSKEY_CEREMONIES", "SIGNIN_ADDRESS")}
UNLIMITED |= {"CARDEA_SESSION__PER_ACCOUNT": "1000"}  # the session that adds them is not to make room for the others


class Passkeys(unittest.TestCase):
    def test_library_and_server_judge_alike(self):
        shutil.copytree(HERE, BUILT, dirs_exist_ok=True)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], cwd=BUILT,
                       check=True, stdout=subprocess.DEVNULL)
        with tempfile.TemporaryDirectory() as folder:
            server = Server(folder, UNLIMITED)
            server.start()
            try:
                _, cookie = server.ask("/v1/signup", {"name": "Ann Lee", "uid": "ann", "password": PASSWORD})
                done = subprocess.run(
                    ["node", "differential.mjs", str(ROUNDS)], cwd=BUILT, capture_output=True, text=True, check=False,
                    env=os.environ | {"ORIGIN": f"http://localhost:{server.port}", "COOKIE": cookie})
            finally:
                server.stop()
        self.assertEqual(done.returncode, 0, done.stderr)
        outcome = json.loads(done.stdout)
        self.assertEqual(outcome["disagreements"], [])
        self.assertGreater(outcome["registrations"], ROUNDS)
        self.assertGreater(outcome["assertions"], ROUNDS * 0.8)
        self.assertGreater(outcome["taken"], ROUNDS * 0.5)
        self.assertLess(outcome["taken"], ROUNDS * 1.6, "some are wrong")


if __name__ == "__main__":
    unittest.main()
