# SPDX-License-Identifier: Apache-2.0
# verify_cwt.py KEY TOKEN [JWK]: opens a COSE_Encrypt0 CWT, or verifies a COSE_Sign1 one, and prints its claims.
import base64
import json
import sys

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESCCM


def encrypt0(value, key):
    protected, unprotected, ciphertext = value
    assert cbor2.loads(protected) == {1: 10}
    aad = cbor2.dumps(["Encrypt0", protected, b""])
    return cbor2.loads(AESCCM(key, tag_length=8).decrypt(unprotected[5], ciphertext, aad))


def sign1(value, jwk):
    protected, _, payload, signature = value
    assert cbor2.loads(protected) == {1: -7}
    x, y = (int.from_bytes(base64.urlsafe_b64decode(jwk[c] + "=="), "big") for c in "xy")
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    der = utils.encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    public.verify(der, cbor2.dumps(["Signature1", protected, b"", payload]), ec.ECDSA(hashes.SHA256()))
    return cbor2.loads(payload)


shared = bytes.fromhex(sys.argv[1])
token = cbor2.loads(bytes.fromhex(sys.argv[2]))
if token.tag == 16:
    claims = encrypt0(token.value, shared)
    confirmed = claims[8][1]
else:
    assert token.tag == 18
    claims = sign1(token.value, json.loads(sys.argv[3]))
    confirmed = encrypt0(claims[8][2].value, shared)
assert confirmed[1] == 4
print(claims[1], claims[2], claims[3], claims[4], claims[7].hex(), confirmed[-1].hex())
