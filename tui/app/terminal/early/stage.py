"""The terminal, taken before Textual is loaded: raw, on its alternate screen, a frame on it.

Textual's driver takes it over as it stands (`hand_over`); whatever else happens gives it back as it was. What is typed
meanwhile stays with the terminal until the driver reads it.
"""

from __future__ import annotations

import os
import termios
from select import select

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, Final

    from tui.app.terminal.early.kept import Opening

    Handler = Callable[[int, FrameType | None], object] | int | None
else:
    import _signal  # what `signal` offers, without its enumerations, whose loading takes half as long as all of this

# The terminal keeps its title while we show ours (xterm's title stack; others ignore it).
KEEP_TITLE: Final = "\x1b[22;0t"
TITLE_BACK: Final = "\x1b[23;0t"
ENTER: Final = "\x1b[?1049h"  # the alternate screen
# No cursor, no wrapping; and where a terminal knows how, all of the frame at once.
_BEGIN: Final = f"{KEEP_TITLE}{ENTER}\x1b[?25l\x1b[?7l\x1b[?2026h".encode()
_END: Final = b"\x1b[0m\x1b[?2026l"
_LEAVE: Final = f"\x1b[0m\x1b[?2026l\x1b[?7h\x1b[?1049l\x1b[?25h{TITLE_BACK}".encode()
_PIECE: Final = 4096  # bytes of one write
_PATIENCE: Final = 0.05  # seconds that a terminal gets to take one; the rest is left to Textual
_IN: Final = 0
_OUT: Final = 1
_INPUT_OFF: Final = termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
_LOCAL_OFF: Final = termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG
# What may end us, or stop us, before the screen hears signals by itself.
_HEARD: Final = (
    *(_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT, _signal.SIGTSTP),
    *(_signal.SIGUSR1, _signal.SIGUSR2, _signal.SIGALRM),
)


class Stage:
    """Who has the terminal before the screen has it."""

    def __init__(self) -> None:
        self._before: list[Any] | None = None  # how the terminal was set, while the frame stands
        self._handlers: dict[int, Handler] = {}
        self.opening: Opening | None = None  # this start, where the next one like it may have a frame

    @property
    def stands(self) -> bool:
        """Whether a frame of ours stands on the terminal, and nobody has taken it over yet."""
        return self._before is not None

    def take(self, frame: bytes) -> None:
        """Take the terminal and show the frame. Without a terminal to take, nothing happens."""
        try:
            before = termios.tcgetattr(_IN)
            if os.tcgetpgrp(_IN) != os.getpgrp():
                return  # in the background
            for number in _HEARD:
                if _signal.getsignal(number) != _signal.SIG_IGN:
                    self._handlers[number] = _signal.signal(number, self._heard)
            self._before = before
            termios.tcsetattr(_IN, termios.TCSANOW, _raw(before))
        except (termios.error, OSError):
            self._before = None
            self.leave_signals()
            return
        _put(_BEGIN + frame + _END)

    def give_back(self) -> None:
        """Leave the terminal as it was, where it is ours still."""
        before, self._before = self._before, None
        if before is None:
            return
        _put(_LEAVE)
        try:  # noqa: SIM105 (loading contextlib takes longer)
            termios.tcsetattr(_IN, termios.TCSANOW, before)
        except termios.error:
            pass  # it is gone
        self.leave_signals()

    def leave_signals(self) -> None:
        """Somebody else hears signals from now on; those that are heard by others already stay as they are."""
        handlers, self._handlers = self._handlers, {}
        for number, handler in handlers.items():
            if _signal.getsignal(number) == self._heard:
                _signal.signal(number, _signal.SIG_DFL if handler is None else handler)

    def hand_over(self) -> list[Any] | None:
        """Leave the terminal to the caller as it stands: how it was set before; None where it was not taken."""
        before, self._before = self._before, None
        return before

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        """A signal: the terminal first, then what the signal would have done without us."""
        handler = self._handlers.get(number)
        self.give_back()
        if callable(handler):
            handler(number, _frame)
        else:
            os.kill(os.getpid(), number)


def _raw(attributes: list[Any]) -> list[Any]:
    """The settings as Textual makes them, so that its own change nothing."""
    found = [*attributes]
    found[0] &= ~_INPUT_OFF
    found[3] &= ~_LOCAL_OFF
    found[6] = [*found[6]]
    found[6][termios.VMIN] = 1
    return found


def _put(data: bytes) -> None:
    """Write as much as the terminal takes without a wait."""
    left = memoryview(data)
    try:
        while left and select((), (_OUT,), (), _PATIENCE)[1]:
            left = left[os.write(_OUT, left[:_PIECE]) :]
    except OSError:
        return  # it is gone, which the driver finds out too


STAGE: Final = Stage()
