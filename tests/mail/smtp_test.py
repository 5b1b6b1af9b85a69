"""Letters on their way to real mail servers, friendly and hostile: `cardea mail test` is what sends them.

    /usr/bin/python3 -m unittest tests/mail/smtp_test.py        CARDEA_BIN says which program; build/release/cardea otherwise. Debian's Python has aiosmtpd
"""

import asyncio
import contextlib
import email
import email.policy
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("CARDEA_BIN", str(ROOT / "build/release/cardea"))
TO = "ada@example.com"


class Keeper:
    """Takes every letter."""

    def __init__(self):
        self.letters = []
        self.users = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope, session.ssl is not None))
        return "250 OK"


def certificate(folder):
    """A certificate for localhost that nobody else trusts; the paths of it and its key."""
    files = (str(folder / "server.crt"), str(folder / "server.key"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", files[1], "-out", files[0]],
        check=True, capture_output=True)
    return files


class RealServer(Controller):
    """aiosmtpd, with STARTTLS and the user "cardea" where it is asked to."""

    def __init__(self, handler, tls=None, auth=None):
        self.tls, self.auth = tls, auth
        super().__init__(handler, hostname="127.0.0.1", port=0)

    def factory(self):
        options = {}
        if self.tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*self.tls)
            options = {"tls_context": context, "require_starttls": True}
        if self.auth:
            options |= {"authenticator": self.auth, "auth_required": True}
        return SMTP(self.handler, hostname="localhost", **options)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]  # in place of 0
        super()._trigger_server()


@contextlib.contextmanager
def real_server(handler, **how):
    controller = RealServer(handler, **how)
    controller.start()
    try:
        yield controller.server.sockets[0].getsockname()[1]
    finally:
        controller.stop()


@contextlib.contextmanager
def scripted(lines):
    """A server that says each of these in turn: the first at once, each other after a line of the client."""

    def talk(listener):
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(20)
                for index, line in enumerate(lines):
                    if index > 0 and not connection.recv(65536):
                        return
                    if line is None:  # silence
                        connection.recv(65536)
                        return
                    connection.sendall(line)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
    thread.join(5)


class Smtp(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def send(self, smtp, to=TO, **settings):
        """Runs `cardea mail test`; its exit code and what it says."""
        settings = {"from": "Ächme <no-reply@example.org>", "smtp": smtp, "timeout": "5s"} | settings
        lines = [f'{key} = {"true" if value is True else "false" if value is False else chr(34) + value + chr(34)}'
                 for key, value in settings.items()]
        config = self.folder / "cardea.toml"
        config.write_text('url = "https://auth.example.org"\n[mail]\n' + "\n".join(lines) + "\n")
        ran = subprocess.run([PROGRAM, "mail", "test", to, "--config", str(config)], capture_output=True, text=True,
                             timeout=60)
        return ran.returncode, ran.stdout + ran.stderr

    def password(self, text="river of lanterns"):
        path = self.folder / "password"
        path.write_text(text)
        path.chmod(0o600)
        return str(path)

    def test_arrives_as_two_alternatives(self):
        keeper = Keeper()
        with real_server(keeper) as port:
            code, said = self.send(f"smtp://127.0.0.1:{port}", encrypted=False)
        self.assertEqual((code, len(keeper.letters)), (0, 1), said)
        envelope, _ = keeper.letters[0]
        self.assertEqual((envelope.mail_from, envelope.rcpt_tos), ("no-reply@example.org", [TO]))
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.assertEqual(letter["To"], TO)
        self.assertEqual(letter["From"].addresses[0].display_name, "Ächme")
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        self.assertIsNone(letter["List-Unsubscribe"])
        self.assertEqual(letter.defects, [])
        self.assertIn("https://auth.example.org", letter.get_body(("plain",)).get_content())
        self.assertIn("https://auth.example.org", letter.get_body(("html",)).get_content())

    def test_starttls_is_insisted_on_and_the_certificate_checked(self):
        crt, key = certificate(self.folder)
        keeper = Keeper()
        with real_server(keeper, tls=(crt, key)) as port:
            refused, said = self.send(f"smtp://localhost:{port}")
            self.assertEqual(refused, 1, "nobody trusts it: " + said)
            self.assertEqual(keeper.letters, [])
            code, said = self.send(f"smtp://localhost:{port}", ca_file=crt)
            self.assertEqual(code, 0, said)
            self.assertTrue(keeper.letters[0][1], "encrypted")
            other, said = self.send(f"smtp://127.0.0.1:{port}", ca_file=crt)
            self.assertEqual(other, 1, "it is localhost's, not 127.0.0.1's: " + said)

    def test_without_starttls_nothing_is_sent(self):
        keeper = Keeper()
        with real_server(keeper) as port:
            code, said = self.send(f"smtp://localhost:{port}")
        self.assertEqual((code, keeper.letters), (1, []), said)

    def test_shows_who_it_is_and_never_in_the_clear(self):
        seen = []

        def check(server, session, envelope, mechanism, data):
            seen.append((session.ssl is not None, data.login, data.password))
            return AuthResult(success=data.password == b"river of lanterns")

        crt, key = certificate(self.folder)
        keeper = Keeper()
        with real_server(keeper, tls=(crt, key), auth=check) as port:
            where = f"smtp://localhost:{port}"
            code, said = self.send(where, ca_file=crt, user="cardea", password_file=self.password())
            self.assertEqual(code, 0, said)
            wrong, said = self.send(where, ca_file=crt, user="cardea", password_file=self.password("something else"))
            self.assertEqual(wrong, 1)
            self.assertNotIn("something else", said)
        self.assertTrue(all(encrypted for encrypted, _, _ in seen), seen)

    def test_hostile_answers_end_soon_and_say_why(self):
        hello = [b"220 x\r\n", b"250 x\r\n"]
        cases = {
            "nothing at all": [None],
            "garbage": [b"\x00\xff\xfe garbage\r\n", b"garbage\r\n"],
            "no greeting but a refusal": [b"554 go away\r\n"],
            "an endless line": [b"2" * 300_000],
            "a hello without end": [b"220 x\r\n", b"250-x\r\n" * 50_000],
            "the sender refused": hello + [b"550 not you\r\n"],
            "the recipient refused": hello + [b"250 ok\r\n", b"550 no such user\r\n"],
            "the recipient put off": hello + [b"250 ok\r\n", b"451 later\r\n"],
            "cut before the end": hello + [b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"],
            "refused at the end": hello + [b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"552 too much\r\n"],
            "silent at the end": hello + [b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", None],
        }
        for name, lines in cases.items():
            with self.subTest(name), scripted(lines) as port:
                code, said = self.send(f"smtp://127.0.0.1:{port}", encrypted=False)
                self.assertEqual(code, 1, said)
                self.assertIn("did not take it", said)

    def test_addresses_are_no_commands(self):
        keeper = Keeper()
        with real_server(keeper) as port:
            for to in ("ada@example.com\r\nRCPT TO:<eve@example.com>", "<ada@example.com>", "ada"):
                code, said = self.send(f"smtp://127.0.0.1:{port}", to=to, encrypted=False)
                self.assertEqual(code, 2, said)
        self.assertEqual(keeper.letters, [])

    def test_settings_that_would_leak_are_refused(self):
        for settings in ({"smtp": "smtp://mail.example.org:25", "encrypted": False},
                         {"smtp": "smtp://127.example.org:25", "encrypted": False},
                         {"smtp": "smtp://localhost.example.org:25", "encrypted": False},
                         {"smtp": "http://mail.example.org"},
                         {"smtp": "smtp://user:secret@mail.example.org"},
                         {"smtp": "smtp://mail.example.org", "from": "Acme"},
                         {"smtp": "smtp://mail.example.org", "user": "cardea"}):
            code, said = self.send(**settings)
            self.assertEqual(code, 1, said)
            self.assertIn("mail.", said)


if __name__ == "__main__":
    unittest.main()
