"""What it costs to say who is calling: processor time per request, beside nginx answering as many bytes."""
import json
import os
import re
import statistics
import subprocess

ROUNDS = 5
SECONDS = 2
CONNECTIONS = 64


def processor_seconds(server):
    fields = open(f"/proc/{server.process.pid}/stat").read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def microseconds(server, path, header=None, status="2"):
    """Of the server's processor time, per request; every response has to be of that class."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", f"http://127.0.0.1:{server.port}{path}"]
    if header:
        command[1:1] = ["-H", header]
    before = processor_seconds(server)
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spent = processor_seconds(server) - before
    count = int(re.search(r"(\d+) requests in", out).group(1))
    other = int((re.search(r"Non-2xx or 3xx responses: (\d+)", out) or [0, 0])[1])
    assert other == (0 if status == "2" else count), out
    return spent / count * 1e6


def sign_up(server):
    status, headers, text = server.call("POST", "/v1/signup",
                                        {"name": "Bench", "uid": "bench-0000", "password": "correct horse battery"})
    assert status == 201, (status, text)
    return re.search(r"__Host-cardea=[^;]+", headers["Set-Cookie"]).group(0), json.loads(text)["access_token"]


def size_of(server, header):
    name, value = header.split(": ", 1)
    status, headers, text = server.call("GET", "/v1/session", headers={name: value})
    assert status == 200
    return sum(len(n) + len(v) + 4 for n, v in headers.items()) + len(text) + 19


def measure(cardea, nginx, folder, rows, row):
    """One I/O thread each; five rounds in turn, medians."""
    nothing = "A" * 43
    with cardea(folder / "session", CARDEA_SERVER__IO_THREADS="1") as ours, \
            cardea(folder / "two", CARDEA_SERVER__IO_THREADS="2") as two:
        cookie, token = sign_up(ours)
        live = f"Cookie: {cookie}"
        live_of_two = f"Cookie: {sign_up(two)[0]}"
        forged = token[:-1] + ("A" if token[-1] != "A" else "Q")
        with nginx(folder, size_of(ours, live) - 150) as theirs:  # its own head has some 150 bytes
            asked = {
                "nginx": lambda: microseconds(theirs, "/v1/session", live),
                "live": lambda: microseconds(ours, "/v1/session", live),
                "bearer": lambda: microseconds(ours, "/v1/session", f"Authorization: Bearer {token}"),
                "cookie of nobody": lambda: microseconds(ours, "/v1/session", f"Cookie: __Host-cardea={nothing}", "4"),
                "forged token": lambda: microseconds(ours, "/v1/session", f"Authorization: Bearer {forged}", "4"),
                "two": lambda: microseconds(two, "/v1/session", live_of_two),
                "list": lambda: microseconds(ours, "/v1/users?limit=50"),
            }
            for i in range(1, 50):
                ours.call("POST", "/v1/signup",
                          {"name": f"Bench {i}", "uid": f"bench-{i:04d}", "password": "correct horse battery"})
            spent = {name: [] for name in asked}
            for _ in range(ROUNDS):
                for name, ask in asked.items():
                    spent[name].append(ask())

    def compare(what, a, b, most):
        # Of each round by itself, so that a slow one slows both.
        ratio = statistics.median(x / y for x, y in zip(spent[a], spent[b]))
        times = (statistics.median(spent[a]), statistics.median(spent[b]))
        row(rows, what, f"{ratio:.2f} ({times[0]:.1f} ÷ {times[1]:.1f} µs)", f"≤ {most}", ratio <= most, times[0], True)

    compare("processor time of `GET /v1/session` ÷ nginx `return 200` of the same size", "live", "nginx", 1.1)
    compare("the same with a bearer token ÷ with a cookie", "bearer", "live", 1.3)
    compare("the same with a cookie of nobody ÷ with a live one", "cookie of nobody", "live", 1.2)
    compare("the same with a forged token ÷ with a live cookie", "forged token", "live", 1.2)
    compare("the same with two I/O threads ÷ with one", "two", "live", 1.2)
    page = statistics.median(spent["list"])
    row(rows, "processor time of a page of 50 users", f"{page:.0f} µs", "–", True, page, True)
