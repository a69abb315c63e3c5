"""`fn-tui [WORKSPACE]`: the screen; without a terminal, what `fn-tui list` prints."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli import EXIT_USAGE
from tui.cli.early import cannot_draw
from tui.cli.folders import folder_fault
from tui.cli.layers import known_words, workspace_layer
from tui.cli.output import complain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.app.options import ScreenOptions
    from tui.settings.keys import Settings
    from tui.settings.toml_file import SettingsProblem, TomlFile
    from tui.settings.trust import WorkspaceFile


def run(args: argparse.Namespace) -> int:
    """Open the workspace on screen. Without a terminal print its functions, and say so on stderr."""
    import os

    from tui.app.terminal.early.stage import STAGE

    workspace = Path(os.path.abspath(args.workspace))  # noqa: PTH100 (resolve() would lose the path as given)
    fault = folder_fault(args.workspace)
    if fault is not None:
        STAGE.give_back()
        complain(f"{fault}; give the folder that holds your functions")
        return EXIT_USAGE
    if args.plain:
        return _plain(args, workspace)
    obstacle = _obstacle()
    if obstacle is not None:
        from tui.cli.commands.listing import print_listing
        from tui.cli.paint import paint_for

        complain(f"{obstacle}: printing what `fn-tui list` prints")
        settings = _headless(args, workspace)
        args.ascii = args.ascii or settings.ascii
        return print_listing(args.workspace, paint_for(args), settings.compiler, settings.contract)
    # What the locale cannot encode would come out as question marks.
    args.ascii = args.ascii or (sys.stdout.encoding or "utf-8").lower().replace("-", "") != "utf8"
    return _open(args, workspace)


def _plain(args: argparse.Namespace, workspace: Path) -> int:
    """The list, then what `watch` prints: a line an event, and the cursor goes nowhere but on (for screen readers)."""
    from tui.cli.commands import watch
    from tui.cli.commands.listing import print_listing
    from tui.cli.paint import paint_for

    settings = _headless(args, workspace)
    args.ascii = args.ascii or settings.ascii
    listed = print_listing(args.workspace, paint_for(args), settings.compiler, settings.contract)
    if listed:
        return listed
    terms = {"json": False, "jobs": settings.jobs, "timeout": settings.timeout, "compiler": settings.compiler}
    terms |= {"cluster": settings.cluster, "here": False, "open_network": False}
    return watch.run(argparse.Namespace(**(vars(args) | terms)))


def _obstacle() -> str | None:
    """Why there can be no screen, or None."""
    import os

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "no terminal here"
    return cannot_draw(os.environ.get("TERM", ""), sys.stdout.fileno())


def _open(args: argparse.Namespace, workspace: Path) -> int:
    from tui.app.shell.main import run_screen
    from tui.app.terminal.early.stage import STAGE
    from tui.gateway.contract.contract import ContractError

    def options_for(opened: Path) -> ScreenOptions:
        if opened != workspace:
            args.trust = False  # that was said of the workspace that was named
        return screen_options(args, opened)

    try:
        return run_screen(options_for, workspace)
    except ContractError as error:
        STAGE.give_back()
        complain(str(error))
        return EXIT_USAGE


def screen_options(args: argparse.Namespace, workspace: Path) -> ScreenOptions:
    """Settings from all layers, the flags above them, and what is remembered."""
    import os

    from tui.app.options import ScreenOptions, TrustQuestion
    from tui.settings.state import load_state

    layer, asks, wrong = _workspace_layer(args, workspace)
    settings, problems = _settings(args, layer)
    state, lost = load_state()
    sentences = _sentences((*wrong, *problems)) + ((lost,) if lost else ())
    question = None
    if asks is not None:
        agreed, problems = _settings(args, asks.file)
        question = TrustQuestion(asks, agreed, _sentences(problems))
    given = args.compiler is not None or bool(os.environ.get("FN_TUI_COMPILER"))
    return ScreenOptions(workspace, settings, state, sentences, compiler_given=given, question=question)


def _sentences(problems: Iterable[SettingsProblem]) -> tuple[str, ...]:
    return tuple(map(str, problems))


def _workspace_layer(
    args: argparse.Namespace, workspace: Path
) -> tuple[TomlFile | None, WorkspaceFile | None, tuple[SettingsProblem, ...]]:
    """The workspace's own settings where they are in force; else the file that is to be asked about; what is wrong."""
    from tui.settings.toml_file import SettingsProblem
    from tui.settings.trust import workspace_file

    if args.trust:
        return workspace_layer(workspace, trust=True), None, ()
    found = workspace_file(workspace, known_words())
    if found is None:
        return None, None, ()
    if isinstance(found, SettingsProblem):
        return None, None, (found,)
    return found.in_force, found if found.in_force is None and found.answer is None else None, ()


def _headless(args: argparse.Namespace, workspace: Path) -> Settings:
    """The settings in force where there is no screen that could ask."""
    return _settings(args, workspace_layer(workspace, trust=args.trust))[0]


def _settings(args: argparse.Namespace, layer: TomlFile | None) -> tuple[Settings, tuple[SettingsProblem, ...]]:
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
    return load_settings(layer, file=file, flags=flags, words=known_words())
