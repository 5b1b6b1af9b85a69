"""How long answers take tells nobody who has an account: what is asked of one that exists and of one that does not, in
turn, has medians that differ by less than a millisecond.

    python3 -m unittest tests/timing/enumeration_test.py    CARDEA_BIN says which program; build/release/cardea otherwise
"""

import http.client
import json
import os
import pathlib
import random
import socket
import statistics
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("CARDEA_BIN", str(ROOT / "build/release/cardea"))
SAMPLES = int(os.environ.get("SAMPLES", "2000"))  # of each class
MOST = 1.0  # ms
PASSWORD = "violet tractor lagoon 93"
BUDGETS = [
    "SIGNIN_ACCOUNT", "SIGNIN_DEVICE", "SIGNIN_ADDRESS", "SIGNIN_WHOLE", "SIGNIN_RIGHT", "SIGNIN_ACCOUNT_WHOLE",
    "SIGNIN_RIGHT_ADDRESS", "SIGNUP_ADDRESS", "SIGNUP_WHOLE", "PASSWORD_RESET_REQUEST", "EMAIL_RESEND", "MAIL_ADDRESS",
]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """`cardea dev` with budgets that nobody reaches, and one connection to it."""

    def __init__(self, folder):
        self.port = free_port()
        lifted = {f"CARDEA_THROTTLE__{name}__FREE": "1000000000" for name in BUDGETS}
        self.process = subprocess.Popen(
            [PROGRAM, "dev", "--data", str(folder), "--listen", f"127.0.0.1:{self.port}"],
            env={**os.environ, **lifted, "CARDEA_LOG__LEVEL": "error"}, stdout=subprocess.DEVNULL)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for _ in range(300):
            try:
                if self.call("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                self.connection.close()
            time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def call(self, method, path, body=None, cookie=None):
        """Status, the session's cookie and milliseconds."""
        headers = {"Content-Type": "application/json"} | ({"Cookie": cookie} if cookie else {})
        begun = time.perf_counter()
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = self.connection.getresponse()
        response.read()
        spent = (time.perf_counter() - begun) * 1000
        cookies = [value.split(";")[0] for value in response.headers.get_all("Set-Cookie") or []]
        return response.status, next((c for c in cookies if c.startswith("__Host-cardea=")), None), spent

    def stop(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait(30)


class Enumeration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Server(pathlib.Path(cls.folder.name) / "data")
        cls.number = 0
        cls.sign_up("known", "known@example.com")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    @classmethod
    def sign_up(cls, uid, email):
        body = {"name": "Known", "uid": uid, "email": email, "password": PASSWORD}
        status, cookie, spent = cls.server.call("POST", "/v1/signup", body)
        assert status == 201, status
        return cookie, spent

    @classmethod
    def fresh(cls):
        cls.number += 1
        return f"fresh-{cls.number}"

    def compare(self, known, unknown, samples=SAMPLES):
        """Each gives the milliseconds of one answer."""
        spent = {known: [], unknown: []}
        order = random.Random(1)
        for _ in range(samples):
            for ask in order.sample((known, unknown), 2):
                spent[ask].append(ask())
        medians = [statistics.median(spent[ask]) for ask in (known, unknown)]
        print(f"{self.id().rpartition('.')[2]}: {medians[0]:.3f} and {medians[1]:.3f} ms", flush=True)
        self.assertLess(abs(medians[0] - medians[1]), MOST)

    def asked(self, path, body, status):
        def ask():
            answered, _, spent = self.server.call("POST", path, body())
            self.assertEqual(answered, status)
            return spent

        return ask

    def test_a_wrong_password(self):
        def attempt(uid):
            return self.asked("/v1/signin", lambda: {"uid": uid(), "password": "not " + PASSWORD}, 401)

        self.compare(attempt(lambda: "known"), attempt(self.fresh))

    def test_a_wrong_password_by_address(self):
        def attempt(address):
            return self.asked("/v1/signin", lambda: {"uid": address(), "password": "not " + PASSWORD}, 401)

        self.compare(attempt(lambda: "known@example.com"), attempt(lambda: self.fresh() + "@example.com"))

    def test_recovery(self):
        def request(address):
            return self.asked("/v1/recover", lambda: {"uid": address()}, 204)

        self.compare(request(lambda: "known@example.com"), request(lambda: self.fresh() + "@example.com"))

    def test_sign_up_with_an_address(self):
        self.compare(lambda: self.sign_up(self.fresh(), "known@example.com")[1],
                     lambda: self.sign_up(uid := self.fresh(), uid + "@example.com")[1])

    def test_another_letter_for_an_address(self):
        cookies = [self.sign_up(uid := self.fresh(), email or uid + "@example.com")[0]
                   for email in ("known@example.com", None)]

        def resend(cookie):
            def ask():
                status, _, spent = self.server.call("POST", "/v1/verify/resend", cookie=cookie)
                self.assertEqual(status, 204)
                return spent

            return ask

        self.compare(*(resend(cookie) for cookie in cookies))


if __name__ == "__main__":
    unittest.main()
