"""The one cookie: a learner's secret and, where a code word is asked, the proof that it was given.

`SECRET` or `SECRET.PROOF`, the proof being an HMAC of the secret under the word: so a changed word
asks again and the learner stays who they were. Nothing but the secret's hash is ever kept.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

NAME = "learner"
YEAR = 365 * 24 * 60 * 60
# 256 bits of secret, 128 of proof, both in base64 without padding.
VALUE = re.compile(rb"([\w-]{43})(?:\.([\w-]{22}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cookie:
    secret: str
    proof: str = ""

    @property
    def learner(self) -> str:
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def admits(self, code: str) -> bool:
        return hmac.compare_digest(self.proof, _proof(self.secret, code))

    def with_proof(self, code: str) -> "Cookie":
        return Cookie(self.secret, _proof(self.secret, code))

    def header(self, secure: bool) -> str:
        value = f"{self.secret}.{self.proof}" if self.proof else self.secret
        tail = "; Secure" if secure else ""
        return f"{NAME}={value}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{tail}"


def new() -> Cookie:
    return Cookie(secrets.token_urlsafe(32))


def read(header: bytes) -> Cookie | None:
    """The learner of a Cookie header; a malformed one is none."""
    for part in header.split(b";"):
        name, _, value = part.strip().partition(b"=")
        if name == NAME.encode() and (found := VALUE.fullmatch(value)):
            secret, proof = found.groups(default=b"")
            return Cookie(secret.decode(), proof.decode())
    return None


def _proof(secret: str, code: str) -> str:
    digest = hmac.digest(code.encode(), secret.encode(), "sha256")
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
