"""A security key in software, for answers that a browser would give and for those that it never would."""

import hashlib
import json
import os
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as coded

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40
NO_MODEL = b"\0" * 16


class SoftKey:
    def __init__(self, place: str = "localhost", origin: str = "http://localhost:8000") -> None:
        self.place, self.origin = place, origin
        self.id = os.urandom(32)
        self.count = 0
        self._private = ec.generate_private_key(ec.SECP256R1())

    def _client_data(self, kind: str, question: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": question["challenge"], "origin": self.origin}).encode()

    def _authenticator_data(self, flags: int, more: bytes = b"") -> bytes:
        return hashlib.sha256(self.place.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + more

    def create(self, question: dict[str, Any], flags: int = PRESENT | VERIFIED) -> str:
        numbers = self._private.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        more = NO_MODEL + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(key)
        made = {"fmt": "none", "attStmt": {}, "authData": self._authenticator_data(flags | WITH_KEY, more)}
        return self._answer(
            {
                "clientDataJSON": coded(self._client_data("webauthn.create", question)),
                "attestationObject": coded(cbor2.dumps(made)),
            }
        )

    def get(self, question: dict[str, Any], flags: int = PRESENT | VERIFIED) -> str:
        self.count += 1
        told, data = self._client_data("webauthn.get", question), self._authenticator_data(flags)
        signature = self._private.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"clientDataJSON": coded(told), "authenticatorData": coded(data), "signature": coded(signature)}
        )

    def _answer(self, response: dict[str, str]) -> str:
        name = coded(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
