"""The steps of packaging/Containerfile in a Debian of its own, and what they make, as an engine runs it. Needs root."""

import json
import os
import pathlib
import re
import subprocess
import time
import unittest

import trial_root

FOLDER = pathlib.Path("build/package")
USER = ["setpriv", "--reuid=825", "--regid=825", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
SETTINGS = ["CARDEA_URL=https://auth.example.com", "CARDEA_SERVER__TRUSTED_PROXIES=10.88.0.0/16"]


class Image:
    """What the last stage of a Containerfile says."""

    def __init__(self, text):
        stage = re.sub(r"^\s*#.*\n", "", text[text.rindex("\nFROM "):], flags=re.MULTILINE).replace("\\\n", " ")
        self.instructions = re.findall(r"^([A-Z]+) +(.*)$", stage, re.MULTILINE)

    def all(self, name):
        return [value for key, value in self.instructions if key == name]

    def steps(self):
        return [re.sub(r"^(--\S+ +)*", "", step) for step in self.all("RUN")]

    def variables(self):
        return [word for value in self.all("ENV") for word in value.split()]

    def command(self, name):
        """The words of an instruction in exec form."""
        (value,) = self.all(name)
        return json.loads(value[value.index("["):])


class Container(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.image = Image(pathlib.Path("packaging/Containerfile").read_text())
        package = pathlib.Path(os.environ["CARDEA_NEW_PACKAGE"])
        base = trial_root.base_root(FOLDER.resolve(), package)
        cls.trial = trial_root.TrialRoot(base, FOLDER.resolve() / "container")
        cls.trial.path("/tmp/cardea.deb").write_bytes(package.read_bytes())
        for step in cls.image.steps():
            status, printed = cls.trial.run("sh", "-c", step)
            if status != 0:
                raise AssertionError(f"{step}\n{printed}")
        cls.network = trial_root.OwnNetwork()
        cls.addClassCleanup(cls.network.leave)
        cls.ok("sh", "-c", "install -d /run/secrets && umask 077 && cardea secret generate >/run/secrets/cardea && "
               "chown 825 /run/secrets/cardea")

    @classmethod
    def ok(cls, *words):
        status, printed = cls.trial.run(*words)
        if status != 0:
            raise AssertionError(printed)
        return printed

    def contained(self, *words):
        """The image's program with these arguments: its user, its variables, and a root on which only the volume can be
        written."""
        root = self.trial.root
        mounts = (f"mount --bind {root} {root} && mount --bind {root}/var/lib/cardea {root}/var/lib/cardea && "
                  f"mount -o remount,bind,ro {root} && mount -t proc proc {root}/proc && exec \"$@\"")
        inside = ["chroot", root, "env", "-i", "-C", "/var/lib/cardea", "PATH=/usr/bin:/bin", *self.image.variables(),
                  *SETTINGS, *USER, *words]
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", mounts, "sh", *inside]

    def run_contained(self, *words):
        return subprocess.run(self.contained(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)

    def test_image_holds_no_secret_and_no_database(self):
        self.assertFalse(self.trial.path("/etc/cardea").exists())
        self.assertEqual(self.trial.owner_and_mode("/var/lib/cardea"), "cardea:cardea 750")
        self.assertEqual(self.image.all("USER"), ["825:825"])

    def test_program_serves_as_its_user_from_a_root_that_is_read_only(self):
        program = self.image.command("ENTRYPOINT")
        self.assertEqual(self.run_contained("touch", "/tmp/x").returncode, 1, "the root can be written")
        missing = self.run_contained(*program, *self.image.command("CMD"))
        self.assertEqual(missing.returncode, 1, "a volume that was forgotten is an error")
        self.assertIn("applied", self.run_contained(*program, "migrate", "up").stdout)
        server = subprocess.Popen(self.contained(*program, *self.image.command("CMD")), stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        check = self.image.command("HEALTHCHECK")
        give_up = time.monotonic() + trial_root.PATIENCE
        while self.run_contained(*check).returncode != 0:
            self.assertLess(time.monotonic(), give_up, "it is not healthy")
            self.assertIsNone(server.poll(), "it ended")
            time.sleep(0.1)
        self.assertEqual(trial_root.end(server), 0, "after SIGTERM")
        self.assertNotEqual(self.run_contained(*check).returncode, 0, "nobody is there")


if __name__ == "__main__":
    unittest.main()
