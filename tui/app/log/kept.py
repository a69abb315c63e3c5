"""What a person set for one log, kept while they look at another."""

from __future__ import annotations

from dataclasses import dataclass

from tui.app.log.search import LogPattern
from tui.app.log.view import LogView
from tui.building.log.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Kept:
    """Search and filter; and where one was in which transcript."""

    search: LogPattern
    only: LogPattern
    transcript: Transcript | None
    follow: bool
    cursor: int
    cleared: int


def kept_of(view: LogView) -> Kept:
    """What is set now."""
    return Kept(view.search, view.only, view.transcript, view.follow, view.cursor, view.cleared)
