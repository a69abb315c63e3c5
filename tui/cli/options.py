"""Arguments: those that several subcommands share, declared in one place, so that they mean and take the same
everywhere; and lines of names and flags alone, which most are, read without argparse: loading that takes as long as a
small module's inspection.

A command declares its arguments once, to whichever reads them. A line that may mean anything else, or be wrong, is
argparse's: it knows abbreviations, values, help, and the words for what is wrong.
"""

from __future__ import annotations

import os

from tui.facts import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from typing import Any, Final, Protocol, TypeVar

    class Declares(Protocol):
        """What arguments are declared to: an ArgumentParser, or a Plain."""

        epilog: str | None  # what help ends with

        def add_argument(self, *words: str, **how: Any) -> object:
            """Declare one, as argparse takes it."""

    Declared = TypeVar("Declared", bound=Declares)

else:

    class Namespace:
        """As argparse has it."""

        def __init__(self, **values):
            vars(self).update(values)


class Terms(Fact):
    """How settings reach a subcommand."""

    about: str | None  # the argument that names a folder, or several, the first of which counts
    options: tuple[str, ...]  # settings that stand in for options of the same name


TERMS: Final[dict[str, Terms]] = {
    "list": Terms("workspace", ("compiler", "contract", "ascii")),
    "plan": Terms("directories", ("compiler", "ascii")),
    "build": Terms("directories", ("compiler", "jobs", "timeout", "cluster", "ascii")),
    "watch": Terms("workspace", ("compiler", "jobs", "timeout", "cluster", "ascii")),
    "check": Terms("paths", ("compiler", "contract", "strict", "ascii")),
    "doctor": Terms(None, ("compiler", "cluster")),
    "cluster-status": Terms(None, ("compiler", "cluster", "ascii")),
    "run": Terms("path", ("compiler",)),
    "test": Terms("directories", ("compiler", "jobs", "ascii")),
    "dev": Terms("workspace", ("compiler", "jobs", "cluster")),
}


def add_compiler(parser: Declares, words: str = "tinygo, or go as a stand-in") -> None:
    """Declare `--compiler`. Not given: None, for which the settings stand in."""
    from tui.building.compilers import names

    parser.add_argument("--compiler", choices=names(), help=words)


def add_jobs(parser: Declares) -> None:
    """Declare `--jobs`."""
    parser.add_argument("--jobs", type=_positive, metavar="N", help="builds at once (default: by cores and memory)")


def add_timeout(parser: Declares) -> None:
    """Declare `--timeout`."""
    parser.add_argument("--timeout", type=_seconds, metavar="S", help="seconds that one build may take")


def add_common(parser: Declares) -> None:
    """Declare what every command takes."""
    settings = "settings file in place of the one under XDG config"
    parser.add_argument("--settings", metavar="FILE", help=settings)
    parser.add_argument("--ascii", action="store_true", default=None, help="no glyph outside ASCII")
    parser.add_argument("--no-color", "--no-colour", action="store_true", dest="no_color", help="no colours")


def add_contract(parser: Declares) -> None:
    """Declare `--contract`. Not given: None, for which the settings stand in."""
    parser.add_argument("--contract", metavar="FILE", help="another host's contract")


def add_no_cache(parser: Declares) -> None:
    """Declare `--no-cache`."""
    words = "read everything anew, and keep nothing for the next time"
    parser.add_argument("--no-cache", action="store_true", help=words)


def add_trust(parser: Declares) -> None:
    """Declare `--trust`."""
    words = "agree to what this workspace's .fn-tui.toml sets, from now on"
    parser.add_argument("--trust", action="store_true", help=words)


def function_here() -> list[str]:
    """["."] where the current folder is a function directory, else nothing: what a command without DIR is about."""
    # The names as in tui.workspace.find, which is not loaded for this.
    return ["."] if any(os.path.isfile(name) for name in ("function.yaml", "function.go")) else []


def add_targets(parser: Declares, name: str, metavar: str, what: str) -> None:
    """Declare what a command is about: one or more, or the current folder where that is a function directory."""
    here = function_here()
    said = f"{what} (default: ., where that is a function)"
    parser.add_argument(name, nargs="*" if here else "+", default=here, metavar=metavar, help=said)


def declare(name: str, add_own: Callable[[Declared], None], parser: Declared) -> None:
    """Declare all that a subcommand takes: its own arguments, and those that it shares."""
    add_own(parser)
    if name in TERMS and TERMS[name].about is not None:
        add_trust(parser)
    add_common(parser)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        import argparse

        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e9:
        import argparse

        raise argparse.ArgumentTypeError("must be a number of seconds above 0")
    return number


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
