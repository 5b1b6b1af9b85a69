"""How long `cardea move` takes with a million accounts, from SQLite to PostgreSQL and back."""
import subprocess
import time

COUNT = 1_000_000
MOST_S = 300


def took(program, origin, target):
    begun = time.perf_counter()
    subprocess.run([program, "move", "--from", origin, "--to", target], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def measure(program, fill, server, folder, rows, row):
    """`fill` makes accounts in the database of an address; `server` is a PostgreSQL that runs."""
    first, last = f"sqlite:{folder}/move-from.db", f"sqlite:{folder}/move-to.db"
    fill(first, COUNT)
    server.create("moved")
    # On its own socket, past whatever stands before it.
    address = f"postgres:///moved?user=cardea&host={server.folder}"
    for what, origin, target in (("SQLite to PostgreSQL", first, address), ("PostgreSQL to SQLite", address, last)):
        seconds = took(program, origin, target)
        row(rows, f"`cardea move`, 1,000,000 accounts, {what}, compared and checked", f"{seconds:.0f} s", f"≤ {MOST_S} s",
            seconds <= MOST_S, seconds, True)
