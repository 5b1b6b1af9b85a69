"""Recovery asked for by strangers: what it costs, and what others are served meanwhile."""
import pathlib
import re
import threading
import time

SCRIPT = pathlib.Path(__file__).parent / "load/recovery.lua"
SECONDS = 6
LIFTED = {"CARDEA_THROTTLE__PASSWORD_RESET_REQUEST__FREE": "1000000000"}


def depth(server, token):
    """What waits in the queue of recovery."""
    status, _, text = server.call("GET", "/metrics", headers={"Authorization": f"Bearer {token}"})
    assert status == 200, status
    return sum(float(n) for n in re.findall(rb'^cardea_queue_depth\{kind="password_reset[^}]*\} (\S+)', text, re.M))


def measure(cardea, wrk, sign_up, folder, rows, row):
    with cardea(folder / "recovery", **LIFTED) as ours:
        token = (folder / "recovery/metrics_token").read_text().strip()
        cookie = sign_up(ours, "bench-0000")
        seen = {}
        load = threading.Thread(target=lambda: seen.update(wrk(ours.port, "/v1/recover", SECONDS, 16, script=SCRIPT)))
        load.start()
        time.sleep(1)
        calm = wrk(ours.port, "/v1/session", SECONDS - 2, 8, cookie)
        load.join()
        waiting, begun = depth(ours, token), time.perf_counter()
        while depth(ours, token) > 0 and time.perf_counter() - begun < 120:
            time.sleep(0.2)
        drained = time.perf_counter() - begun
    row(rows, "recovery mails asked for unknown addresses, all accepted", f"{seen['rate']:,.0f} per second", "–",
        seen["refused"] == 0, seen["rate"])
    row(rows, "`GET /v1/session` p99 meanwhile", f"{calm['p99_ms']:.1f} ms at {calm['rate']:,.0f} per second", "≤ 10 ms",
        calm["p99_ms"] <= 10 and calm["refused"] == 0, calm["rate"])
    row(rows, "time until the queue is empty again ÷ time it was filled", f"{drained / SECONDS:.1f} ({waiting:,.0f} waited)", "≤ 5",
        drained / SECONDS <= 5, drained, True)
