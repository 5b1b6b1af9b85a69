"""A Flask application that Cardea keeps the door of."""

import os

import requests
from flask import Flask, Response, g, request
from markupsafe import escape

CARDEA = os.environ.get("CARDEA_URL", "http://localhost:8025")
ASKED = ("Accept", "Cookie", "Sec-Fetch-Dest")
ANSWERED = ("Content-Type", "Location", "Set-Cookie")

app = Flask(__name__)


@app.before_request
def ask_cardea():
    """Who is there? Browsers of nobody are sent to sign in, and come back."""
    if request.path == "/":
        return None  # for everybody
    answer = requests.get(
        f"{CARDEA}/v1/forward-auth",
        headers={
            **{name: request.headers[name] for name in ASKED if name in request.headers},
            "X-Forwarded-Method": request.method,
            "X-Forwarded-Proto": request.scheme,
            "X-Forwarded-Host": request.host,
            "X-Forwarded-Uri": request.full_path.rstrip("?"),
        },
        allow_redirects=False,
        timeout=5,
    )
    if answer.status_code != 200:
        headers = [(name, answer.headers[name]) for name in ANSWERED if name in answer.headers]
        return Response(answer.content, answer.status_code, headers)
    g.user = answer.json()["user"]
    return None


@app.get("/")
def home():
    return '<h1>Welcome</h1><a href="/notes">Your notes</a>'


@app.get("/notes")
def notes():
    return f'<h1>Notes of {escape(g.user)}</h1><a href="{CARDEA}/signout">Sign out</a>'
