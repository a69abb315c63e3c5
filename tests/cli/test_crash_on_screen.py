"""A fault inside the screen, on a real terminal: restored, one line, a report, exit 70, and no compiler left behind."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

DEADLINE = 60.0
PROGRAM = """
import sys
from tui.app.shell.dialogs import Dialogs
def fault(self):
    raise RuntimeError("a fault \\x1b[2J for this test")
Dialogs.show_keys = fault
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""
COMPILER = """#!/bin/sh
case "$1" in
version) echo "go version go1.27.3 linux/amd64" ;;
build) sleep 300 & echo $! > "$PIDS"; wait ;;
*) exit 1 ;;
esac
"""


class Terminal:
    """A program on a terminal of 100x30, and all that it wrote there."""

    def __init__(self, argv: list[str], environment: dict[str, str]) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.before = termios.tcgetattr(theirs)
        self.process = subprocess.Popen(
            argv, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        self.ours, self.theirs, self.written = ours, theirs, b""

    def until(self, fact: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + DEADLINE
        while not fact():
            assert time.monotonic() < deadline, f"{what}: {self.written[-2000:]!r}"
            if select.select([self.ours], [], [], 0.05)[0]:
                self.written += os.read(self.ours, 65536)

    def type(self, keys: bytes) -> None:
        os.write(self.ours, keys)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_fault_on_screen(tmp_path: Path, function_directory: Callable[..., Path]) -> None:
    workspace = function_directory().parent
    compiler, pids = tmp_path / "bin/go", tmp_path / "pids"
    compiler.parent.mkdir()
    compiler.write_text(COMPILER)
    compiler.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{compiler.parent}{os.pathsep}{os.environ['PATH']}",
        "PIDS": str(pids),
        "TERM": "xterm-256color",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    terminal = Terminal([sys.executable, "-c", PROGRAM, "--compiler", "go", str(workspace)], environment)
    try:
        # Frames are differences: no sentence need come in one piece, but the word of the row does.
        terminal.until(lambda: b"unbuilt" in terminal.written, "the screen does not come")
        terminal.type(b"b")
        terminal.until(lambda: pids.exists() and pids.read_text().endswith("\n"), "the compiler is not started")
        terminal.type(b"?")
        terminal.until(lambda: terminal.process.poll() is not None and b"crash-" in terminal.written, "it goes on")
        assert terminal.process.returncode == 70
        assert termios.tcgetattr(terminal.theirs) == terminal.before
    finally:
        terminal.close()
    after = terminal.written.rpartition(b"\x1b[?1049l")[2]
    assert b"\x1b[?25h" in after
    said = after.rpartition(b"fn-tui: ")[2]
    (report,) = (tmp_path / "state/fn-tui/crashes").iterdir()
    line = f"a fault of fn-tui's own: RuntimeError: a fault \\e[2J for this test; the report is {report}\r\n"
    assert said == line.encode()
    assert "RuntimeError: a fault" in report.read_text()
    deadline = time.monotonic() + DEADLINE
    while runs(int(pids.read_text())):
        assert time.monotonic() < deadline, "the compiler's child outlives the screen"
        time.sleep(0.05)
