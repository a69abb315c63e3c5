"""The question that an engine is asked about a module, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tui.facts import Fact

Stage = Literal["", "compile", "instantiate"]


class Request(Fact):
    """How to judge: the host's cap on a memory in pages, and which bodies to look at by the engine's own rules."""

    memory_pages: int
    bodies: tuple[int, ...] | None = ()  # indices of the function index space; None: all of them
    most_bytes: int = 1 << 62  # of bodies that are looked at; the rest is left
    data_runs: Sequence[int] = ()  # those that the module's decoder has found
    usual_bodies: Sequence[int] = ()  # where bodies lie, as the decoder tells, if it has found all of them usual


class Answer(Fact):
    """What an engine says of a module's bytes: where it refuses and in which words; both "" where it takes them."""

    stage: Stage = ""
    words: str = ""
    function: int | None = None  # whose body is refused, by its index
    bodies: bool = False  # whether every body was looked at by the engine's own rules

    @property
    def said(self) -> str:
        """Its words on one line."""
        return " ".join(self.words.split())

    @property
    def taken(self) -> bool:
        """Whether the engine compiles and instantiates it, imports apart."""
        return not self.stage
