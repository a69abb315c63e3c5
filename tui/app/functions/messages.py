"""What the list of functions tells the screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class FunctionHighlighted(Message):
    """The cursor is on another function, on a folder, or on nothing."""

    path: str | None  # a function's, or a folder's with a slash behind it


@dataclass
class FunctionOpened(Message):
    """A function was chosen: enter, or a second click."""

    path: str


@dataclass
class ListArranged(Message):
    """The list is folded, sorted, marked otherwise, or counts otherwise: its title is another."""
