"""A run in the picture of a life."""

from __future__ import annotations

from tui.gateway.life.passage import Passage, with_passage
from tui.gateway.life.picture import draw, text_of
from tui.gateway.verdict import Life, LifeStep

LIFE = Life(
    "persistent",
    "default",
    None,
    None,
    tuple(LifeStep(label, label, "present") for label in ("_initialize", "ws_open", "ws_frame")),
    (),
    None,
    "all is well",
    has_module=True,
)


def test_the_station_that_runs_is_lit() -> None:
    lit = with_passage(LIFE, Passage(runs="ws_open"))
    assert [step.lit for step in lit.steps] == [False, True, False]
    roles = {text.strip(): role for line in draw(lit, 100, "row") for text, role in line}
    assert (roles["ws_open"], roles["ws_frame"]) == ("lit", "label")


def test_the_station_that_failed_is_broken_with_its_words() -> None:
    failed = with_passage(LIFE, Passage(failed="ws_frame", words="it trapped (unreachable)"))
    assert failed.breaks_at == 2
    text = "\n".join(text_of(draw(failed, 100, "boxes")))
    assert "it trapped (unreachable)" in text
    assert "it failed when it was run here" in text


def test_what_is_foretold_to_break_keeps_its_remedy() -> None:
    broken = LIFE._replace(breaks_at=0, remedy="b rebuilds it")
    assert with_passage(broken, Passage(failed="ws_frame", words="x")) is broken
    assert with_passage(LIFE, Passage(failed="nowhere", words="x")) is LIFE
    assert with_passage(LIFE, Passage()) is LIFE
