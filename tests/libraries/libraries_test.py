"""Libraries of other languages verify the tokens of a real server, each as docs/tokens.md shows it: good ones, across a
rotation of the signing key too, and none that was forged, has expired or is for somebody else."""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
BUILT = pathlib.Path("build/libraries").resolve()  # a copy, so that nothing is installed beside the sources
PROGRAM = pathlib.Path(os.environ["CARDEA_PROGRAM"]).resolve()
SERVICE = "https://api.example.com"
ANOTHER_SERVICE = "https://mail.example.com"
PASSWORD = "a river of nine lanterns"
DAY = 24 * 3600 * 1_000_000  # microseconds, as the database has instants
MOST_SKEW = 60  # seconds; what some of the libraries allow a clock


def run(folder, *words, **variables):
    subprocess.run(words, cwd=BUILT / folder, env=os.environ | variables, check=True, stdout=subprocess.DEVNULL)


def install():
    """Installs each library as its lock file says; quick when nothing changed."""
    shutil.copytree(HERE, BUILT, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    run("node", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
    if not (BUILT / "python/venv/bin/python").exists():
        run("python", "python3", "-m", "venv", "venv")
    run("python", "venv/bin/pip", "-q", "--disable-pip-version-check", "install", "--require-hashes", "-r",
        "requirements.txt")
    run("go", "go", "build", "-mod=readonly", "-o", "bin/", "./...", CGO_ENABLED="0")
    run("java", "mvn", "-q", "-B", "dependency:build-classpath", "-Dmdep.outputFile=classpath", "compile")
    run("rust", "cargo", "build", "-q")


def java(main):
    classpath = (BUILT / "java/classpath").read_text().strip()
    return ["java", "-cp", f"{BUILT}/java/target/classes:{classpath}", main]


# Of each library the source with the lines that docs/tokens.md shows.
SOURCES = {
    "jose": "node/verify.mjs",
    "PyJWT": "python/verify_pyjwt.py",
    "authlib": "python/verify_authlib.py",
    "golang-jwt": "go/golang_jwt/main.go",
    "go-oidc": "go/go_oidc/main.go",
    "Nimbus": "java/src/main/java/Nimbus.java",
    "Spring Security": "java/src/main/java/Spring.java",
    "jsonwebtoken": "rust/src/main.rs",
}


def commands():
    """How each is started."""
    python = str(BUILT / "python/venv/bin/python")
    return {
        "jose": ["node", str(BUILT / SOURCES["jose"])],
        "PyJWT": [python, str(BUILT / SOURCES["PyJWT"])],
        "authlib": [python, str(BUILT / SOURCES["authlib"])],
        "golang-jwt": [str(BUILT / "go/bin/golang_jwt")],
        "go-oidc": [str(BUILT / "go/bin/go_oidc")],
        "Nimbus": java("Nimbus"),
        "Spring Security": java("Spring"),
        "jsonwebtoken": [str(BUILT / "rust/target/debug/cardea-tokens")],
    }


def shown_lines(library):
    """The lines between the marks, without the indentation that they have in common."""
    lines = (HERE / SOURCES[library]).read_text().splitlines()
    first, last = (next(i for i, line in enumerate(lines) if line.strip().endswith(f"docs {mark}")) for mark in "{}")
    chosen = lines[first + 1:last]
    while not chosen[-1]:
        chosen.pop()
    indent = min(len(line) - len(line.lstrip()) for line in chosen if line)
    return "\n".join(line[indent:] for line in chosen)


class Server:
    def __init__(self, data, settings=None):
        self.data = data
        self.settings = settings or {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.issuer = None
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "dev", "--data", self.data, "--listen", f"127.0.0.1:{self.port}"],
            env={name: value for name, value in os.environ.items() if not name.startswith("CARDEA_")}
            | {"CARDEA_TOKEN__AUDIENCES": f"{SERVICE},{ANOTHER_SERVICE}"} | self.settings,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            with contextlib.suppress(OSError):
                self.issuer = self.ask("/.well-known/oauth-authorization-server")[0]["issuer"]
                return
            time.sleep(0.1)
        raise RuntimeError("the server does not start")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def ask(self, path, body=None, cookie=""):
        """The answer to a GET, or to a POST of that body, and the session's cookie in it."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json", "Host": f"localhost:{self.port}", "Cookie": cookie})
        with urllib.request.urlopen(request, timeout=20) as answer:
            cookies = [line.split(";")[0] for line in answer.headers.get_all("Set-Cookie", [])]
            return json.load(answer), next((c for c in cookies if c.startswith("__Host-cardea=")), "")

    def change(self, statement, *values):
        """Time passes in the database."""
        [file] = pathlib.Path(self.data).glob("*.db")
        with contextlib.closing(sqlite3.connect(file, timeout=10)) as database, database:
            return database.execute(statement, values).rowcount

    def token(self, cookie, audience=SERVICE):
        return self.ask("/v1/session/token", {"audience": audience}, cookie)[0]["access_token"]


class Verifier:
    def __init__(self, command, issuer):
        self.process = subprocess.Popen(command, env=os.environ | {"ISSUER": issuer, "AUDIENCE": SERVICE}, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def says(self, token):
        self.process.stdin.write(token + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def parts(token):
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def encoded(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def forgeries(token, key_set):
    """Tokens that say what a good one says, or more, without the key for it."""
    header, payload = parts(token)
    head, body, signature = token.split(".")
    claims = encoded(payload | {"scope": "api admin"})
    yield "a claim was changed", f"{head}.{claims}.{signature}"
    yield "no signature", f"{head}.{body}."
    yield "algorithm none", f"{encoded(header | {'alg': 'none'})}.{claims}."
    signed = f"{encoded(header | {'alg': 'HS256'})}.{claims}"
    for name, secret in (("the key set", json.dumps(key_set)), ("its first key", json.dumps(key_set["keys"][0]))):
        mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
        yield f"HMAC with {name}", f"{signed}.{encoded(mac)}"
    forge = [BUILT / "python/venv/bin/python", BUILT / "python/forge.py", json.dumps(header), json.dumps(payload)]
    yield "another key under our kid", subprocess.run(forge, capture_output=True, text=True, check=True).stdout.strip()


class Libraries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install()
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.server = server = Server(cls.folder.name)
        server.start()
        cls.addClassCleanup(server.stop)
        answer, cls.cookie = server.ask("/v1/signup", {"name": "Ann Lee", "uid": "ann", "password": PASSWORD})
        cls.account = answer["user"]["id"]
        cls.expired, cls.expires_at = cls.token_that_expires_soon()
        # The key is old: its successor is published, and will sign a day from now.
        server.stop()
        server.change("UPDATE signing_key SET signs_from = signs_from - ?", 100 * DAY)
        server.start()
        cls.verifiers = {}
        for name, command in commands().items():
            cls.verifiers[name] = Verifier(command, server.issuer)
            cls.addClassCleanup(cls.verifiers[name].stop)

    @classmethod
    def token_that_expires_soon(cls):
        """No token outlives its session, so one whose session ends soon does too."""
        _, cookie = cls.server.ask("/v1/signin", {"uid": "ann", "password": PASSWORD})
        soon = int(time.time()) + 3
        assert cls.server.change("UPDATE session SET expires_at = ? WHERE created_at = "
                                 "(SELECT max(created_at) FROM session)", soon * 1_000_000) == 1
        token = cls.server.token(cookie)
        assert parts(token)[1]["exp"] == soon
        return token, soon

    def expect(self, token, outcome, what):
        for name, verifier in self.verifiers.items():
            said = verifier.says(token)
            with self.subTest(library=name, token=what):
                self.assertTrue(said.startswith(outcome), f"{name} says {said!r} of {what}")

    def test_1_token_for_the_service_is_good(self):
        self.expect(self.server.token(self.cookie), f"ok {self.account}", "a good token")

    def test_2_token_for_somebody_else_is_refused(self):
        own = self.server.ask("/v1/session/token", {}, self.cookie)[0]["access_token"]
        self.expect(own, "refused", "a token for the server itself")
        self.expect(self.server.token(self.cookie, ANOTHER_SERVICE), "refused", "a token for another service")
        classic = self.server.ask("/api/users/authenticate", {"uid": "ann", "password": PASSWORD})[0]["data"]["jwt"]
        self.expect(classic, "refused", "a token of the classic contract")

    def test_3_forged_token_is_refused(self):
        keys = self.server.ask("/.well-known/jwks.json")[0]
        for what, token in forgeries(self.server.token(self.cookie), keys):
            self.expect(token, "refused", what)
        self.expect("nonsense", "refused", "nonsense")
        self.expect(self.server.token(self.cookie), f"ok {self.account}", "a good token after them")

    def test_4_rotation_of_the_signing_key_is_not_noticed(self):
        before = self.server.token(self.cookie)
        self.server.stop()
        self.assertEqual(self.server.change("UPDATE signing_key SET signs_from = ? WHERE signs_from > ?",
                                            int(time.time() * 1_000_000) - DAY, int(time.time() * 1_000_000)), 1)
        self.server.start()
        after = self.server.token(self.cookie)
        self.assertNotEqual(parts(before)[0]["kid"], parts(after)[0]["kid"])
        self.expect(after, f"ok {self.account}", "a token of the new key")
        self.expect(before, f"ok {self.account}", "a token of the old key")

    def test_5_expired_token_is_refused(self):
        time.sleep(max(0.0, self.expires_at + MOST_SKEW + 1 - time.time()))
        self.expect(self.expired, "refused", "an expired token")

    def test_docs_show_the_lines_that_are_tested(self):
        page = pathlib.Path("docs/tokens.md").read_text()
        for name in SOURCES:
            with self.subTest(library=name):
                self.assertIn(f"\n{shown_lines(name)}\n```\n", page)


if __name__ == "__main__":
    unittest.main()
