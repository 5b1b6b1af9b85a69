#!/usr/bin/env python3
"""Checks the systemd units: how far they are locked down, that systemd understands them, and what must not be lost.

The exposure is what `systemd-analyze security` reckons, from 0 to 10; see systemd.exec(5) for the settings.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

MOST_EXPOSURE = 2.0
# What operation rests on, and nothing else would notice the loss of.
REQUIRED = {
    "cardea.service": [
        "Type=notify",  # systemd knows when it serves
        "Restart=always",  # and it never gives up: with StartLimitIntervalSec
        "StartLimitIntervalSec=0",
        "WatchdogSec=60",
        "User=cardea",
        "RuntimeDirectory=cardea",
        "StateDirectory=cardea",
        "LoadCredential=secret:/etc/cardea/secret",
    ],
    "cardea.socket": ["SocketMode=0660"],
}


def exposure(unit):
    """What `systemd-analyze` reckons of one unit file, or what it complains of."""
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", unit]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", ended.stdout)
    return float(found[1]) if found else (ended.stderr.strip() or "systemd-analyze says nothing")


def misunderstood(unit):
    """Lines of systemd that complain of what stands in the unit; not of programs and pages that are not installed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder, unit.name)
        text = re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", unit.read_text(), flags=re.MULTILINE)
        copy.write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE))
        if unit.suffix == ".socket":  # it wants its service
            pathlib.Path(folder, unit.stem + ".service").write_text("[Service]\nExecStart=/bin/true\n")
        command = ["systemd-analyze", "verify", "--man=no", copy]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        return [line for line in ended.stderr.splitlines() if unit.name in line]


def check(folder):
    complaints = []
    for name, required in REQUIRED.items():
        unit = pathlib.Path(folder, name)
        if not unit.exists():
            complaints.append(f"{unit}: is missing")
            continue
        lines = unit.read_text().splitlines()
        complaints += [f"{unit}: {line} is missing" for line in required if line not in lines]
        complaints += [f"{unit}: {line}" for line in misunderstood(unit)]
        if unit.suffix == ".service":
            reckoned = exposure(unit)
            if isinstance(reckoned, str):
                complaints.append(f"{unit}: {reckoned}")
            elif reckoned > MOST_EXPOSURE:
                complaints.append(f"{unit}: its exposure is {reckoned}, more than {MOST_EXPOSURE}")
    return complaints


if __name__ == "__main__":
    found = check(pathlib.Path(__file__).resolve().parent.parent / "packaging/systemd")
    print("\n".join(found) if found else "units: clean")
    sys.exit(1 if found else 0)
