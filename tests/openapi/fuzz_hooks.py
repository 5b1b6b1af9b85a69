"""What schemathesis cannot make up: somebody who is signed in, whatever it just ended, ids of what is theirs, and user
ids that are free.

FUZZ_AS says who asks: "session", by cookie, an administrator whose own ids stand in the addresses; "token", by access
token; "nobody". FUZZ_CALLS is where each call is noted, with the status of its answer."""

import itertools
import os
import subprocess

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

URL = os.environ["FUZZ_URL"]
WHO = os.environ["FUZZ_AS"]
CALLS = open(os.environ["FUZZ_CALLS"], "w")
PASSWORD = "a river of nine lanterns"
PIXEL = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def ask(method, path, body=None, headers=None):
    return requests.request(method, URL + path, json=body, headers=headers, timeout=60)


def post(path, body, headers=None):
    answer = ask("POST", path, body, headers)
    answer.raise_for_status()
    return answer


class Person:
    """An account with a session, made anew when calls ended the old."""

    def __init__(self):
        self.numbers = itertools.count()
        self.is_known = False  # since the last call that may have ended something
        self.given = set()  # credentials
        self.uid = self.id = self.session = self.cookie = self.token = self.classic = self.note = None

    def lives(self, path, headers):
        return ask("GET", path, headers=headers).status_code == 200

    def free_uid(self):
        return f"{WHO}-{os.getpid()}-{next(self.numbers)}"

    def make_account(self):
        self.uid = self.free_uid()
        post("/v1/signup", {"name": "Ann", "uid": self.uid, "password": PASSWORD})
        if WHO == "session":
            subprocess.run([os.environ["FUZZ_PROGRAM"], "admin", "grant", self.uid, "--role", "admin", "--yes",
                            "--no-input", "--data", os.environ["FUZZ_DATA"]], check=True, capture_output=True)

    def sign_in(self):
        credentials = {"uid": self.uid, "password": PASSWORD}
        # An account that was deleted answers as well, and opens nothing.
        if self.uid is None or ask("POST", "/v1/signin", credentials).json().get("state") != "complete":
            self.make_account()
            credentials["uid"] = self.uid
        answer = post("/v1/signin", credentials)
        self.id, self.session = answer.json()["user"]["id"], answer.json()["session"]["id"]
        self.cookie = {"Cookie": f"__Host-cardea={answer.cookies['__Host-cardea']}"}
        self.token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        classic = post("/api/users/authenticate", credentials).json()["data"]["jwt"]
        self.classic = {"Authorization": f"Bearer {classic}"}
        self.given.update(*(each.values() for each in (self.cookie, self.token, self.classic)))

    def credential_for(self, path):
        if not self.is_known:
            if self.uid is None or not (self.lives("/v1/session", self.token) and
                                        self.lives("/api/notes", self.classic)):
                self.sign_in()
            self.is_known = True
        if path.startswith("/api/"):
            return self.classic
        return self.token if WHO == "token" else self.cookie

    def own_id(self, path):
        """The id of theirs that the address wants, if any."""
        if "/notes/{id}" in path:
            if self.note is None or not self.lives(f"/v1/me/notes/{self.note}", self.cookie):
                self.note = post("/v1/me/notes", {"note": "Milk", "image": PIXEL}, self.cookie).json()["id"]
            return self.note
        if "/sessions/{id}" in path:
            return self.session
        return self.id if "/users/{id}" in path else None


person = Person()
ask("POST", "/v1/signup", {"name": "Carol", "uid": "carol", "password": PASSWORD})  # whom the document's examples name

if WHO != "nobody":

    @schemathesis.auth(refresh_interval=None)
    class Credential:
        def get(self, case, context):
            return person.credential_for(case.operation.path)

        def set(self, case, data, context):
            case.headers.update(data)


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.operation.path
    if path == "/v1/forward-auth":
        case.headers.update({"X-Forwarded-Proto": "http", "X-Forwarded-Uri": "/",
                             "X-Forwarded-Host": "localhost:" + URL.rpartition(":")[2]})
    # The case may have been made long ago. One whose credential was taken away or spoilt on purpose stays as it is.
    if person.given.intersection(case.headers.values()):
        case.headers.update(person.credential_for(path))
    # What is stateful has ids of its own, and what is wrong on purpose stays wrong.
    if WHO != "session" or not case.meta or case.meta.phase.name == TestPhase.STATEFUL:
        return
    if "{id}" in path and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters["id"] = person.own_id(path)
    is_signup = path in ("/v1/signup", "/api/users") and isinstance(case.body, dict)
    if is_signup and case.body.get("uid") and not case.meta.is_negative_at(ParameterLocation.BODY):
        case.body["uid"] = person.free_uid()


@schemathesis.hook
def after_call(context, case, response):
    if case.method != "GET":
        person.is_known = False
    print(f"{case.method} {case.operation.path}", response.status_code, sep="\t", file=CALLS, flush=True)
