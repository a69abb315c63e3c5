"""What is sent to a function from the screen, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from tui.running.answer import Answer, Call, Caller, Target

if TYPE_CHECKING:
    from tui.app.messages import EditPlace

NOTHING_SAID: Final = "{}"  # what `fn-tui run` sends where nothing is given


# What a call waits for: its process, the module's machine code, the function itself.
RunPhase = Literal["starting", "compiling", "running"]


@dataclass(frozen=True, slots=True)
class Draft:
    """An input, and what a kept call brings with it. Files are named relative to the function's folder."""

    text: str = NOTHING_SAID
    name: str = ""  # of the kept call that this is
    frames: tuple[str, ...] = ()  # of a persistent function, where it is a kept call
    caller: Caller = field(default_factory=Caller)
    seed: str = ""
    http: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether it runs as `fn-tui test` runs it: on a store of its own that keeps nothing."""
        return bool(self.name)


@dataclass(frozen=True, slots=True)
class Body:
    """An output as it is shown: some of its lines, made where nobody waits for it."""

    lines: tuple[str, ...] = ()
    left: int = 0  # lines that are not among them
    text: str = ""  # all of it, as far as it may be copied
    is_json: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one call."""

    draft: Draft
    at: float  # POSIX time of its end
    words: str = ""  # why there is no answer: nothing was run, or the process that ran it is gone
    answer: Answer | None = None
    call: Call = field(default_factory=Call)
    target: Target | None = None
    body: Body = field(default_factory=Body)
    why: tuple[str, ...] = ()  # the failure, explained
    places: Mapping[int, EditPlace] = field(default_factory=dict)  # of the trap's frames, by their number
    unkept: tuple[str, ...] = ()  # what was to be kept of it and could not be, a sentence each
    before: bool = False  # the module from before the last build ran

    @property
    def ok(self) -> bool:
        """Whether the function answered, and the caller sees no failure."""
        return self.answer is not None and self.answer.ok
