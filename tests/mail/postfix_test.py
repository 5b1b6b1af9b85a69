"""Letters through Postfix, which most of our operators have: its certificate, its mailboxes, its refusals.

    PYTHONPATH=tests/mail /usr/bin/python3 -m unittest tests/mail/postfix_test.py        as root, who alone starts it; CARDEA_BIN as in smtp_test.py
"""

import contextlib
import email
import email.policy
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from smtp_test import PROGRAM, TO, certificate

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
scache unix - - n - 1 scache
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = localhost
mydestination =
mynetworks = 192.0.2.0/24
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
virtual_mailbox_domains = example.com
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = texthash:{folder}/boxes.map
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = encrypt
smtpd_tls_received_header = yes
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/access, reject_unauth_destination
message_size_limit = {limit}
"""


def is_listening(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Postfix:
    """One of our own, in a folder of its own, with the mailbox of ada@example.com."""

    def __init__(self, folder, limit=100_000):
        self.folder = folder
        folder.chmod(0o755)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.certificate, key = certificate(folder)
        postfix = pwd.getpwnam("postfix")
        for name, owner in (("queue", 0), ("data", postfix.pw_uid), ("boxes", postfix.pw_uid), ("config", 0)):
            (folder / name).mkdir()
            os.chown(folder / name, owner, 0)
        (folder / "boxes.map").write_text(f"{TO} ada/\n")
        (folder / "access").write_text("later@example.com 450 4.2.0 come back later\n")
        (folder / "config/master.cf").write_text(MASTER.format(port=self.port))
        (folder / "config/main.cf").write_text(
            MAIN.format(folder=folder, uid=postfix.pw_uid, gid=postfix.pw_gid, certificate=self.certificate, key=key,
                        limit=limit))

    def __enter__(self):
        self.run("start")
        end = time.monotonic() + 30
        while not is_listening(self.port):
            if time.monotonic() > end:
                raise RuntimeError(self.log())
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.run("stop")

    def run(self, verb):
        done = subprocess.run(["postfix", "-c", str(self.folder / "config"), verb], capture_output=True, text=True,
                              timeout=60)
        if done.returncode != 0 and verb == "start":
            raise RuntimeError(done.stdout + done.stderr + self.log())

    def log(self):
        path = self.folder / "mail.log"
        return path.read_text() if path.exists() else ""

    def letters(self, count, seconds=20):
        """What has come into the mailbox, as soon as there are so many."""
        box = self.folder / "boxes/ada/new"
        end = time.monotonic() + seconds
        while not box.exists() or len(list(box.iterdir())) < count:
            if time.monotonic() > end:
                raise AssertionError(self.log())
            time.sleep(0.05)
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in box.iterdir()]


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("postfix"), "Postfix is started by root")
class ThroughPostfix(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def send(self, server, to=TO):
        config = self.folder / "cardea.toml"
        config.write_text('url = "https://auth.example.org"\n[mail]\nfrom = "Ächme <no-reply@example.org>"\n'
                          f'smtp = "smtp://localhost:{server.port}"\nca_file = "{server.certificate}"\n'
                          'timeout = "10s"\n')
        ran = subprocess.run([PROGRAM, "mail", "test", to, "--config", str(config)], capture_output=True, text=True,
                             timeout=60)
        return ran.returncode, ran.stdout + ran.stderr

    def test_a_letter_lies_in_the_mailbox_as_it_was_written(self):
        with Postfix(self.folder) as server:
            code, said = self.send(server)
            self.assertEqual(code, 0, said + server.log())
            letter = server.letters(1)[0]
        self.assertEqual(letter["From"].addresses[0].display_name, "Ächme")
        self.assertEqual((letter["To"], letter["Return-Path"]), (TO, "<no-reply@example.org>"))
        self.assertRegex(letter["Message-ID"], r"^<[^<>@\s]+@[^<>@\s]+>$")
        self.assertEqual(letter.defects, [])
        self.assertIn("https://auth.example.org", letter.get_body(("plain",)).get_content())
        self.assertIn("TLSv1.3", "".join(letter.get_all("Received")), "it came encrypted")

    def test_what_it_refuses_is_told_and_lies_nowhere(self):
        with Postfix(self.folder) as server:
            for to, why in (("nobody@example.com", "550"), ("ada@elsewhere.example", "454"), ("later@example.com", "450")):
                code, said = self.send(server, to)
                self.assertEqual(code, 1, said)
                self.assertIn(why, said)
            self.assertFalse((self.folder / "boxes/ada").exists())

    def test_a_letter_that_is_too_large_for_it_is_refused_at_the_end(self):
        with Postfix(self.folder, limit=600) as server:
            code, said = self.send(server)
            self.assertEqual(code, 1, said)
            self.assertIn("552", said)


if __name__ == "__main__":
    unittest.main()
