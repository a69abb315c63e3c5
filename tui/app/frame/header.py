"""The first line of the screen: which workspace, how its functions are, which compiler, whether it watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from textual.strip import Strip
from textual.widget import Widget

from tui.app.colours.roles import Line, Part
from tui.app.functions.standing import Counts
from tui.app.rows.draw import spread, strip_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import cut, width_of
from tui.lines.states import STATES, State
from tui.text import plural, printable

Words = Literal["all", "needed", "none"]  # all words; those that tell states of one sign apart; signs alone

# State -> its word in the header; states that share a glyph are told apart by it.
COUNTED: Final[tuple[tuple[State, str], ...]] = (
    ("ready", ""),
    ("warnings", ""),
    ("blocked", "blocked"),
    ("failed", "failed"),
    ("refused", "refused"),
    ("stale", "stale"),
    ("unbuilt", "unbuilt"),
    ("building", "building"),
    ("queued", "queued"),
)


_NEEDED: Final = frozenset({"blocked", "failed", "refused", "building"})  # of one sign, and what moves


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """What the header tells."""

    workspace: str  # as a person writes it: "~/chat/functions"
    counts: Counts
    searching: bool = False  # functions are still being found
    compiler: str = ""  # "TinyGo 0.35.0 · Go 1.23.9"
    compiler_role: str = "muted"
    watching: bool = False
    jobs: int = 0
    suspended: int = 0  # functions that watch no longer rebuilds


def count_parts(counts: Counts, glyphs: Glyphs, words: Words = "all") -> Line:
    """The functions of each state that has any: sign and number, with a word where the sign alone is not clear.

    Without words, states of one sign are one number.
    """
    told = {"all": frozenset(state for state, _ in COUNTED), "needed": _NEEDED, "none": frozenset()}[words]
    found: dict[str, tuple[str, str, int]] = {}  # what tells it apart -> sign's role, word, how many
    for state, name in COUNTED:
        if counts[state]:
            sign, word = STATES[state], name if state in told else ""
            key = f"{glyphs.sign(sign)} {word}"
            before = found[key][2] if key in found else 0
            found[key] = (sign.role, word, before + counts[state])
    parts: list[Part] = []
    for key, (role, word, count) in found.items():
        parts.append(Part(f"{key.split(' ')[0]} {count:,}", role))
        parts.append(Part(f" {word}  " if word else "  ", "muted"))
    return tuple(parts)


def header_line(facts: HeaderFacts, glyphs: Glyphs, width: int) -> Line:
    """The header in `width` cells. What matters least goes first: workspace, words, compiler."""
    counts = facts.counts
    total = "looking for functions" if facts.searching and not counts.total else plural(counts.total, "function")
    watch = (
        (Part(f"{glyphs['on']} watching ", "ok"),)
        if facts.watching
        else (Part(f"{glyphs['off']} watch off ", "faint"),)
    )
    if facts.suspended:
        watch = (Part(f"{glyphs['warn']} watch paused for {facts.suspended} ", "warn"),)
    compiler = (Part(glyphs.text(facts.compiler), facts.compiler_role), Part("   ")) if facts.compiler else ()
    short = (Part(compiler[0].text.partition(" · ")[0], compiler[0].role), compiler[1]) if compiler else ()
    alone = short if facts.compiler_role == "error" else watch
    place = glyphs.text(printable(facts.workspace))
    tries: tuple[tuple[Words, Line, int], ...] = (
        ("all", (*compiler, *watch), width // 3),
        ("all", (*compiler, *watch), width // 6),
        ("needed", (*compiler, *watch), width // 6),
        ("needed", (*compiler, *watch), width // 10),
        ("needed", (*short, *watch), width // 10),
        ("none", (*compiler, *watch), width // 6),
        ("none", (*short, *watch), width // 6),
        ("needed", alone, width // 6),
        ("none", alone, width // 6),
        ("none", (), width // 6),
    )
    for words, right, most in tries:
        head = (Part(" fn-tui ", "title"), Part(cut(place, most, glyphs["ellipsis"], middle=True), "strong"))
        left = (*head, Part("   "), Part(total, "muted"), Part("  "), *count_parts(counts, glyphs, words))
        if width_of(left) + width_of(right) + 1 <= width:
            break
    return spread(left, right, width, glyphs["ellipsis"])


class Header(Widget):
    """The header line."""

    DEFAULT_CSS = """
    Header { height: 1; dock: top; color: $foreground; }
    """
    ALLOW_SELECT = False

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="header")
        self.glyphs = glyphs
        self.facts = HeaderFacts("", Counts({}))

    def show(self, facts: HeaderFacts) -> None:
        """Tell these facts."""
        if facts != self.facts:
            self.facts = facts
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 (one line)
        """The line."""
        width = self.size.width
        return strip_of(
            self, header_line(self.facts, self.glyphs, width), width, self.visual_style, self.glyphs["ellipsis"]
        )
