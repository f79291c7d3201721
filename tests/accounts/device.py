"""A device that makes and uses passkeys, in a few lines: what a browser would send for it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, MADE = 0x01, 0x04, 0x40
ORIGIN, HOST = "http://staff.localhost", "staff.localhost"


def asked(page: Any) -> dict[str, Any]:
    """What the page's passkey button asks of a device."""
    part = page.tree.find(".//*[@data-options]")
    found: dict[str, Any] = json.loads(part.get("data-options"))
    return found


@dataclass
class Device:
    """One device with one key; *flags* say whether its holder was there and proved it."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b"a device's own id"
    uses: int = 0
    counts: bool = True
    origin: str = ORIGIN
    host: str = HOST
    flags: int = PRESENT | VERIFIED

    def makes(self, options: dict[str, Any]) -> str:
        """The answer to a page that wants a passkey made."""
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
        told = self._head(self.flags | MADE) + bytes(16) + len(self.id).to_bytes(2) + self.id + public
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})
        return self._sent({"clientDataJSON": self._client("create", options), "attestationObject": made})

    def signs(self, options: dict[str, Any]) -> str:
        """The answer to a page that wants a passkey used."""
        self.uses += self.counts
        client, told = self._client("get", options), self._head(self.flags)
        signed = self.key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._sent({"clientDataJSON": client, "authenticatorData": told, "signature": signed})

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        told = {"type": f"webauthn.{kind}", "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _head(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4)

    def _sent(self, response: dict[str, bytes]) -> str:
        key = bytes_to_base64url(self.id)
        told = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": told,
                           "clientExtensionResults": {}})  # fmt: skip


def challenge_of(options: dict[str, Any]) -> bytes:
    """The bytes that a page asks a device to sign."""
    return base64url_to_bytes(options["challenge"])
