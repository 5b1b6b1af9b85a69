"""Reads a token a line, and says of each "ok SUBJECT" or "refused WHY". What is between the marks is in docs/tokens.md."""
import os
import sys

from authlib.oauth2 import OAuth2Error

issuer, audience = os.environ["ISSUER"], os.environ["AUDIENCE"]
# docs {
import json
import time
import urllib.request

from authlib.oauth2.rfc9068 import JWTBearerTokenValidator


class AccessTokens(JWTBearerTokenValidator):
    fetched_at = 0

    def get_jwks(self):
        if time.time() > self.fetched_at + 300:
            with urllib.request.urlopen(f"{self.issuer}/.well-known/jwks.json", timeout=5) as answer:
                self.jwks, self.fetched_at = json.load(answer), time.time()
        return self.jwks


access_tokens = AccessTokens(issuer=issuer, resource_server=audience)
# docs }


def verify(raw):
    """As authlib's ResourceProtector does once it has the header."""
    token = access_tokens.authenticate_token(raw)
    access_tokens.validate_token(token, scopes=["api"], request=None)
    return token


for line in sys.stdin:
    try:
        print("ok", verify(line.strip())["sub"], flush=True)
    except OAuth2Error as error:
        print("refused", error.error, error.__cause__, flush=True)
