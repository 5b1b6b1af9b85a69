"""Prints a token with this header and payload, signed by a key that nobody knows."""
import json
import sys

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

header, payload = map(json.loads, sys.argv[1:])
print(jwt.encode(payload, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256", headers=header))
