"""The states of a function: one word each, on screen, in text, in JSON and in the README, with their signs."""

from __future__ import annotations

from typing import Final, Literal

from tui.facts import Fact

State = Literal[
    "reading",  # not read yet: never shown as not built
    "building",
    "queued",
    "refused",  # function.yaml is refused
    "failed",  # the last build failed, from the inputs that are there now
    "cancelled",
    "unbuilt",  # no function.wasm
    "blocked",  # the gateway would refuse it, or it would not work
    "stale",  # the module is older than its sources, or than its build's inputs
    "warnings",  # deployable, with something to know
    "ready",  # a valid module, nothing to say against it, not stale
]


class StateSign(Fact):
    """How a state is shown: never by colour alone."""

    glyph: str
    ascii: str
    word: str
    role: str  # "ok", "warn", "error", "accent", "muted"


def _sign(state: State, glyph: str, ascii_twin: str, role: str) -> tuple[State, StateSign]:
    return state, StateSign(glyph, ascii_twin, state, role)


# In the order in which the first that holds is the state.
STATES: Final[dict[State, StateSign]] = dict(
    (
        _sign("reading", "…", ".", "muted"),
        _sign("building", "◐", ">", "accent"),
        _sign("queued", "◌", "q", "accent"),
        _sign("refused", "✗", "x", "error"),
        _sign("failed", "✗", "x", "error"),
        _sign("cancelled", "⊘", "-", "muted"),
        _sign("unbuilt", "·", ".", "muted"),
        _sign("blocked", "✗", "x", "error"),
        _sign("stale", "↻", "~", "warn"),
        _sign("warnings", "▲", "!", "warn"),
        _sign("ready", "✓", "+", "ok"),
    )
)


def in_sentence(state: State) -> str:
    """The state's word behind a name or a number: `chat is ready`, `1 with warnings`."""
    return f"with {state}" if state == "warnings" else state
