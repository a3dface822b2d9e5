"""The one cookie: a learner's secret and proofs that a code word or the teacher's secret was given.

`SECRET`, `SECRET.PROOF` or `SECRET.PROOF.TEACHER`. A proof is an HMAC of the secret under the word,
so a changed word asks again and the learner stays the same. PROOF is empty if no code word is asked
for. Only the hash of the secret is ever kept.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace

NAME = "learner"
YEAR = 365 * 24 * 60 * 60
# 256 bits of secret, 128 of proof, both in base64 without padding.
VALUE = re.compile(rb"([\w-]{43})(?:\.([\w-]{22}|(?=\.)))?(?:\.([\w-]{22}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cookie:
    secret: str
    proof: str = ""
    teacher: str = ""

    @property
    def learner(self) -> str:
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def admits(self, code: str) -> bool:
        return hmac.compare_digest(self.proof, _proof(self.secret, code))

    def with_proof(self, code: str) -> "Cookie":
        return replace(self, proof=_proof(self.secret, code))

    def teaches(self, secret: str) -> bool:
        return hmac.compare_digest(self.teacher, _proof(self.secret, secret))

    def with_teacher(self, secret: str) -> "Cookie":
        return replace(self, teacher=_proof(self.secret, secret))

    def header(self, secure: bool) -> str:
        value = f"{self.secret}.{self.proof}.{self.teacher}".rstrip(".")
        tail = "; Secure" if secure else ""
        return f"{NAME}={value}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{tail}"


def new() -> Cookie:
    return Cookie(secrets.token_urlsafe(32))


def read(header: bytes) -> Cookie | None:
    """The learner of a Cookie header; a malformed one is none."""
    for part in header.split(b";"):
        name, _, value = part.strip().partition(b"=")
        if name == NAME.encode() and (found := VALUE.fullmatch(value)):
            secret, proof, teacher = found.groups(default=b"")
            return Cookie(secret.decode(), proof.decode(), teacher.decode())
    return None


def _proof(secret: str, code: str) -> str:
    digest = hmac.digest(code.encode(), secret.encode(), "sha256")
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
