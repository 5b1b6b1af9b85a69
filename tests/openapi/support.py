"""What these tests share: the tools, as their lock files say, and a server with its document."""

import contextlib
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
PASSWORD = "a river of nine lanterns"


def run(*words, **variables):
    """What the program printed; fails with all that it said."""
    done = subprocess.run(words, cwd=BUILT, capture_output=True, text=True, check=False, env=os.environ | variables)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def install_once(lock, marker, *commands):
    """Quick when the lock file is that of the last time."""
    if marker.exists() and marker.read_text() == lock.read_text():
        return
    for command in commands:
        run(*command)
    marker.write_text(lock.read_text())


def install_node():
    copy_sources()
    install_once(BUILT / "package-lock.json", BUILT / "node_modules/.installed",
                 ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])


def install_python():
    copy_sources()
    install_once(BUILT / "requirements.txt", BUILT / "venv/.installed", ["python3", "-m", "venv", "--clear", "venv"],
                 ["venv/bin/pip", "-q", "--disable-pip-version-check", "install", "--require-hashes", "-r",
                  "requirements.txt"])


def copy_sources():
    shutil.copytree(HERE, BUILT, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(**settings):
    """A server with an empty database: the address where it answers, and the folder of its data."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        with open(pathlib.Path(folder, "log"), "wb") as log:
            process = subprocess.Popen([PROGRAM, "dev", "--data", folder, "--listen", f"127.0.0.1:{port}"],
                                       stdout=log, stderr=log,
                                       env={name: value for name, value in os.environ.items()
                                            if not name.startswith("CARDEA_")} | settings)
        try:
            for _ in range(600):
                with contextlib.suppress(urllib.error.URLError, ConnectionError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
                    break
                time.sleep(0.1)
            else:
                raise RuntimeError(pathlib.Path(folder, "log").read_text())
            yield f"http://127.0.0.1:{port}", folder
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


class ServerCase(unittest.TestCase):
    """A server for all tests of a class, and its document in BUILT / "openapi.json"."""

    settings = {}

    @classmethod
    def setUpClass(cls):
        cls.url, cls.data = cls.enterClassContext(server(**cls.settings))
        cls.file = BUILT / "openapi.json"
        with urllib.request.urlopen(f"{cls.url}/openapi.json", timeout=30) as answer:
            cls.file.write_bytes(answer.read())
