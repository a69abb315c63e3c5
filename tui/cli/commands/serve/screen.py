"""The screen of one browser: a process of its own, started by `fn-tui serve`, that speaks textual-serve's protocol."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from tui.cli import guarded, root_parser

ORPHAN_SECONDS = 1.0  # how often it looks whether the server still lives


def main() -> int:
    """Show the workspace until the browser goes away; the exit code."""
    args = root_parser().parse_args()

    def show() -> int:
        from tui.app.shell.main import run_screen
        from tui.cli.commands.screen import screen_options
        from tui.cli.personal import personal_programs

        personal_programs(args.settings)
        threading.Thread(target=_end_with_server, args=(os.getppid(),), daemon=True).start()
        return run_screen(screen_options(args, Path(args.workspace)))

    return guarded(show)


def _end_with_server(server: int) -> None:
    """End this screen when its server is gone without a word (SIGKILL): its end of the pipe says nothing of that."""
    while os.getppid() == server:
        time.sleep(ORPHAN_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
