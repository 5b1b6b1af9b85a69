"""Reads a token a line, and says of each "ok SUBJECT" or "refused WHY". What is between the marks is in docs/tokens.md."""
import os
import sys

issuer, audience = os.environ["ISSUER"], os.environ["AUDIENCE"]
# docs {
import jwt

keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json")


def verify(token):
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=["ES256"], issuer=issuer, audience=audience,
                      options={"require": ["sub", "exp"]})
# docs }


for line in sys.stdin:
    try:
        print("ok", verify(line.strip())["sub"], flush=True)
    except jwt.PyJWTError as error:
        print("refused", type(error).__name__, error, flush=True)
