# SPDX-License-Identifier: Apache-2.0
# verify_jwt.py KEY TOKEN: opens an encrypted JWT and prints its claims.
import base64
import json
import sys

from jwcrypto import jwe, jwk

key = base64.urlsafe_b64encode(bytes.fromhex(sys.argv[1])).rstrip(b"=").decode()
token = jwe.JWE()
token.deserialize(sys.argv[2], jwk.JWK(kty="oct", k=key))
claims = json.loads(token.payload)
secret = claims["cnf"]["jwk"]
assert secret["kty"] == "oct"
pop = base64.urlsafe_b64decode(secret["k"] + "=" * (-len(secret["k"]) % 4))
print(claims["iss"], claims["sub"], claims["aud"], claims["exp"], claims["jti"], pop.hex())
