"""The signals that end the screen: all that would end a process, but those that nobody can hear."""

from __future__ import annotations

import signal
import subprocess
import sys

from tui.app.terminal.ending import ENDING, NOT_TYPED

# KILL is not heard, PIPE and XFSZ are ignored by Python, after the rest nothing of a process can be relied on.
APART = {
    signal.SIGKILL, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL,
}  # fmt: skip
TRY_EACH = """
import os, resource, signal
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
for number in signal.valid_signals():
    process = os.fork()
    if not process:
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        os._exit(0)
    status = os.waitpid(process, os.WUNTRACED)[1]
    if os.WIFSIGNALED(status):
        print(int(number))
    elif os.WIFSTOPPED(status):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
"""


def test_every_signal_that_would_end_us_is_heard() -> None:
    done = subprocess.run([sys.executable, "-c", TRY_EACH], capture_output=True, text=True, check=True, timeout=60)
    deadly = set(map(int, done.stdout.split()))
    assert {signal.SIGTERM, signal.SIGUSR1, signal.SIGALRM} <= deadly
    assert deadly - APART == set(ENDING)


def test_what_is_typed_to_an_editor_is_not_for_us() -> None:
    assert set(ENDING) - set(NOT_TYPED) == {signal.SIGINT, signal.SIGQUIT}
