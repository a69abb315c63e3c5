"""Command lines of names and flags alone, which most are: read without argparse, whose loading takes as long as a small
module's inspection.

A command declares its arguments once, to whichever reads them. A line that may mean anything else, or be wrong, is
argparse's: it knows abbreviations, values, help, and the words for what is wrong.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from typing import Any, Final, Protocol

    class Declares(Protocol):
        """What arguments are declared to: an ArgumentParser, or a Plain."""

        epilog: str | None  # what help ends with

        def add_argument(self, *words: str, **how: Any) -> object:
            """Declare one, as argparse takes it."""

else:

    class Namespace:
        """As argparse has it."""

        def __init__(self, **values):
            vars(self).update(values)


# The commands that may be read so: they declare one positional argument, and no groups.
PLAIN: Final = frozenset({"list", "config", "plan", "inspect", "check"})


class Plain:
    """Takes declarations as an ArgumentParser does, and reads the lines that are plain."""

    def __init__(self) -> None:
        self._flags: dict[str, str] = {}  # as typed -> the name of its value
        self._defaults: dict[str, Any] = {}
        self._positional, self._nargs = "", ""
        self.epilog: str | None = None

    def add_argument(self, *words: str, **how: Any) -> None:
        """Declare one. Of an option with a value only the default is of interest."""
        if not words[0].startswith("-"):
            self._positional, self._nargs = words[0], how.get("nargs", "")
            self._defaults[words[0]] = how.get("default")
            return
        is_flag = how.get("action") == "store_true"
        name = how.get("dest") or words[0].removeprefix("--").replace("-", "_")
        self._defaults[name] = how.get("default", False if is_flag else None)
        if is_flag:
            self._flags |= dict.fromkeys(words, name)

    def read(self, words: Sequence[str]) -> Namespace | None:
        """What argparse would make of a line; None where it may not be plain."""
        found, named = dict(self._defaults), list[str]()
        for before, word in zip(("", *words), words, strict=False):
            if word in self._flags:
                found[self._flags[word]] = True
            elif word.startswith("-") or (named and before.startswith("-")):  # argparse takes no names that stand apart
                return None
            else:
                named.append(word)
        are_many = self._nargs in ("*", "+")
        if len(named) > 1 and not are_many:
            return None
        if named:
            found[self._positional] = named if are_many else named[0]
        elif self._nargs not in ("*", "?"):
            return None
        return Namespace(**found)
