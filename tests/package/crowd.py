"""People who sign up over HTTPS, each from an address of their own, and remember what they were promised."""

import contextlib
import http.client
import itertools
import json
import socket
import ssl
import threading
import time

PASSWORD = "a river of nine lanterns"
PATIENCE = 60  # seconds


class Crowd:
    def __init__(self, host, authority):
        self.host = host
        self.tls = ssl.create_default_context(cafile=str(authority))
        self.numbers = itertools.count(1)
        self.promised = []
        self.lock = threading.Lock()

    def call(self, method, path, fields=None, session=None):
        """The status, and the session cookie that came with it."""
        with self.lock:
            number = next(self.numbers)
        source = f"127.{1 + number // 250 % 250}.{1 + number % 250}.7"
        raw = socket.create_connection(("127.0.0.1", 443), timeout=20, source_address=(source, 0))
        connection = http.client.HTTPConnection(self.host)
        connection.sock = self.tls.wrap_socket(raw, server_hostname=self.host)
        with contextlib.closing(connection):
            headers = {"Content-Type": "application/json"} if fields else {}
            connection.request(method, path, json.dumps(fields) if fields else None,
                               headers | ({"Cookie": session} if session else {}))
            answer = connection.getresponse()
            answer.read()
            return answer.status, (answer.getheader("Set-Cookie") or "").split(";")[0]

    def sign_up(self, uid):
        """True when it was acknowledged."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            if self.call("POST", "/v1/signup", {"name": uid.title(), "uid": uid, "password": PASSWORD})[0] == 201:
                with self.lock:
                    self.promised.append(uid)
                return True
        return False

    def signs_in(self, uid):
        """The session; None when that is refused."""
        status, session = self.call("POST", "/v1/signin", {"uid": uid, "password": PASSWORD})
        return session if status == 200 else None

    def holds(self, session):
        return self.call("GET", "/v1/session", session=session)[0] == 200

    def acknowledged(self):
        with self.lock:
            return list(self.promised)

    def forget_all_but(self, uids):
        with self.lock:
            self.promised = list(uids)

    def wait_for(self, count):
        give_up = time.monotonic() + PATIENCE
        while len(self.acknowledged()) < count:
            if time.monotonic() > give_up:
                raise AssertionError(f"{len(self.acknowledged())} of {count} sign-ups were acknowledged")
            time.sleep(0.02)

    @contextlib.contextmanager
    def coming(self):
        """Four at a time sign up meanwhile."""
        ended = threading.Event()
        names = (f"visitor.{number}" for number in itertools.count(len(self.acknowledged()) * 10))
        def come():
            while not ended.is_set():
                with self.lock:
                    uid = next(names)
                if not self.sign_up(uid):
                    time.sleep(0.05)
        threads = [threading.Thread(target=come) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            for thread in threads:
                thread.join()
