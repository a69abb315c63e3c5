"""Opens the screen and gives its exit code."""

from __future__ import annotations

import contextlib
import sys
from typing import Final

from tui.app.shell.options import ScreenOptions

# The terminal keeps its title while we show ours (xterm's title stack; others ignore it).
_KEEP_TITLE: Final = "\x1b[22;0t"
_TITLE_BACK: Final = "\x1b[23;0t"


def _write(sequence: str) -> None:
    """To the terminal, where there is one; a terminal that has hung up is no fault."""
    if sys.stdout is not None and sys.stdout.isatty():
        with contextlib.suppress(OSError):
            sys.stdout.write(sequence)
            sys.stdout.flush()


def run_screen(options: ScreenOptions) -> int:
    """Show the workspace until the person leaves. Faults of ours are raised here, after the terminal is restored.

    Raises ContractError where the settings name a contract that cannot be used.
    """
    from tui.app.shell.app import FnTui
    from tui.gateway.contract.contract import load_contract

    app = FnTui(options, load_contract(options.settings.contract))
    _write(_KEEP_TITLE)
    try:
        code = app.run(mouse=options.settings.mouse)
    finally:
        _write(_TITLE_BACK)
    if app.fault is not None:
        raise app.fault
    return code or 0
