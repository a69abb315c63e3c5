"""The first line of the screen: where, how its functions are, what builds, which compiler, whether it watches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

from textual import events
from textual.strip import Strip
from textual.widget import Widget

from tui.app.colours.roles import Line, Part
from tui.app.desk.standing import TROUBLE, Counts
from tui.app.messages import ActionRequested, StateChosen
from tui.app.rows.draw import spread, strip_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import cut, fit, width_of
from tui.facts import Fact
from tui.lines.states import STATES, State
from tui.text import plural, printable

if TYPE_CHECKING:
    from tui.lines.progress import Progress

Words = Literal["all", "needed", "none"]  # all words; those that tell states of one sign apart; signs alone

# In which order the states are counted; each function is in one of them, so that the sum is always that of all.
COUNTED: Final[tuple[State, ...]] = (
    *("ready", "warnings", "blocked", "failed", "refused", "stale", "cancelled", "unbuilt"),
    *("building", "queued", "reading"),
)
_CLEAR: Final[frozenset[State]] = frozenset({"ready", "warnings"})  # their signs say it
# Those of one sign, and what moves.
_NEEDED: Final[frozenset[State]] = frozenset({"blocked", "failed", "refused", "building", "reading"})


class HeaderFacts(Fact):
    """What the header tells."""

    workspace: str  # as a person writes it: "~/chat/functions"
    counts: Counts
    searching: bool = False  # functions are still being found
    compiler: str = ""  # "TinyGo 0.35.0 · Go 1.23.9"
    compiler_role: str = "muted"
    cluster: str = ""  # "3 workers · 6 slots", where builds run on one
    cluster_address: str = ""
    watching: bool = False
    suspended: int = 0  # functions that watch no longer rebuilds
    progress: Progress | None = None  # of the builds under way


class Piece(Fact):
    """Parts that belong together, and what a click on them asks for: an action's id, or `state:` and a state."""

    line: Line
    asks: str = ""


def count_pieces(counts: Counts, glyphs: Glyphs, words: Words = "all") -> list[Piece]:
    """The functions of each state that has any: sign and number, with a word where the sign alone is not clear.

    Without words, states of one sign are one number.
    """
    told = {"all": frozenset(COUNTED) - _CLEAR, "needed": _NEEDED, "none": frozenset[State]()}[words]
    found: dict[str, tuple[str, str, int]] = {}  # what is shown of it -> sign's role, what it is called, how many
    for state in COUNTED:
        if counts[state]:
            sign = STATES[state]
            key = f"{glyphs.sign(sign)} {state if state in told else ''}"
            role, name, before = found.get(key, (sign.role, state, 0))
            found[key] = (role, "trouble" if before and state in TROUBLE else name, before + counts[state])
    pieces = []
    for key, (role, name, count) in found.items():
        glyph, _, word = key.partition(" ")
        line = (Part(f"{glyph} {count:,}", role), Part(f" {word}  " if word else "  ", "muted"))
        pieces.append(Piece(line, f"state:{name}"))
    return pieces


def progress_piece(progress: Progress, glyphs: Glyphs, cells: int) -> Piece:
    """`▓▓▓░░░░░ 17/60 · 0:42 left · ✗ 2`; with a bar of so many cells, without any the counts alone."""
    parts = [Part(progress.bar(glyphs.ascii, cells), "accent")]
    if progress.left() and cells:
        parts.append(Part(progress.left()))
    if progress.failed:
        parts.append(Part(progress.failures(glyphs.ascii), "error strong"))
    between = Part(glyphs.text(" · "), "muted")
    line = tuple(piece for part in parts for piece in (between, part))[1:]
    return Piece((*line, Part("   ")), "pane-log")


class Layout(Fact):
    """One way to draw the header: how much of each thing."""

    words: Words
    place: int  # cells of the workspace's name, at most
    bar: int = 8  # cells of the bar; 0: counts alone
    compiler: Literal["whole", "short", "no"] = "whole"
    watch: bool = True
    total: bool = True
    cluster: Literal["address", "count", "word"] = "count"


def _layouts(width: int) -> Iterator[Layout]:
    """The ways to draw it, roomiest first: what matters least goes first."""
    yield Layout("all", width // 3, 16, cluster="address")
    yield Layout("all", width // 3, 16)
    yield Layout("all", width // 6)
    yield Layout("needed", width // 4)
    yield Layout("needed", width // 6)
    yield Layout("needed", width // 6, compiler="short")
    yield Layout("needed", width // 10, compiler="short")
    yield Layout("none", width // 4, compiler="short")
    yield Layout("none", width // 6, compiler="short")
    yield Layout("needed", width // 6, compiler="no")
    yield Layout("none", width // 6, compiler="no")
    yield Layout("none", width // 6, 4, compiler="no", total=False)
    yield Layout("none", width // 10, 4, compiler="no", total=False)
    yield Layout("none", width // 6, 4, compiler="no", total=False, cluster="word")
    yield Layout("none", width // 6, 0, compiler="no", watch=False, total=False, cluster="word")
    yield Layout("none", 0, 0, compiler="no", watch=False, total=False, cluster="word")


def header_pieces(facts: HeaderFacts, glyphs: Glyphs, layout: Layout) -> tuple[list[Piece], list[Piece]]:
    """What stands at the left and at the right."""
    counts = facts.counts
    place = cut(glyphs.text(printable(facts.workspace)), layout.place, glyphs["ellipsis"], middle=True)
    left = [Piece((Part(" fn-tui ", "title"),), "help"), Piece((Part(place, "strong"), Part("   ")), "palette")]
    if facts.searching and not counts.total:
        left.append(Piece((Part("looking for functions", "muted"),)))
    elif layout.total:
        left.append(Piece((Part(f"{plural(counts.total, 'function')}  ", "muted"),), "state:"))
    left += count_pieces(counts, glyphs, layout.words)
    right = []
    if facts.progress is not None:
        right.append(progress_piece(facts.progress, glyphs, layout.bar))
    bad = facts.compiler_role == "error"
    if facts.compiler and (layout.compiler != "no" or (bad and layout.watch)):
        shown = facts.compiler if layout.compiler == "whole" else facts.compiler.partition(" · ")[0]
        right.append(Piece((Part(glyphs.text(shown), facts.compiler_role), Part("   ")), "compiler"))
    if facts.cluster:
        right.append(_cluster(facts, glyphs, layout))
    if layout.watch and not (bad and layout.compiler == "no"):
        right.append(Piece((_watch(facts, glyphs),), "watch"))
    return left, right


def _cluster(facts: HeaderFacts, glyphs: Glyphs, layout: Layout) -> Piece:
    """The cluster: where there is room with its address, where there is none without how many build there."""
    words = facts.cluster if layout.cluster != "word" else ""
    if layout.cluster == "address":
        words = f"{printable(facts.cluster_address, 60)} · {words}"
    return Piece((Part(glyphs.text(f"cluster {words}".rstrip()), "accent"), Part("   ")), "cluster")


def _watch(facts: HeaderFacts, glyphs: Glyphs) -> Part:
    if facts.suspended:
        return Part(f"{glyphs['warn']} watch paused for {facts.suspended} ", "warn")
    return Part(f"{glyphs['on']} watching ", "ok") if facts.watching else Part(f"{glyphs['off']} watch off ", "faint")


class HeaderLine(Fact):
    """The header as it is drawn, and what a click on which cells asks for."""

    line: Line
    places: tuple[tuple[int, int, str], ...]


def header_line(facts: HeaderFacts, glyphs: Glyphs, width: int) -> Line:
    """The header in `width` cells, as it is drawn."""
    return drawn_header(facts, glyphs, width).line


def drawn_header(facts: HeaderFacts, glyphs: Glyphs, width: int) -> HeaderLine:
    """The header in `width` cells."""
    left: list[Piece] = []
    right: list[Piece] = []
    for layout in _layouts(width):
        left, right = header_pieces(facts, glyphs, layout)
        if _width(left) + _width(right) + 1 <= width:
            break
    line = fit(spread(_parts(left), _parts(right), width, glyphs["ellipsis"]), width, glyphs["ellipsis"])
    end = max(width - _width(right), 0)
    return HeaderLine(line, (*_places(left, 0, end), *_places(right, end, width)))


def _parts(pieces: list[Piece]) -> Line:
    return tuple(part for piece in pieces for part in piece.line)


def _width(pieces: list[Piece]) -> int:
    return width_of(_parts(pieces))


def _places(pieces: list[Piece], start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for piece in pieces:
        width = width_of(piece.line)
        if piece.asks:
            yield start, min(start + width, end), piece.asks
        start += width


class Header(Widget):
    """The header line. A click on what it tells asks for it."""

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
        line = header_line(self.facts, self.glyphs, width)
        return strip_of(self, line, width, self.visual_style, self.glyphs["ellipsis"])

    def on_click(self, event: events.Click) -> None:
        """Do what the words under the mouse are about."""
        for start, end, asks in drawn_header(self.facts, self.glyphs, self.size.width).places:
            if start <= event.x < end:
                kind, colon, state = asks.partition(":")
                self.post_message(StateChosen(state) if colon else ActionRequested(kind))
                return
