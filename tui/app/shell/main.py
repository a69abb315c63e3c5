"""Opens the screen and gives its exit code."""

from __future__ import annotations

from tui.app.options import ScreenOptions


def run_screen(options: ScreenOptions) -> int:
    """Show the workspace until the person leaves. Faults of ours are raised here, after the terminal is restored.

    Raises ContractError where the settings name a contract that cannot be used.
    """
    from tui.app.shell.app import FnTui
    from tui.gateway.contract.reading import load_contract

    app = FnTui(options, load_contract(options.settings.contract))
    code = app.run(mouse=options.settings.mouse)
    if app.fault is not None:
        raise app.fault
    return code or 0
