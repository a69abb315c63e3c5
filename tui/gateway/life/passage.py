"""A run of a function, drawn into the picture of its life: the station that runs, or the one at which it failed."""

from __future__ import annotations

from dataclasses import dataclass

from tui.gateway.verdict import Life, LifeStep


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a run is, or ended badly: labels of stations; "" for none."""

    runs: str = ""
    failed: str = ""
    words: str = ""  # why it failed


def with_passage(life: Life, passage: Passage) -> Life:
    """The life with what a run met. What is foretold to break keeps its own words: they come with a remedy."""
    labels = [step.label for step in life.steps]
    if passage.runs in labels:
        index = labels.index(passage.runs)
        return life._replace(steps=_with_step(life, index, life.steps[index]._replace(lit=True)))
    if passage.failed not in labels or life.breaks_at is not None:
        return life
    index = labels.index(passage.failed)
    failed = life.steps[index]
    return life._replace(
        steps=_with_step(life, index, failed._replace(state="missing", note=passage.words, accident="")),
        breaks_at=index,
        summary=f"it failed when it was run here: {passage.words}",
        remedy="",
    )


def _with_step(life: Life, index: int, step: LifeStep) -> tuple[LifeStep, ...]:
    return (*life.steps[:index], step, *life.steps[index + 1 :])
