"""What a new operator does on a Debian of its own, as docs/install.md and docs/operations.md say. Needs root."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import unittest

import crowd
import trial_root

FOLDER = pathlib.Path("build/package")
UNIT = "/lib/systemd/system/cardea.service"
CONFIG = "/etc/cardea/cardea.toml"
HOST = "auth.example.com"
BACKUP = "/var/lib/cardea/backups/monday.db"
PEER = "postgres:///cardea?host=/run/postgresql"
# What the docs let an operator install, and what their commands use.
PACKAGES = ["caddy", "ca-certificates", "curl", "nginx", "openssl", "pgbouncer", "postgresql", "sudo"]

CERTIFICATE = f"""cd /etc/ssl
openssl req -x509 -newkey rsa:2048 -nodes -days 90 -keyout ca.key -out ca.pem -subj /CN=Trial 2>&1
openssl req -newkey rsa:2048 -nodes -keyout auth.key -out auth.csr -subj /CN={HOST} 2>&1
printf 'subjectAltName=DNS:{HOST}' >san
openssl x509 -req -in auth.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 -extfile san -out auth.pem 2>&1
chmod 644 auth.key
cp ca.pem /usr/local/share/ca-certificates/trial.crt
update-ca-certificates
"""

POOLER = """[databases]
cardea = host=127.0.0.1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6432
auth_type = scram-sha-256
auth_file = /etc/pgbouncer/userlist.txt
pool_mode = transaction
default_pool_size = 10
"""


def block_of_docs(page, word):
    """The one fenced block of the page that has the word."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", pathlib.Path("docs", page).read_text(), re.MULTILINE | re.DOTALL)
    (block,) = [block for block in blocks if word in block]
    return block


class Operator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        package = pathlib.Path(os.environ["CARDEA_NEW_PACKAGE"])
        folder = FOLDER.resolve()
        cls.trial = trial_root.TrialRoot(trial_root.root_with(trial_root.base_root(folder, package), PACKAGES),
                                         folder / "operator")
        (cls.trial.root / package.name).write_bytes(package.read_bytes())
        cls.package = package.name
        cls.network = trial_root.OwnNetwork()
        cls.addClassCleanup(cls.network.leave)
        cls.trial.path("/etc/hosts").write_text(f"127.0.0.1 localhost {HOST} {socket.gethostname()}\n")
        cls.services = {}
        cls.addClassCleanup(lambda: [trial_root.end(process) for process in cls.services.values()])

    def shell(self, script, status=0):
        """What it printed; its exit status has to be `status`."""
        ended, printed = self.trial.run("sh", "-ec", script)
        self.assertEqual(ended, status, f"{script}\n{printed}")
        return printed

    def follow(self, page, word):
        """Runs the block of the docs that has the word, but for what needs systemd or has been installed."""
        lines = block_of_docs(page, word).splitlines()
        return self.shell("\n".join(line for line in lines if "systemctl" not in line and "apt-get" not in line))

    def cardea(self, command, status=0):
        return self.shell(f"sudo -u cardea cardea {command} --config {CONFIG}", status)

    def start(self, name, command, is_there):
        """Another program, which then answers."""
        self.services[name] = subprocess.Popen(self.trial.inside("sh", "-c", f"exec {command}"),
                                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL)
        give_up = time.monotonic() + trial_root.PATIENCE
        while not is_there():
            self.assertLess(time.monotonic(), give_up, f"{name} did not start")
            time.sleep(0.1)

    def end(self, name):
        trial_root.end(self.services.pop(name))

    def start_cardea(self):
        service = trial_root.Service(self.trial, UNIT)
        self.addCleanup(lambda: service.process.poll() is None and service.stop(signal.SIGKILL))
        self.service = service

    def stop_cardea(self, by=signal.SIGTERM):
        status = self.service.stop(by)
        if by == signal.SIGTERM:
            self.assertEqual(status, 0)

    def set_database(self, *lines):
        file = self.trial.path(CONFIG)
        file.write_text(re.sub(r"^database.*\n(database_.*\n)*", "".join(line + "\n" for line in lines),
                               file.read_text(), flags=re.MULTILINE))

    def expect_all_in(self):
        self.assertEqual([uid for uid in self.crowd.acknowledged() if not self.crowd.signs_in(uid)], [])

    def test_first_weeks(self):
        """Its stages, each of which begins where the one before ended."""
        stages = (self.install, self.behind_nginx, self.behind_caddy, self.backup_under_load, self.crash_under_load,
                  self.restore, self.move_to_postgres, self.behind_pgbouncer, self.move_back)
        for stage in stages:
            print(f"  {stage.__name__}", flush=True)
            stage()

    def install(self):
        self.shell(f"apt-get -q -y --no-install-recommends install /{self.package}")
        self.assertIn("The settings are fine.", self.follow("install.md", "config check"))
        self.shell(CERTIFICATE)
        self.crowd = crowd.Crowd(HOST, self.trial.path("/etc/ssl/ca.pem"))
        # The crowd signs up faster than people do, and solves nothing.
        file = self.trial.path(CONFIG)
        file.write_text(file.read_text() + '\n[signup]\nproof_of_work = "off"\n')
        self.start_cardea()

    def is_reachable(self):
        return self.trial.run("curl", "-sf", f"https://{HOST}/readyz")[0] == 0

    def behind_nginx(self):
        self.follow("install.md", "cardea proxy nginx")
        self.start("nginx", "nginx -g 'daemon off;'", self.is_reachable)
        self.follow("install.md", "admin grant")
        self.assertNotIn("fix:", self.cardea("doctor"))
        self.end("nginx")

    def behind_caddy(self):
        self.follow("install.md", "cardea proxy caddy")
        file = self.trial.path("/etc/caddy/Caddyfile")
        file.write_text(file.read_text().replace(HOST + " {\n", HOST + " {\n  tls /etc/ssl/auth.pem /etc/ssl/auth.key\n", 1))
        self.start("caddy", "caddy run --config /etc/caddy/Caddyfile", self.is_reachable)
        self.assertNotIn("fix:", self.cardea("doctor"))
        self.crowd.sign_up("kept")
        self.session = self.crowd.signs_in("kept")
        self.assertTrue(self.session)

    def backup_under_load(self):
        self.shell(f"install -d -o cardea -m 0700 {pathlib.PurePath(BACKUP).parent}")
        with self.crowd.coming():
            self.crowd.wait_for(20)
            self.before_backup = self.crowd.acknowledged()
            self.assertIn("the audit chain is whole", self.cardea(f"backup {BACKUP}"))
            self.crowd.wait_for(len(self.before_backup) + 20)

    def crash_under_load(self):
        with self.crowd.coming():
            self.crowd.wait_for(len(self.crowd.acknowledged()) + 10)
            self.stop_cardea(signal.SIGKILL)
        self.start_cardea()
        self.expect_all_in()
        self.after_crash = self.crowd.acknowledged()

    def restore(self):
        """Who came after the backup is gone; who came before is there, and has to sign in again."""
        self.stop_cardea()
        self.assertIn("sessions were ended", self.cardea(f"restore {BACKUP}"))
        self.start_cardea()
        self.assertFalse(self.crowd.holds(self.session))
        self.crowd.forget_all_but(self.before_backup)
        self.expect_all_in()
        self.assertFalse(self.crowd.signs_in(self.after_crash[-1]))
        self.assertIn("The chain is whole.", self.cardea("audit verify"))
        self.session = self.crowd.signs_in("kept")

    def expect_moved(self):
        """Nobody is signed out, everybody can sign in, and the trail is whole."""
        self.start_cardea()
        self.assertTrue(self.crowd.holds(self.session))
        self.expect_all_in()
        self.assertIn("The chain is whole.", self.cardea("audit verify"))
        self.assertNotIn("fix:", self.cardea("doctor"))

    def move_to_postgres(self):
        self.start("postgres", "runuser -u postgres -- /usr/lib/postgresql/15/bin/postgres "
                   "-D /var/lib/postgresql/15/main -c config_file=/etc/postgresql/15/main/postgresql.conf",
                   lambda: self.trial.run("runuser", "-u", "postgres", "pg_isready")[0] == 0)
        self.assertIn("stop it first", self.cardea(f"move --to '{PEER}'", 5))
        self.stop_cardea()
        roles = [line for line in block_of_docs("install.md", "createdb").splitlines() if "sudo -u postgres" in line]
        self.shell("\n".join(roles))
        self.cardea(f"move --to '{PEER}'")
        self.set_database(f'database = "{PEER}"')
        self.expect_moved()

    def behind_pgbouncer(self):
        self.stop_cardea()
        self.shell("sudo -u postgres psql -c \"ALTER ROLE cardea PASSWORD 'seven pools'\"")
        self.trial.path("/etc/pgbouncer/pgbouncer.ini").write_text(POOLER)
        self.trial.path("/etc/pgbouncer/userlist.txt").write_text('"cardea" "seven pools"\n')
        self.start("pgbouncer", "runuser -u postgres -- pgbouncer /etc/pgbouncer/pgbouncer.ini",
                   lambda: self.trial.run("sudo", "-u", "postgres", "pg_isready", "-h", "127.0.0.1", "-p", "6432")[0] == 0)
        self.shell("umask 077; printf 'postgres://cardea:seven%%20pools@127.0.0.1:6432/cardea' >/etc/cardea/database; "
                   "chown cardea /etc/cardea/database")
        self.set_database('database_file = "/etc/cardea/database"')
        self.assertIn("database_pooler", self.cardea("serve", 1))
        self.set_database('database_file = "/etc/cardea/database"', "database_pooler = true",
                          f'database_direct = "{PEER}"')
        self.start_cardea()
        with self.crowd.coming():
            self.crowd.wait_for(len(self.crowd.acknowledged()) + 40)
        self.stop_cardea()
        self.expect_moved()

    def move_back(self):
        self.stop_cardea()
        self.end("pgbouncer")
        place = "sqlite:/var/lib/cardea/again.db"
        self.cardea(f"move --from '{PEER}' --to {place}")
        self.set_database(f'database = "{place}"')
        self.end("postgres")
        self.expect_moved()
        self.stop_cardea()


if __name__ == "__main__":
    unittest.main()
