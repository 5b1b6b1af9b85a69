"""A copy of the tree to change and build, below build/, so that the checkout stays as it is."""

import filecmp
import json
import os
import re
import shlex
import shutil
import subprocess

import lint_shape

BUILD_PATIENCE = 3600  # seconds for one build


def execute(command, folder, patience):
    """Returns (exit status, output); the status is None when it took too long."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    try:
        done = subprocess.run(command, cwd=folder, timeout=patience, check=False, **pipes)
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b"").decode(errors="replace")
    return done.returncode, done.stdout.decode(errors="replace")


def copy_file(source, target):
    """Copies what differs, with a new date, so that only that is built again."""
    if not target.exists() or not filecmp.cmp(source, target, shallow=False):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def refresh(root, tree):
    """Makes `tree` the same as `root`, whatever an earlier run left there; its own build/ stays."""
    names = set(lint_shape.files_of(root))
    for name in names:
        copy_file(root / name, tree / name)
    for folder, folders, files in os.walk(tree):
        if folder == str(tree) and "build" in folders:
            folders.remove("build")
        for name in files:
            path = os.path.join(folder, name)
            if os.path.relpath(path, tree) not in names:
                os.unlink(path)


class Cmake:
    """How a copy is built and its programs are started, by the preset `dev`; the tests of the tools have stand-ins."""

    def __init__(self, tree):
        self.tree = tree

    def configure(self):
        """Returns (whether it succeeded, what it printed)."""
        status, text = execute(["cmake", "--preset", "dev"], self.tree, BUILD_PATIENCE)
        return status == 0, text

    def build(self, *targets):
        """Builds these targets, or everything. Returns (whether it succeeded, what it printed)."""
        command = ["cmake", "--build", "build/dev", "-j", os.environ.get("CARDEA_JOBS", "2")]
        if not (self.tree / "build" / "dev" / "CMakeCache.txt").exists():
            good, text = self.configure()
            if not good:
                return good, text
        status, text = execute([*command, "--target", *targets] if targets else command, self.tree, BUILD_PATIENCE)
        return status == 0, text

    def refusal(self, source):
        """Why the compiler refuses a source of the copy; empty when it takes it, or when it does not compile it."""
        commands = json.loads((self.tree / "build" / "dev" / "compile_commands.json").read_text())
        command = next((each for each in commands if each["file"] == str(self.tree / source)), None)
        if command is None:
            return ""
        words = shlex.split(command["command"])
        words = [word for i, word in enumerate(words) if word not in ("-c", "-o") and words[i - 1] != "-o"]
        status, text = execute([*words, "-fsyntax-only"], command["directory"], BUILD_PATIENCE)
        return "" if status == 0 else next((line for line in text.splitlines() if "error:" in line), text)

    def program(self, name):
        return [str(self.tree / "build" / "dev" / name)]

    def tests(self, *options):
        """The test programs that ctest would choose; configured first."""
        _, text = execute(["ctest", "--test-dir", "build/dev", "-N", *options], self.tree, BUILD_PATIENCE)
        return re.findall(r"^ *Test *#\d+: (\w+)$", text, re.MULTILINE)

    def ctest(self, *options):
        command = ["ctest", "--test-dir", "build/dev", "-j2", "--output-on-failure", "--no-tests=error", *options]
        status, text = execute(command, self.tree, BUILD_PATIENCE)
        return status == 0, text
