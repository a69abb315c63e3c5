"""Opens the screen and gives its exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tui.app.options import ScreenOptions


def run_screen(options_for: Callable[[Path], ScreenOptions], workspace: Path) -> int:
    """Show the workspace, then those that the person goes on to, until they leave. Faults of ours are raised here,
    after the terminal is restored.

    Raises ContractError where the settings name a contract that cannot be used.
    """
    from tui.app.shell.app import FnTui
    from tui.gateway.contract.reading import load_contract

    while True:
        options = options_for(workspace)
        app = FnTui(options, load_contract(options.settings.contract))
        code = app.run(mouse=options.settings.mouse)
        if app.fault is not None:
            raise app.fault
        following = app.leaving.following
        if following is None:
            return code or 0
        signalled = app.leaving.make_way()
        if signalled is not None:
            return signalled
        workspace = following
