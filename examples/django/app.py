"""A Django application that Cardea keeps the door of, in one file."""

import os
import sys
from html import escape

import requests
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import path

CARDEA = os.environ.get("CARDEA_URL", "http://localhost:8025")
ASKED = ("Accept", "Cookie", "Sec-Fetch-Dest")
ANSWERED = ("Content-Type", "Location", "Set-Cookie")

settings.configure(
    DEBUG=True,
    SECRET_KEY="only-for-the-example",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[f"{__name__}.ask_cardea"],
)


def ask_cardea(go_on):
    """Who is there? Browsers of nobody are sent to sign in, and come back."""

    def middleware(request):
        if request.path == "/":
            return go_on(request)  # for everybody
        answer = requests.get(
            f"{CARDEA}/v1/forward-auth",
            headers={
                **{name: request.headers[name] for name in ASKED if name in request.headers},
                "X-Forwarded-Method": request.method,
                "X-Forwarded-Proto": request.scheme,
                "X-Forwarded-Host": request.get_host(),
                "X-Forwarded-Uri": request.get_full_path(),
            },
            allow_redirects=False,
            timeout=5,
        )
        if answer.status_code != 200:
            headers = {name: answer.headers[name] for name in ANSWERED if name in answer.headers}
            return HttpResponse(answer.content, status=answer.status_code, headers=headers)
        request.person = answer.json()["user"]
        return go_on(request)

    return middleware


def home(request):
    return HttpResponse('<h1>Welcome</h1><a href="/notes">Your notes</a>')


def notes(request):
    return HttpResponse(f'<h1>Notes of {escape(request.person)}</h1><a href="{CARDEA}/signout">Sign out</a>')


urlpatterns = [path("", home), path("notes", notes)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
