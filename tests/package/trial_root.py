"""A small Debian in a folder, in which a package is tried and its service started as its unit says, without systemd."""

import ctypes
import hashlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

PATIENCE = 60  # seconds


def dependencies(package):
    field = subprocess.run(["dpkg-deb", "-f", package, "Depends"], check=True, capture_output=True, text=True).stdout
    return sorted(re.sub(r"[ (].*", "", part.strip()) for part in field.split(","))


def base_root(folder, package):
    """A Debian 12 with what `package` depends on; made once for each list of dependencies."""
    names = dependencies(package)
    base = folder / ("base-" + hashlib.sha256(" ".join(names).encode()).hexdigest()[:12])
    if not base.exists():
        half = base.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        command = ["debootstrap", "--variant=minbase", "--include=" + ",".join(names), "bookworm", half]
        made = subprocess.run(command, capture_output=True, text=True)
        if made.returncode != 0:
            sys.exit("debootstrap failed:\n" + made.stdout[-4000:])
        half.rename(base)
    return base


def root_with(base, names):
    """A copy of `base` with the packages too, none of which starts anything; made once for each list of names."""
    made = base.parent / (base.name + "-with-" + hashlib.sha256(" ".join(names).encode()).hexdigest()[:12])
    if not made.exists():
        trial = TrialRoot(base, made.with_suffix(".half"))
        policy = trial.path("/usr/sbin/policy-rc.d")
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        for words in (["update"], ["-y", "--no-install-recommends", "install", *names]):
            status, printed = trial.run("apt-get", "-q", *words)
            if status != 0:
                sys.exit("apt-get failed:\n" + printed[-4000:])
        trial.root.rename(made)
    return made


class OwnNetwork:
    """A network with a loopback interface and nothing else: for this thread and all that it starts, until `leave`."""

    new_network = 0x40000000  # CLONE_NEWNET

    def __init__(self):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.check(self.libc.unshare(self.new_network))
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)

    def leave(self):
        self.check(self.libc.setns(self.before, self.new_network))
        os.close(self.before)

    @staticmethod
    def check(status):
        if status != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class TrialRoot:
    def __init__(self, base, root):
        self.root = root
        shutil.rmtree(root, ignore_errors=True)
        subprocess.run(["cp", "-a", base, root], check=True)
        for name, number in (("null", 3), ("zero", 5), ("urandom", 9), ("random", 8)):
            device = root / "dev" / name
            device.unlink(missing_ok=True)
            subprocess.run(["mknod", "-m", "666", device, "c", "1", str(number)], check=True)

    def path(self, inside):
        return self.root / inside.lstrip("/")

    def inside(self, *words):
        """The words of a command that runs in there, with its own /proc; what it starts ends with it."""
        space = ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={self.root}/proc"]
        return [*space, "chroot", self.root, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *words]

    def run(self, *words):
        """Its exit status and all that it printed."""
        ended = subprocess.run(self.inside("DEBIAN_FRONTEND=noninteractive", *words), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return ended.returncode, ended.stdout

    def owner_and_mode(self, inside):
        return self.run("stat", "-c", "%U:%G %a", inside)[1].strip()


def end(process, by=signal.SIGTERM):
    """Ends what `inside` started; its exit status."""
    # `unshare` does not pass signals on; what it started is its only child.
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), by)
    return process.wait(PATIENCE)


class Unit:
    """The settings of a unit's file that a start without systemd has to follow."""

    def __init__(self, text):
        self.settings = re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)

    def all(self, name):
        return [value for key, value in self.settings if key == name and value]

    def one(self, name):
        (value,) = self.all(name)
        return value


class Service:
    """What systemd would run: as the unit's user, with its directories, credentials and a socket to notify."""

    def __init__(self, trial, unit_file):
        unit = Unit(trial.path(unit_file).read_text())
        user = unit.one("User")
        credentials = "/run/credentials"
        trial.run("install", "-d", "-m", "0700", "-o", user, credentials)
        for credential in unit.all("LoadCredential"):
            name, source = credential.split(":")
            trial.run("install", "-m", "0400", "-o", user, source, f"{credentials}/{name}")
        runtime = "/run/" + unit.one("RuntimeDirectory")
        trial.run("install", "-d", "-m", unit.one("RuntimeDirectoryMode"), "-o", user, "-g", user, runtime)
        notify = trial.path("/run/notify")
        notify.unlink(missing_ok=True)
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notified.bind(str(notify))
        self.notified.settimeout(PATIENCE)
        notify.chmod(0o666)
        variables = [*unit.all("Environment"), f"CREDENTIALS_DIRECTORY={credentials}", "NOTIFY_SOCKET=/run/notify"]
        start = (f"cd {unit.one('WorkingDirectory')} && umask {unit.one('UMask')} && "
                 f"exec setpriv --reuid={user} --regid={unit.one('Group')} --clear-groups {unit.one('ExecStart')}")
        self.log = trial.path("/run/service.log").open("w+")
        self.process = subprocess.Popen(trial.inside(*variables, "sh", "-c", start), stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        self.messages = ""
        self.hear("READY=1")

    def hear(self, message):
        """Waits until it is said."""
        give_up = time.monotonic() + PATIENCE
        while message not in self.messages.split("\n"):
            if time.monotonic() > give_up or self.process.poll() is not None:
                raise AssertionError(f"the service did not say {message}: {self.written()}")
            self.notified.settimeout(1)
            try:
                self.messages += self.notified.recv(4096).decode() + "\n"
            except TimeoutError:
                pass

    def written(self):
        self.log.seek(0)
        return self.log.read()

    def stop(self, by=signal.SIGTERM):
        """Its exit status after the signal."""
        status = end(self.process, by)
        self.notified.close()
        self.log.close()
        return status
