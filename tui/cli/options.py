"""Arguments that several subcommands share: declared in one place, so that they mean and take the same everywhere."""

from __future__ import annotations

import os

from tui.facts import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final, TypeVar

    from tui.cli.plain import Declares

    Declared = TypeVar("Declared", bound=Declares)


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
