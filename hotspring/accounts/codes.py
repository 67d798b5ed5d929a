"""Second factors: codes of an app by the clock (RFC 6238), and recovery codes on paper."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final

import pyotp

STEP_MS: Final = 30_000
DRIFT: Final = 1
"""Steps by which the clock of a phone may be wrong."""
RECOVERY: Final = 10
ISSUER: Final = "Hotspring"


def fresh_secret() -> str:
    """A new secret for an app: 160 random bits in base32."""
    return pyotp.random_base32()


def uri(secret: str, name: str) -> str:
    """What an app reads from a picture: `otpauth://totp/...`."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def step_of(secret: str, code: str, now_ms: int) -> int | None:
    """Of which time step is this the code? None where it is of none near `now_ms`."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    clock, now = pyotp.TOTP(secret), now_ms // STEP_MS
    # All are compared, so that the time taken does not tell which one it was.
    found = [
        step
        for step in range(max(0, now - DRIFT), now + DRIFT + 1)
        if hmac.compare_digest(clock.generate_otp(step), code)
    ]
    return found[-1] if found else None


def tidied(code: str) -> str:
    """A code as it is compared: without the blanks and dashes people type."""
    return re.sub(r"[\s-]", "", code).lower()


def recovery_codes() -> list[str]:
    """Ten codes of 80 random bits, each good once, for who lost the phone."""
    return [
        _grouped(base64.b32encode(secrets.token_bytes(10)).decode().lower())
        for _ in range(RECOVERY)
    ]


def digest(text: str) -> str:
    """The hash under which a random text is kept: what cannot be guessed needs no slow one."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _grouped(text: str) -> str:
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
