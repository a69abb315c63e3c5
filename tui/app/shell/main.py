"""Opens the screen and gives its exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app.options import ScreenOptions

if TYPE_CHECKING:
    from tui.gateway.contract.contract import Contract


def run_screen(options_for: Callable[[Path], ScreenOptions], workspace: Path) -> int:
    """Show the workspace, then those that the person goes on to, until they leave. Faults of ours are raised here,
    after the terminal is restored.

    Raises ContractError where the settings name a contract that cannot be used.
    """
    from tui.app.terminal.early.stage import STAGE
    from tui.app.terminal.interpreter import hold_the_collector, release_the_collector

    while True:
        options = options_for(workspace)
        if options.question is not None:
            STAGE.give_back()  # it is asked on an empty screen
        hold_the_collector()  # the main screen releases it
        try:
            from tui.app.shell.app import FnTui

            app = FnTui(options, _named_contract(options))
            code = app.run(mouse=options.settings.mouse)
        finally:
            release_the_collector()
        if app.fault is not None:
            raise app.fault
        following = app.leaving.following
        if following is None:
            return code or 0
        signalled = app.leaving.make_way()
        if signalled is not None:
            return signalled
        workspace = following


def _named_contract(options: ScreenOptions) -> Contract | None:
    """The contract that the settings name. The shipped one waits until a verdict asks for it: it is after the first
    frame that there is one.
    """
    if options.settings.contract is None:
        return None
    from tui.gateway.contract.reading import load_contract

    return load_contract(options.settings.contract)
