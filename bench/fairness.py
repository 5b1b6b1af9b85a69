"""Load rows: what others are served while one client, or a crowd, does its worst. Addresses are told by a trusted proxy's header.

Budgets are the usual ones; nothing is lifted.
"""
import concurrent.futures
import http.client
import json
import statistics
import subprocess
import threading
import time

PASSWORD = "correct horse battery"
OTHERS = 20


def call(port, path, body, address, cookie=None):
    """Status, cookies and milliseconds of one request by a connection of its own."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
    if cookie:
        headers["Cookie"] = cookie
    try:
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        response.read()
        cookies = [value.split(";")[0] for value in response.headers.get_all("Set-Cookie") or []]
        return response.status, cookies, (time.perf_counter() - begun) * 1000
    finally:
        connection.close()


def sign_up(port, uid, address):
    status, cookies, _ = call(port, "/v1/signup", {"name": "Bench", "uid": uid, "password": PASSWORD}, address)
    assert status == 201, (status, uid)
    return next(cookie for cookie in cookies if cookie.startswith("__Host-cardea-device="))


class Attack:
    """wrk with attack.lua, until the block ends."""

    def __init__(self, port, script, connections, names, addresses, uid, password):
        env = {"PATH": "/usr/bin:/bin", "BENCH_NAMES": str(names), "BENCH_ADDRESSES": str(addresses), "BENCH_UID": uid, "BENCH_PASSWORD": password}
        self.process = subprocess.Popen(["wrk", "-t1", f"-c{connections}", "-d120s", "-s", str(script), f"http://127.0.0.1:{port}/v1/signin"],
                                        env=env, stdout=subprocess.DEVNULL)

    def __enter__(self):
        time.sleep(3)  # until it has filled what it can fill
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


def served(port, browsers):
    """The share of known browsers that get in, and the slowest but one in a hundred, while each tries once a second or so."""
    def attempt(i):
        time.sleep(i * 0.05)
        uid, address, cookie = browsers[i % len(browsers)]
        return call(port, "/v1/signin", {"uid": uid, "password": PASSWORD}, address, cookie)

    with concurrent.futures.ThreadPoolExecutor(8) as people:
        seen = list(people.map(attempt, range(3 * len(browsers))))
    spans = sorted(span for _, _, span in seen)
    return sum(status == 200 for status, _, _ in seen) / len(seen), spans[int(len(spans) * 0.99)]


class Poll(threading.Thread):
    """Fifty wrong passwords a second for one name, from four addresses."""

    def __init__(self, port, uid):
        super().__init__(daemon=True)
        self.port, self.uid, self.is_over, self.statuses = port, uid, False, []

    def run(self):
        i = 0
        while not self.is_over:
            i += 1
            self.statuses.append(call(self.port, "/v1/signin", {"uid": self.uid, "password": "wrong " * 4}, f"198.51.100.{i % 4}")[0])
            time.sleep(0.02)


def owner_gets_in(port, uid):
    """Seconds until the owner is in, with a browser and address that are new, trying every two seconds; None: not within two minutes."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < 120:
        if call(port, "/v1/signin", {"uid": uid, "password": PASSWORD}, "203.0.113.250")[0] == 200:
            return time.perf_counter() - begun
        time.sleep(2)
    return None


def measure(start, folder, script, rows, row):
    """`start(folder)` runs a server that believes the header; `row` takes a result."""
    crowds = (
        ("one account with its right password over 80 connections", dict(connections=80, names=1, addresses=1, uid="greedy", password=PASSWORD)),
        ("wrong passwords from one address over 400 connections", dict(connections=400, names=1000, addresses=1, uid="nobody", password="wrong wrong wrong")),
        ("wrong passwords from many addresses over 64 connections", dict(connections=64, names=100_000, addresses=200_000, uid="nobody", password="wrong wrong wrong")),
    )
    with start(folder / "fairness") as ours:
        sign_up(ours.port, "greedy", "198.51.0.0")
        browsers = [(f"other-{i}", f"203.0.113.{i}", sign_up(ours.port, f"other-{i}", f"203.0.113.{i}")) for i in range(OTHERS)]
        for what, crowd in crowds:
            with Attack(ours.port, script, **crowd):
                share, slowest = served(ours.port, browsers)
            row(rows, f"known browsers served beside {what}", f"{share:.0%}, p99 {slowest:,.0f} ms", "≥ 95 %, ≤ 2 s",
                share >= 0.95 and slowest <= 2000, share)
        poll = Poll(ours.port, "other-0")
        poll.start()
        time.sleep(5)
        span = owner_gets_in(ours.port, "other-0")
        poll.is_over = True
        row(rows, "owner with a new browser gets in while a stranger tries 50 passwords a second",
            "never" if span is None else f"after {span:.0f} s", "≤ 60 s", span is not None and span <= 60, span, True)
