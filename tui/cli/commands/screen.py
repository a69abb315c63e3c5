"""`fn-tui [WORKSPACE]`: the screen; without a terminal, what `fn-tui list` prints."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli import EXIT_USAGE
from tui.cli.folders import folder_fault
from tui.cli.output import complain

if TYPE_CHECKING:
    from tui.app.shell.options import ScreenOptions
    from tui.settings.keys import Settings
    from tui.settings.settings import SettingsProblem


def run(args: argparse.Namespace) -> int:
    """Open the workspace on screen. Without a terminal print its functions, and say so on stderr."""
    import os

    workspace = Path(os.path.abspath(args.workspace))  # noqa: PTH100 (resolve() would lose the path as given)
    fault = folder_fault(args.workspace)
    if fault is not None:
        complain(f"{fault}; give the folder that holds your functions")
        return EXIT_USAGE
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        from tui.cli.commands.listing import print_listing

        complain("no terminal here: printing what `fn-tui list` prints")
        return print_listing(workspace, compiler=_settings(args, workspace)[0].compiler)
    return _open(args, workspace)


def _open(args: argparse.Namespace, workspace: Path) -> int:
    from tui.app.shell.main import run_screen
    from tui.gateway.contract.contract import ContractError

    try:
        return run_screen(screen_options(args, workspace))
    except ContractError as error:
        complain(str(error))
        return EXIT_USAGE


def screen_options(args: argparse.Namespace, workspace: Path) -> ScreenOptions:
    """Settings from all layers, the flags above them, and what is remembered."""
    from tui.app.shell.options import ScreenOptions
    from tui.settings.state import load_state

    settings, problems = _settings(args, workspace)
    state, lost = load_state()
    sentences = [str(problem) for problem in problems] + ([lost] if lost else [])
    return ScreenOptions(workspace, settings, state, tuple(sentences))


def _settings(args: argparse.Namespace, workspace: Path) -> tuple[Settings, tuple[SettingsProblem, ...]]:
    """The settings from all layers, the flags above them, and what is wrong with them."""
    from tui.settings.settings import load_settings

    flags = {
        "compiler": args.compiler,
        "contract": args.contract,
        "theme": args.theme,
        "jobs": args.jobs,
        "watch": args.watch or None,
        "ascii": args.ascii or None,
        "mouse": False if args.no_mouse else None,
    }
    file = Path(args.settings) if args.settings else None
    return load_settings(workspace, file=file, flags=flags)
