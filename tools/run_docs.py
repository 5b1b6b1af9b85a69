#!/usr/bin/env python3
"""Runs the commands that the documentation shows, against a server of their own, and compares what they print.

A fence opened by ```sh run is executed; ```sh fails is executed and its last command must be refused (curl exit code
22: a status of 400 or more). The fence that follows, ```json or ```text, is what it prints: white space does not count,
and … stands for anything. The fences of one page share a shell, a folder and a server, which was started in that folder
by `cardea dev`, as a reader would: its data is in .cardea. It listens on a free port, which stands in for the
http://localhost:8025 of the pages. The shell has no variables but PATH, HOME and LANG: one that a page uses, it sets.

    tools/run_docs.py build/release/cardea README.md docs/api.md
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
REFUSED = 22  # curl --fail-with-body
PATIENCE = 120  # seconds for a page
SHOWN_URL = "http://localhost:8025"


class Step:
    """One fence that is run, and what it should print."""

    def __init__(self, line, command, refused):
        self.line, self.command, self.refused, self.expected = line, command, refused, None


def steps_of(text):
    steps, after = [], None
    for fence in FENCE.finditer(text):
        info = fence["info"].strip()
        if info in ("sh run", "sh fails"):
            after = Step(text.count("\n", 0, fence.start()) + 1, fence["body"], info == "sh fails")
            steps.append(after)
        else:
            if after and info in ("json", "text") and not text[end : fence.start()].strip():
                after.expected = fence["body"]
            after = None
        end = fence.end()
    return steps


def matches(expected, printed):
    parts = [re.escape(re.sub(r"\s+", "", part)) for part in expected.split("…")]
    return re.fullmatch(".*?".join(parts), re.sub(r"\s+", "", printed), re.DOTALL) is not None


def script_of(steps, folder):
    """One bash script; the output of each step goes to a file of its own, its status to another."""
    lines = ["set -euo pipefail"]
    for number, step in enumerate(steps):
        lines.append(f"exec >{folder}/{number}.out 2>&1")
        if step.refused:
            lines += ["set +e", step.command, f"echo $? >{folder}/{number}.status", "set -e"]
        else:
            lines += [step.command, f"echo 0 >{folder}/{number}.status"]
    return "\n".join(lines) + "\n"


def read(path):
    return path.read_text() if path.exists() else ""


def complaint_about(step, number, folder, url):
    printed = read(folder / f"{number}.out").replace(url, SHOWN_URL)
    status = read(folder / f"{number}.status").strip()
    wanted = REFUSED if step.refused else 0
    if status != str(wanted):
        return f"ended with status {status or 'other than 0'} instead of {wanted}, after printing:\n{printed}"
    if step.expected is not None and not matches(step.expected, printed):
        return f"printed something else:\n{printed}"
    return None


def bare(path):
    """The environment of somebody who has set nothing."""
    return {"PATH": path, "LANG": "C.UTF-8"}


def run_steps(steps, path, home, url=SHOWN_URL):
    """Yields (step, complaint) for the first step that is not as the page says. `home` is the folder to run in."""
    with tempfile.TemporaryDirectory() as output:
        folder = pathlib.Path(output)
        (folder / ".curlrc").write_text("fail-with-body\nsilent\nmax-time = 30\n")
        environment = {**bare(path), "HOME": home, "CURL_HOME": output}
        script = script_of(steps, output).replace(SHOWN_URL, url)
        subprocess.run(["bash", "-c", script], cwd=home, env=environment, timeout=PATIENCE, check=False)
        for number, step in enumerate(steps):
            complaint = complaint_about(step, number, folder, url)
            if complaint:
                yield step, complaint
                return


class Server:
    """`cardea dev` on a free port, started in a folder of its own."""

    def __init__(self, program, *options):
        self.program, self.options = pathlib.Path(program).resolve(), options

    def __enter__(self):
        self.home = tempfile.TemporaryDirectory()
        self.data = pathlib.Path(self.home.name) / ".cardea"
        command = [self.program, "dev", "--listen", "127.0.0.1:0", *self.options]
        # A variable of the caller's would be a setting of this server.
        own = {name: value for name, value in os.environ.items() if not name.startswith("CARDEA_")}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=self.home.name, env=own, text=True, **pipes)
        for line in self.process.stdout:
            found = re.search(r"CARDEA_URL=(\S+)", line)
            if found:
                self.url = found[1]
                return self
        self.__exit__()
        raise RuntimeError(f"{self.program} dev did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.home.cleanup()


def check_page(program, page):
    steps = steps_of(page.read_text())
    if not steps:
        return [f"{page}: has no command to run"]
    with Server(program) as server:
        path = f"{server.program.parent}:{os.environ['PATH']}"
        complaints = run_steps(steps, path, server.home.name, server.url)
        return [f"{page}:{step.line}: {complaint}" for step, complaint in complaints]


def main(arguments):
    program, *pages = arguments
    complaints = [line for page in pages for line in check_page(program, pathlib.Path(page))]
    print("\n".join(complaints) if complaints else f"commands in {len(pages)} pages do what the pages say")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
