"""The export mode panel: the life of a function as the host will drive it, and where the trip would end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tui.app.colours.roles import Line, Part, chip, content
from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import first_trouble, state_of
from tui.app.keys.handlers import Handlers
from tui.app.messages import ActionRequested, CopyRequested
from tui.app.panes.pane import NO_FUNCTION, Drawn
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import first_of, fit, in_lines, line_of, outside, paragraph, plain, width_of
from tui.gateway.checks.remedy import without_build

if TYPE_CHECKING:
    from tui.gateway.life.passage import Passage
    from tui.gateway.verdict import Life
    from tui.workspace.function import ConfigError

Level = Literal["full", "medium", "line"]

HEIGHTS: Final[dict[Level, int]] = {"full": 9, "medium": 6, "line": 1}  # lines, without a border


class ExportModePanel(Widget):
    """Draws a function's life in the height that it is given: full, medium or one line."""

    DEFAULT_CSS = """
    ExportModePanel { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    """
    standing = ""

    level: reactive[Level] = reactive[Level]("full", layout=True)

    def __init__(self, *, glyphs: Glyphs | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.glyphs = glyphs or Glyphs()
        self._drawn = Drawn()
        self.passage: Passage | None = None  # of the run that is under way, or was last
        self.absence = ""  # why no function shows, where that is the filter's doing

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's own
        """The level's height, the same for each life: what lies below never jumps."""
        return self._height

    @property
    def _height(self) -> int:
        wanted = self.rows_wanted
        return HEIGHTS[self.level] if wanted is None else min(wanted, HEIGHTS[self.level])

    @property
    def rows_wanted(self) -> int | None:
        """The lines of what stands in the place of a picture; None where a life is drawn, or nothing is known yet."""
        record = self._drawn.record
        if record is None or _life(record) is not None or not _is_said(record):
            return None
        return len(_without_life(record, self.glyphs, max(self.content_size.width, 1)))

    def show(self, record: FunctionRecord | None) -> None:
        """Show a function; costs nothing where its life is the same, and no layout where it is as high."""
        before = self._height
        if self._drawn.differs(record, _parts(record) if record is not None else None):
            self.refresh(layout=self._height != before)

    def follow(self, passage: Passage | None) -> None:
        """Draw where a run is, or where one failed."""
        if passage != self.passage:
            self.passage = passage
            self.refresh(layout=True)

    def say_absent(self, words: str) -> None:
        """Say why no function shows; "" where none is there."""
        if words != self.absence:
            self.absence = words
            self.refresh()

    def render(self) -> Content:
        """The picture for the size of now."""
        return content(self.lines(self.content_size.width, self.content_size.height))

    def lines(self, width: int, height: int) -> list[Line]:
        """The picture in at most `height` lines of `width` cells."""
        record = self._drawn.record
        if width <= 0 or height <= 0:
            return []
        if record is None:
            return [fit(line_of(Part(f" {self.absence or NO_FUNCTION}", "muted")), width, self.glyphs["ellipsis"])]
        # What draws is loaded with the first function: the first frame has none.
        from tui.app.panes.export_mode.layout import cut_off, picture

        life = _life(record)
        if life is None:
            return cut_off(_without_life(record, self.glyphs, width), height, self.glyphs, width)
        if height == 1 and state_of(record) == "failed":
            return [fit(_failed(record, self.glyphs), width, self.glyphs["ellipsis"])]
        aside = _aside(record, self.glyphs)
        if height == 1 and life.arrives is False and record.progress.phase == "idle":
            aside = ()  # where it ends is worth more than that the module is stale
        told = _told(_passed(life, self.passage), record, self.glyphs)
        return picture(told, width, height, self.glyphs, aside)

    def handlers(self) -> Handlers:
        """Nothing: it never has the keys."""
        return {}

    def copy_target(self) -> CopyRequested | None:
        """The picture as text."""
        if self._drawn.record is None:
            return None
        lines = self.lines(max(self.content_size.width, 80), HEIGHTS["full"])
        return CopyRequested("\n".join(plain(line).rstrip() for line in lines), "the export mode")

    def on_click(self, event: events.Click) -> None:
        """Open the verdict, which tells the rest."""
        event.stop()
        self.post_message(ActionRequested("pane-verdict"))


def _life(record: FunctionRecord) -> Life | None:
    """The life to draw; None where the config is refused, or what is there cannot be read."""
    unreadable = record.module_error is not None and record.module is None
    return None if record.refusal is not None or unreadable else record.life


def _is_said(record: FunctionRecord) -> bool:
    """Whether there is something to say in the place of a life; else it is being read, and nothing moves meanwhile."""
    refused = record.refusal is not None
    return refused or record.module_error is not None or (record.module is not None and not record.module.complete)


def _parts(record: FunctionRecord) -> tuple[object, ...]:
    """What of a record the picture draws."""
    return (
        *(record.life, record.reading, record.module, record.module_error),
        *(record.modified, record.staleness, record.progress),
    )


def _aside(record: FunctionRecord, glyphs: Glyphs) -> Line:
    """What qualifies the picture: a build under way, or a module that is not what the sources say."""
    phase = record.progress.phase
    if phase != "idle":
        return (chip(f"{glyphs.state('queued' if phase == 'queued' else 'building')} {phase}", "accent"),)
    if state_of(record) in ("stale", "failed", "cancelled"):  # it stands in the edge above
        return ()
    if record.staleness is not None and record.staleness.state == "stale":
        reason = glyphs.text(outside(record.staleness.reason or "", limit=80).text)
        return (chip(f"{glyphs.state('stale')} stale", "warn"), Part(f" {reason} ", "warn"))
    return ()


def _failed(record: FunctionRecord, glyphs: Glyphs) -> Line:
    """All that one line has room for of a function whose build failed: what is wrong first."""
    said = glyphs.text(outside(first_of(first_trouble(record) or "the last build failed"), limit=400).text)
    return line_of(" ", chip(f"{glyphs['error']} failed", "error"), Part(f"  {said}", "error"))


def _passed(life: Life, passage: Passage | None) -> Life:
    """The life with what a run of it meets."""
    if passage is None:
        return life
    from tui.gateway.life.passage import with_passage

    return with_passage(life, passage)


def _told(life: Life, record: FunctionRecord, glyphs: Glyphs) -> Life:
    """The life with a way on that is true now: a build under way is not asked for, and one that failed not again by
    itself.
    """
    if record.progress.phase != "idle":
        return life._replace(remedy=without_build(life.remedy))
    if record.module is not None or state_of(record) != "failed":
        return life
    way = f"{glyphs.key('next-error')} goes to its first error"
    return life._replace(summary="the last build failed, so there is no module", remedy=way)


def _without_life(record: FunctionRecord, glyphs: Glyphs, width: int) -> list[Line]:
    """What there is to say where there is no life to draw."""
    if record.refusal is not None:
        return _refused(record.refusal, glyphs, width)
    if record.module_error is not None:
        lead = line_of(" ", chip(f"{glyphs['error']} function.wasm", "error"), "  ")
        return paragraph(glyphs.text(outside(record.module_error, limit=400).text), width, "error", lead)
    if record.module is not None and not record.module.complete:
        lead = line_of(" ", chip(f"{glyphs['warn']} incomplete", "warn"), "  ")
        said = [note.message for note in record.module.warnings[-1:]] or ["function.wasm was not read to its end"]
        return paragraph(glyphs.text(outside(said[0], limit=400).text), width, "warn", lead)
    return [fit(line_of(Part(" reading", "muted")), width, glyphs["ellipsis"])]


def _refused(error: ConfigError, glyphs: Glyphs, width: int) -> list[Line]:
    """What the deploy tool says against function.yaml, line by line: nothing of the function's life is known."""
    where = f"function.yaml:{error.line}" if error.line else "function.yaml"
    lead = line_of(" ", chip(f"{glyphs['error']} refused", "error"), "  ")
    first, *rest = in_lines(error.text)
    lines = paragraph(glyphs.text(f"{where}: {outside(first, limit=400).text}"), width, "error", lead)
    for text in rest:
        lines += paragraph(glyphs.text(outside(text, limit=400).text), width, "error", (Part(" " * width_of(lead)),))
    return lines
