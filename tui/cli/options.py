"""Options that several subcommands share: declared in one place, so that they mean and take the same everywhere."""

from __future__ import annotations

import argparse

from tui.building.compilers import names


def add_compiler(parser: argparse.ArgumentParser, words: str = "tinygo, or go as a stand-in") -> None:
    """Declare `--compiler`. Not given: None, for which the settings stand in."""
    parser.add_argument("--compiler", choices=names(), help=words)


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Declare `--jobs`."""
    parser.add_argument("--jobs", type=_positive, metavar="N", help="builds at once (default: by cores and memory)")


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """Declare `--timeout`."""
    parser.add_argument("--timeout", type=_seconds, metavar="S", help="seconds that one build may take")


def add_common(parser: argparse.ArgumentParser) -> None:
    """Declare what every command takes."""
    settings = "settings file in place of the one under XDG config"
    parser.add_argument("--settings", metavar="FILE", help=settings)
    parser.add_argument("--ascii", action="store_true", default=None, help="no glyph outside ASCII")
    parser.add_argument("--no-color", "--no-colour", action="store_true", dest="no_color", help="no colours")


def add_contract(parser: argparse.ArgumentParser) -> None:
    """Declare `--contract`. Not given: None, for which the settings stand in."""
    parser.add_argument("--contract", metavar="FILE", help="another host's contract")


def add_no_cache(parser: argparse.ArgumentParser) -> None:
    """Declare `--no-cache`."""
    words = "read everything anew, and keep nothing for the next time"
    parser.add_argument("--no-cache", action="store_true", help=words)


def add_trust(parser: argparse.ArgumentParser) -> None:
    """Declare `--trust`."""
    words = "agree to what this workspace's .fn-tui.toml sets, from now on"
    parser.add_argument("--trust", action="store_true", help=words)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError("must be a number of seconds above 0")
    return number
