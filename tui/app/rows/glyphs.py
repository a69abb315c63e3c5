"""Every sign that the screen draws, with its ASCII twin: states, severities, boxes, arrows, bars, trees, keys.

`Glyphs(ascii=True)` gives a screen on which no character lies outside ASCII and that still tells everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tui.app.keys.actions import ACTIONS, Action, key_word
from tui.lines.states import STATES, State, StateSign

if TYPE_CHECKING:
    from tui.gateway.verdict import Severity, StepState


SEVERITIES: Final[dict[Severity, StateSign]] = {
    "error": StateSign("✗", "x", "error", "error"),
    "warning": StateSign("▲", "!", "warning", "warn"),
    "info": StateSign("●", "i", "note", "accent"),
}

STEPS: Final[dict[StepState, StateSign]] = {
    "present": StateSign("✓", "+", "present", "ok"),
    "wrong": StateSign("≠", "#", "wrong type", "error"),
    "missing": StateSign("✗", "x", "missing", "error"),
    "unknown": StateSign("?", "?", "not built", "muted"),
}

ACCIDENT: Final = StateSign("▲", "!", "works by accident", "warn")

# name -> (glyph, ASCII twin); both of the same width wherever a drawing must line up.
SIGNS: Final[dict[str, tuple[str, str]]] = {
    # states and marks
    "ok": ("✓", "+"),
    "warn": ("▲", "!"),
    "error": ("✗", "x"),
    "info": ("●", "i"),
    "unknown": ("?", "?"),
    "stale": ("↻", "~"),
    "queued": ("◌", "q"),
    "dot": ("·", "-"),
    "marked": ("◆", "*"),
    "some": ("◇", "o"),
    "cursor": ("▌", ">"),
    "caret": ("^", "^"),
    "on": ("●", "*"),
    "off": ("○", "o"),
    "ellipsis": ("…", "~"),
    "mask": ("•", "*"),
    "times": ("×", "x"),
    "delta": ("Δ", "d"),
    # arrows
    "right": ("→", ">"),
    "left": ("←", "<"),
    "up": ("↑", "^"),
    "down": ("↓", "v"),
    "head": ("▶", ">"),
    "loop": ("⟲", "@"),
    # light box
    "h": ("─", "-"),
    "v": ("│", "|"),
    "tl": ("┌", "+"),
    "tr": ("┐", "+"),
    "bl": ("└", "+"),
    "br": ("┘", "+"),
    "rtl": ("╭", "."),
    "rtr": ("╮", "."),
    "rbl": ("╰", "`"),
    "rbr": ("╯", "'"),
    "tee_r": ("├", "+"),
    "tee_l": ("┤", "+"),
    "tee_d": ("┬", "+"),
    "tee_u": ("┴", "+"),
    "cross": ("┼", "+"),
    # what is missing or broken
    "dash_h": ("╌", "-"),
    "dash_v": ("╎", ":"),
    "heavy_h": ("━", "="),
    "heavy_v": ("┃", "#"),
    # trees
    "open": ("▾", "v"),
    "closed": ("▸", ">"),
    "branch": ("├╴", "|-"),
    "last": ("└╴", "`-"),
    "pipe": ("│ ", "| "),
}

_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_LEVELS: Final = "▁▂▃▄▅▆▇█"
_ASCII_LEVELS: Final = "_.-=*#"
_SPINNER: Final = ("◐", "◓", "◑", "◒")
_ASCII_SPINNER: Final = ("|", "/", "-", "\\")


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The signs in one of the two alphabets, and the keys that a person bound: sentences name those."""

    ascii: bool = False
    table: tuple[Action, ...] = ACTIONS

    def __getitem__(self, name: str) -> str:
        """The sign of that name; KeyError for a name that is not in the table."""
        return SIGNS[name][self.ascii]

    def sign(self, sign: StateSign) -> str:
        """A state's glyph."""
        return sign.ascii if self.ascii else sign.glyph

    def state(self, state: State) -> str:
        """The glyph of a function's state."""
        return self.sign(STATES[state])

    def severity(self, severity: Severity) -> str:
        """The glyph of a finding's severity."""
        return self.sign(SEVERITIES[severity])

    def step(self, state: StepState) -> str:
        """The glyph of a station of a function's life."""
        return self.sign(STEPS[state])

    def key(self, action_id: str) -> str:
        """The key of an action, as sentences name it: the first that is bound."""
        return next(key_word(action.keys[0], self.ascii) for action in self.table if action.id == action_id)

    def spinner(self, tick: int) -> str:
        """The sign of something under way; it turns as `tick` grows."""
        frames = _ASCII_SPINNER if self.ascii else _SPINNER
        return frames[tick % len(frames)]

    def bar(self, share: float, width: int) -> str:
        """A bar that fills `share` (0..1) of `width` cells, blank to the right; something above 0 never looks empty."""
        share = min(max(share, 0.0), 1.0)
        if self.ascii:
            full = max(round(share * width), 1 if share > 0 else 0)
            return ("#" * full).ljust(width)[:width]
        eighths = max(round(share * width * 8), 1 if share > 0 else 0)
        full, rest = divmod(eighths, 8)
        return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(width)[:width]

    def sparkline(self, values: Sequence[float], width: int) -> str:
        """The last `width` values as one line of levels, from the least of them to the greatest."""
        shown = values[-width:] if width > 0 else ()
        if not shown:
            return ""
        levels = _ASCII_LEVELS if self.ascii else _LEVELS
        low, span = min(shown), max(shown) - min(shown)
        top = len(levels) - 1
        return "".join(levels[round((value - low) / span * top) if span else top // 2] for value in shown)

    def text(self, text: str) -> str:
        """`text` as it may be shown: outside ASCII replaced by escapes where the alphabet is ASCII.

        Signs that this table knows become their twins, so that sentences with an arrow stay sentences.
        """
        if not self.ascii or text.isascii():
            return text
        twins = _twins()
        replaced = "".join(twins.get(character, character) for character in text)
        return replaced.encode("ascii", "backslashreplace").decode("ascii")

    def words(self, text: str) -> str:
        """A sentence of ours, as `text`: the function types in it are drawn with the arrow that pictures have."""
        return self.text(text if self.ascii else text.replace(")->", ")→"))


_PUNCTUATION: Final = {
    "–": "-",
    "—": "-",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "\u00a0": " ",
    "█": "#",
    "≥": ">=",
    "≤": "<=",
}


@lru_cache(maxsize=1)
def _twins() -> dict[str, str]:
    """Glyph -> ASCII twin, for single characters."""
    signs = [*STATES.values(), *SEVERITIES.values(), *STEPS.values()]
    singles = {sign.glyph: sign.ascii for sign in signs}
    return singles | {glyph: twin for glyph, twin in SIGNS.values() if len(glyph) == 1} | _PUNCTUATION
