"""A FastAPI application that Cardea keeps the door of."""

import os
from html import escape

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

CARDEA = os.environ.get("CARDEA_URL", "http://localhost:8025")
ASKED = ("accept", "cookie", "sec-fetch-dest")
ANSWERED = ("content-type", "location", "set-cookie")

app = FastAPI()
cardea = httpx.AsyncClient(base_url=CARDEA, timeout=5)


@app.middleware("http")
async def ask_cardea(request: Request, go_on):
    """Who is there? Browsers of nobody are sent to sign in, and come back."""
    if request.url.path == "/":
        return await go_on(request)  # for everybody
    answer = await cardea.get(
        "/v1/forward-auth",
        headers={
            **{name: request.headers[name] for name in ASKED if name in request.headers},
            "X-Forwarded-Method": request.method,
            "X-Forwarded-Proto": request.url.scheme,
            "X-Forwarded-Host": request.headers["host"],
            "X-Forwarded-Uri": str(request.url)[len(str(request.base_url)) - 1 :],
        },
    )
    if answer.status_code != 200:
        headers = {name: answer.headers[name] for name in ANSWERED if name in answer.headers}
        return Response(answer.content, answer.status_code, headers)
    request.state.user = answer.json()["user"]
    return await go_on(request)


@app.get("/", response_class=HTMLResponse)
async def home():
    return '<h1>Welcome</h1><a href="/notes">Your notes</a>'


@app.get("/notes", response_class=HTMLResponse)
async def notes(request: Request):
    return f'<h1>Notes of {escape(request.state.user)}</h1><a href="{CARDEA}/signout">Sign out</a>'
