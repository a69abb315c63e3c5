"""A request that reaches a function, and one that does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.running.answer import Caller
from tui.running.local.shelf import Build, Entry


class Refused(Exception):  # noqa: N818 -- an answer, not an error of ours
    """A request that reaches no function."""

    def __init__(self, status: int, code: str, words: str, *, retryable: bool = False) -> None:
        super().__init__(words)
        self.status = status
        self.code = code
        self.retryable = retryable


@dataclass(frozen=True, slots=True)
class Wanted:
    """A function that may be called, who calls it, and the module that is going to answer."""

    entry: Entry
    build: Build
    caller: Caller
    headers: Mapping[str, str]
