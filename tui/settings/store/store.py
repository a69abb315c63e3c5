"""The interface: tables of values by key. What stands behind it (files, a database) is nobody else's business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, Literal, Protocol, TypeVar

from tui.facts import Fact

T = TypeVar("T")
Document = Mapping[str, object]  # what JSON can hold, by name

ONE = ""  # the key in a table that holds one value only


class Table(Fact, Generic[T]):
    """A kind of value that is kept, and how it is written down.

    `decode` gets whatever lies there and checks all of it: None where it is no such value. A value written under
    another `version` counts as absent; so does one that is damaged.
    """

    name: str
    version: int
    encode: Callable[[T], Document]
    decode: Callable[[Document], T | None]
    what: str  # in sentences: "the build history"
    home: Literal["state", "cache"] = "cache"  # "cache": can be made again, and may be removed by anybody
    most_bytes: int = 8 << 20  # of one value; a larger one is not one of ours
    most_entries: int = 1_000  # the ones written longest ago go first
    durable: bool = False  # on disk before the old value is gone: for what a person has decided
    unversioned: int | None = None  # the version of values that name none, from before this table had one
    passing: bool = False  # values are forgotten as often as they are written: their files are used again


class Found(Fact, Generic[T]):
    """What is kept under a key: None where there is nothing, with a sentence where there should be something."""

    value: T | None = None
    problem: str | None = None


class Store(Protocol):
    """Keeps values between runs. Nothing here raises for what lies on disk: a sentence comes back, or None."""

    def read(self, table: Table[T], key: str) -> Found[T]:
        """The value under a key."""

    def write(self, table: Table[T], key: str, value: T) -> str | None:
        """Replace a value, whole or not at all; the sentence of what went wrong."""

    def update(self, table: Table[T], key: str, change: Callable[[T | None], T]) -> str | None:
        """Replace a value by what `change` makes of it, while no other fn-tui does so with this table."""

    def forget(self, table: Table[T], key: str) -> str | None:
        """Remove a value, where there is one."""
