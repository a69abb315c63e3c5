"""What the gateway's engine refuses to compile, in its own words.

Reading and the rules of a module as a whole are looked at first; bodies are left to wasmtime, which is a thousand times
faster at it, and looked at again by the engine's own rules only where wasmtime refuses them: for the words.
"""

from __future__ import annotations

from typing import Final

from tui.gateway.engine.answer import Request
from tui.gateway.engine.wazero.judge import judge

PAGES: Final = 4096  # that the gateway gives any memory
MOST_BYTES: Final = 4_000_000  # of bodies that are looked at for words: some ten seconds


def refused_module(source: bytes) -> str | None:
    """The words for a module that does not read, or breaks a rule outside its bodies; None where it keeps them."""
    answer = judge(source, Request(PAGES))
    return answer.words if answer.stage == "compile" else None


def refused_bodies(source: bytes, otherwise: str) -> str:
    """The words for a module whose bodies wasmtime refuses; `otherwise` are wasmtime's, which may have a bound."""
    answer = judge(source, Request(PAGES, bodies=None, most_bytes=MOST_BYTES))
    return answer.words if answer.stage == "compile" else otherwise
