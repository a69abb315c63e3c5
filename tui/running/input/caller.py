"""Who calls, in words: `wallet=0xabc,claim.tier=pro`."""

from __future__ import annotations

from typing import Final

from tui.running.answer import Caller

CLAIM: Final = "claim."
KEYS: Final = "wallet, sub, device, claim.NAME"


class CallerError(ValueError):
    """Words that name nobody. The text says why."""


def caller_of(text: str) -> Caller:
    """The caller of `wallet=..,claim.x=..`. A wallet is the subject of its own token. Raises CallerError."""
    claims: dict[str, str] = {}
    known = {"wallet": "", "sub": "", "device": ""}
    for part in filter(None, text.split(",")):
        key, equals, value = part.partition("=")
        if equals and key.startswith(CLAIM) and len(key) > len(CLAIM):
            claims[key.removeprefix(CLAIM)] = value
        elif equals and key in known:
            known[key] = value
        else:
            raise CallerError(f"{part!r} is none of {KEYS}, each with =VALUE")
    return Caller(known["wallet"], known["sub"] or known["wallet"], known["device"], claims)
