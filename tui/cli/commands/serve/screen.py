"""The screen of one browser: a process of its own, started by `fn-tui serve`, that speaks the web driver's protocol."""

from __future__ import annotations

import os
import signal
import threading
import time
from functools import partial
from pathlib import Path
from typing import Final

from tui.building.guard.processes import Kernel
from tui.cli import guarded
from tui.cli.parser import root_parser

ORPHAN_SECONDS: Final = 0.1  # how often it looks whether the server still lives
LEAVE_SECONDS: Final = 0.8  # for leaving as when a terminal is closed; then it is killed, and the guard ends builds


def main(server: int) -> int:
    """Show the workspace until the browser goes away; the exit code. `server`: the process that started this one."""
    Kernel().die_with_parent()  # the guard sees to its builds
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()
    args = root_parser().parse_args()

    def show() -> int:
        from tui.app.shell.main import run_screen
        from tui.cli.commands.screen import screen_options
        from tui.cli.layers import personal_programs

        personal_programs(args.settings)
        return run_screen(partial(screen_options, args), Path(args.workspace))

    return guarded(show)


def _end_with(server: int) -> None:
    """End when the server is gone without a word (SIGKILL), whatever the screen is just waiting for: where the system
    sees to that by itself (Linux), for the time before it was asked to.
    """
    while os.getppid() == server:
        time.sleep(ORPHAN_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LEAVE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
