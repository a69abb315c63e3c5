"""The terminal as Textual's driver sees it, where Textual's own waits for it, misreads it, or dies with it.

It uses private parts of Textual (as only `textual_private` does besides), for there is no public way to say this:

- It draws on stdout. Textual draws on stderr, which people redirect into files.
- Writing never waits (`Outlet`). Textual queues 30 writes, then its main thread waits for the terminal, in its shutdown
  too: TERM would not be heard while a terminal takes nothing.
- Input that is no UTF-8, or a sequence that its parser does not survive, is passed over. Textual ends with a traceback.
- A terminal that has gone away ends us. Textual reads its end for ever.
- It takes the terminal over as the early frame left it (`early`): on the alternate screen, which is entered once.
- ctrl+z comes back where no shell waits; a SIGCONT out of nowhere does not start a second reader of the keys.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final, Protocol, cast

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.app.terminal.early.stage import ENTER, KEEP_TITLE, STAGE, TITLE_BACK
from tui.app.terminal.ending import Ending
from tui.app.terminal.outlet import Outlet


class EditorInUse(Protocol):
    """The editor that has the terminal, if one has."""

    def end(self) -> None:
        """Tell it that we are ending. Called from another thread."""


class TerminalOwner(Protocol):
    """The app, as its terminal knows it."""

    def draw_again(self) -> None:
        """The terminal missed something: draw all of it."""

    def end(self, code: int) -> None:
        """Leave as `q` does, without asking."""

    @property
    def editing(self) -> EditorInUse:
        """What knows the editor that has the terminal."""

    def say_no_shell(self) -> None:
        """ctrl+z came back at once."""


# What must be undone for a shell to be usable: mouse, focus and paste reports, keyboard protocol, colours, screen.
RESCUE: Final = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"
)
PATIENCE: Final = 0.5  # seconds that the terminal gets to take what tells it to be as it was
TICK: Final = 0.1  # seconds after which a lone escape is a key
STOPPED: Final = 0.05  # seconds; whoever was stopped for less was not stopped
# Each with its escape first, so that one that the parser cannot take costs no other.
_SEQUENCES: Final = re.compile("(?=\x1b)")


@contextmanager
def unstopped() -> Iterator[None]:
    """While the terminal is changed, perhaps from the background: that would stop us, for good where somebody killed
    us there.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Terminal(LinuxDriver):
    """One terminal, from the first frame to the last."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        output = sys.__stdout__ or sys.stdout
        self._file = sys.__stdout__  # for Textual's own writing thread, which has nothing to write
        self._screen = output.fileno()
        self._encoding = output.encoding or "utf-8"
        self._outlet: Outlet | None = None
        self._stopping = False
        self._entered = False  # the alternate screen shows the early frame
        STAGE.leave_signals()
        self.ending = Ending(self._told, self._rescue)

    @property
    def owner(self) -> TerminalOwner:
        """The app; its methods are to be called on its loop."""
        return cast("TerminalOwner", self._app)

    # -- writing

    def write(self, data: str) -> None:
        """Take what is to be shown; it is left out while the terminal takes nothing."""
        if self._entered and data == ENTER:
            self._entered = False  # entering it once more would clear it
        elif self._outlet is not None:
            self._outlet.write(data.encode(self._encoding, "replace"))

    def start_application_mode(self) -> None:
        """Take the terminal, from the early frame where there is one."""
        self._outlet = Outlet(self._screen, self._draw_again, self._hung_up)
        before = STAGE.hand_over()
        self._entered = before is not None
        if not self._entered:
            self.write(KEEP_TITLE)
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if before is not None:
            self.attrs_before = before

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if self._outlet is not None:
            with unstopped():
                super().stop_application_mode()
            self.write(TITLE_BACK)

    def disable_input(self) -> None:
        """Read no more keys."""
        with unstopped():
            super().disable_input()

    def close(self) -> None:
        """What was written is shown now, if the terminal takes it."""
        super().close()
        if self._outlet is not None:
            self._outlet.drain(PATIENCE)
            self._outlet.close()
            self._outlet = None

    def use_mouse(self, on: bool) -> None:
        """Take the mouse, or leave it to the terminal."""
        self._mouse = True  # nothing is done for a mouse that we were started without
        if on:
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()
        self._mouse = on

    def _get_terminal_size(self) -> tuple[int, int]:
        """As it is now, whatever COLUMNS says."""
        try:
            size = os.get_terminal_size(self._screen)
        except OSError:
            return 80, 24
        return size.columns or 80, size.lines or 24

    def _draw_again(self) -> None:
        """Frames were left out, and the terminal takes them again."""
        self._on_loop(self.owner.draw_again)

    # -- reading

    def run_input_thread(self) -> None:
        """Pass on what is typed, until we are closed or the terminal is gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select((self.fileno,), (), (), TICK)[0]:
                typed = self._read()
                if typed is None:
                    self._hung_up()
                    return
                for piece in _SEQUENCES.split(decode(typed)):
                    parser = self._pass_on(parser, parser.feed(piece) if piece else ())
            parser = self._pass_on(parser, parser.tick())

    def _read(self) -> bytes | None:
        """What was typed; None where the terminal is gone (in the background for good counts as that)."""
        try:
            return os.read(self.fileno, 4096) or None
        except BlockingIOError:  # another program read it first
            return b""
        except OSError:
            return None

    def _pass_on(self, parser: XTermParser, messages: Iterable[Message]) -> XTermParser:
        """Post the messages; the parser to go on with: a new one where this one met a number that it cannot take."""
        try:
            for message in messages:
                self.process_message(message)
        except (ValueError, OverflowError):
            return XTermParser(self._debug)
        return parser

    @contextmanager
    def lent(self) -> Iterator[None]:
        """While another program has the terminal: ctrl+c is its own, and so is what it leaves unread."""
        with self.ending.keyboard_lent():
            yield
        with suppress(termios.error):  # no terminal any more
            termios.tcflush(self.fileno, termios.TCIFLUSH)

    # -- ending

    def _on_loop(self, then: Any, *arguments: object) -> None:
        """Call on the app's loop; nothing where that is closed: then nobody shows anything either."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(then, *arguments)

    def _told(self, code: int) -> None:
        self._on_loop(self.owner.end, code)
        self.owner.editing.end()

    def _hung_up(self) -> None:
        """The terminal is gone: that is what SIGHUP says, where it is sent."""
        self.ending.begin(128 + signal.SIGHUP)
        self._told(128 + signal.SIGHUP)

    def _rescue(self) -> None:
        """The process is about to end without having come to its end: give the terminal back, as far as it takes it."""
        if self._outlet is None:
            STAGE.give_back()
            return
        self._outlet.write(RESCUE.encode() + TITLE_BACK.encode())
        self._outlet.drain(PATIENCE / 2)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    # -- ctrl+z

    def _sigtstp_application(self, *_: int | FrameType | None) -> None:
        """Stop, and come back at once where the system says that no shell is there to bring us back."""
        STAGE.give_back()  # what was not taken over yet; the screen comes up by itself
        own = self._auto_restart  # else an editor has the terminal
        if own:
            self.suspend_application_mode()
        self._stopping, began = True, time.monotonic()
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)  # the system's own way; SIGSTOP would stop us with nobody to go on
        signal.signal(signal.SIGTSTP, handler)
        was_stopped = time.monotonic() - began > STOPPED
        self._stopping = False
        if own and not self.ending.begun:
            self._must_signal_resume = True
            self.resume_application_mode()
            if not was_stopped:
                self._on_loop(self.owner.say_no_shell)

    def _sigcont_application(self, *_: int | FrameType | None) -> None:
        """Whoever stopped us may have changed the terminal: take it anew. After ctrl+z that is done elsewhere."""
        if self._auto_restart and not self._stopping and self._outlet is not None and not self.ending.begun:
            self.suspend_application_mode()
            self.resume_application_mode()
            self._on_loop(self.owner.draw_again)
