"""`fn-tui completions bash|zsh|fish`: a script that completes commands, options and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli import EXIT_OK
from tui.cli.output import emit, write_text

if TYPE_CHECKING:
    import argparse

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `completions`."""
    parser.add_argument("shell", choices=SHELLS, metavar="|".join(SHELLS), help="the shell that is to read it")
    parser.add_argument("--json", action="store_true", help="one JSON object with the script")
    parser.formatter_class = _as_written
    parser.epilog = (
        'bash: eval "$(fn-tui completions bash)" in ~/.bashrc\n'
        'zsh:  fn-tui completions zsh > "${fpath[1]}/_fn-tui"\n'
        "fish: fn-tui completions fish > ~/.config/fish/completions/fn-tui.fish"
    )


def _as_written(prog: str) -> argparse.HelpFormatter:
    from argparse import RawDescriptionHelpFormatter

    return RawDescriptionHelpFormatter(prog)


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    from tui.cli.reports.arguments import forms, root_form
    from tui.cli.reports.completions import SCRIPTS

    script = SCRIPTS[args.shell](root_form(), forms())
    if args.json:
        emit({"shell": args.shell, "script": script})
    else:
        write_text(script)
    return EXIT_OK
