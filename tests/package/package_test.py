"""The life of the Debian package: installed, started, upgraded, removed, purged, in a Debian of its own. Needs root."""

import json
import os
import pathlib
import socket
import sqlite3
import unittest
import urllib.error
import urllib.request

import trial_root

FOLDER = pathlib.Path("build/package")
UNIT = "/lib/systemd/system/cardea.service"
CONFIG = "/etc/cardea/cardea.toml"
SECRET = "/etc/cardea/secret"
ENABLED = "/etc/systemd/system/multi-user.target.wants/cardea.service"
PASSWORD = "a river of nine lanterns"
DATABASE = "/var/lib/cardea/cardea.db"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.old, cls.new = (pathlib.Path(os.environ[name]) for name in ("CARDEA_OLD_PACKAGE", "CARDEA_NEW_PACKAGE"))
        base = trial_root.base_root(FOLDER.resolve(), cls.new)
        cls.trial = trial_root.TrialRoot(base, FOLDER.resolve() / "trial")
        for package in (cls.old, cls.new):
            (cls.trial.root / package.name).write_bytes(package.read_bytes())
        cls.port = free_port()

    def ok(self, *words):
        status, printed = self.trial.run(*words)
        self.assertEqual(status, 0, printed)
        return printed

    def install(self, package):
        return self.ok("apt-get", "-q", "-y", "--allow-downgrades", "--no-install-recommends", "install",
                       f"/{package.name}")

    def post(self, path, **fields):
        """The status, and what the answer says."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(fields).encode(),
            {"Content-Type": "application/json", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def configure(self):
        file = self.trial.path(CONFIG)
        text = file.read_text().replace("#url =", "url =").replace("127.0.0.1:8025", f"127.0.0.1:{self.port}")
        file.write_text(text)
        self.assertIn("The settings are fine.", self.ok("cardea", "config", "check", "--config", CONFIG))

    def make_database_of_before_the_last_migration(self):
        """As an older version left it: what the present one applies comes from its own table."""
        file = self.trial.path(DATABASE)
        with sqlite3.connect(file) as present:
            applied = present.execute("SELECT name, checksum, applied_at FROM migration ORDER BY name").fetchall()
        for part in file.parent.glob("cardea.db*"):
            part.unlink()
        with sqlite3.connect(file) as older:
            older.execute("CREATE TABLE migration (name TEXT PRIMARY KEY, checksum TEXT, applied_at BIGINT)")
            for name, *rest in applied[:-1]:
                older.executescript(pathlib.Path("migrations", name).read_text())
                older.execute("INSERT INTO migration VALUES (?, ?, ?)", (name, *rest))
        self.ok("chown", "cardea:cardea", DATABASE)
        self.ok("chmod", "600", DATABASE)
        return len(applied)

    @staticmethod
    def count(file, table):
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    def version(self):
        return self.ok("dpkg-query", "-W", "-f", "${Version}", "cardea")

    def sign_in_again(self):
        service = trial_root.Service(self.trial, UNIT)
        self.assertEqual(self.post("/v1/signin", uid="ann", password=PASSWORD)[0], 200)
        self.assertEqual(service.stop(), 0)

    def backups(self):
        return sorted(self.trial.path("/var/lib/cardea/backups").glob("before-upgrade-*.db"))

    def test_life(self):
        """Its stages, each of which begins where the one before ended."""
        for stage in (self.install_first, self.upgrade_beside_a_running_server, self.remove_and_install_again,
                      self.upgrade_a_database_that_lacks_a_migration, self.upgrade_without_a_backup, self.purge):
            with self.subTest(stage.__name__):
                stage()

    def install_first(self):
        """User, secret and database are made, the unit is enabled, and what is missing is said."""
        self.assertIn("applied", self.install(self.old))
        self.assertEqual(self.trial.owner_and_mode(SECRET), "cardea:cardea 400")
        self.assertEqual(self.trial.owner_and_mode(DATABASE), "cardea:cardea 600")
        self.assertEqual(self.trial.owner_and_mode("/var/lib/cardea"), "cardea:cardea 750")
        self.assertTrue(os.path.lexists(self.trial.path(ENABLED)))
        self.assertGreater(len(self.trial.path(SECRET).read_bytes()), 32)
        status, printed = self.trial.run("cardea", "serve", "--config", CONFIG)
        self.assertEqual(status, 1)
        self.assertIn("url: not set", printed)

    def upgrade_beside_a_running_server(self):
        """It is backed up before, and secret, settings and accounts stay."""
        self.configure()
        service = trial_root.Service(self.trial, UNIT)
        self.assertEqual(self.post("/v1/signup", name="Ann", uid="ann", password=PASSWORD)[0], 201)
        before = [self.trial.path(kept).read_bytes() for kept in (SECRET, CONFIG)]
        self.install(self.new)
        self.assertEqual(self.version(), self.new.name.split("_")[1])
        (backup,) = self.backups()
        self.assertEqual(self.count(backup, "account"), 1)
        self.assertEqual([self.trial.path(kept).read_bytes() for kept in (SECRET, CONFIG)], before)
        self.assertEqual(service.stop(), 0, "after SIGTERM")
        self.sign_in_again()

    def remove_and_install_again(self):
        self.ok("apt-get", "-q", "-y", "remove", "cardea")
        self.assertFalse(self.trial.path("/usr/bin/cardea").exists())
        self.assertTrue(self.trial.path(DATABASE).exists())
        self.install(self.new)
        self.sign_in_again()

    def upgrade_a_database_that_lacks_a_migration(self):
        count = self.make_database_of_before_the_last_migration()
        self.install(self.old)  # a lower version with the same program
        self.assertEqual(self.count(self.backups()[-1], "migration"), count - 1)
        self.assertEqual(self.count(self.trial.path(DATABASE), "migration"), count)

    def upgrade_without_a_backup(self):
        """Nothing is upgraded."""
        folder = self.trial.path("/var/lib/cardea/backups")
        folder.rename(folder.with_suffix(".aside"))
        folder.touch()
        status, printed = self.trial.run("dpkg", "-i", f"/{self.new.name}")
        self.assertNotEqual(status, 0)
        self.assertIn("so nothing is upgraded", printed)
        self.assertEqual(self.version(), self.old.name.split("_")[1])

    def purge(self):
        self.ok("apt-get", "-q", "-y", "purge", "cardea")
        for gone in ("/var/lib/cardea", "/etc/cardea", "/usr/bin/cardea", UNIT, ENABLED):
            self.assertFalse(os.path.lexists(self.trial.path(gone)), gone)
        self.assertNotEqual(self.trial.run("getent", "passwd", "cardea")[0], 0)


if __name__ == "__main__":
    unittest.main()
