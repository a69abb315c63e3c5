"""The host calls of a run, as they happened, as far as there is room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tui.running.answer import HostCall

MOST_CALLS: Final = 10_000
MOST_BYTES: Final = 16 << 20  # of arguments and results together
LONGEST: Final = 4_096  # bytes shown of one argument or result

_Value = bytes | int | None


Cut = Callable[[bytes, int], bytes]


def plain(octets: bytes, most: int) -> bytes:
    """The first bytes as they are."""
    return octets[:most]


class Recorder:
    """Notes calls as they come: cheap, since a guest may make a million."""

    def __init__(self, cut: Cut = plain) -> None:
        """`cut` gives the first bytes of a value as they may be shown."""
        self._cut = cut
        self._noted: list[tuple[str, Sequence[_Value], _Value, float]] = []
        self._room = MOST_BYTES
        self.dropped = 0

    def note(self, name: str, arguments: Sequence[_Value], result: _Value, seconds: float) -> None:
        """Note one call. Long arguments and results are kept up to a bound."""
        if len(self._noted) >= MOST_CALLS or self._room <= 0:
            self.dropped += 1
            return
        kept = [self._kept(one) for one in arguments]
        shown = self._kept(result)
        self._room -= sum(len(one) for one in (*kept, shown) if isinstance(one, bytes))
        self._noted.append((name, kept, shown, seconds))

    def forget(self) -> None:
        """Make room: what was noted so far has been told."""
        self._noted.clear()
        self._room = MOST_BYTES
        self.dropped = 0

    @property
    def count(self) -> int:
        """How many calls there were since anything was forgotten."""
        return len(self._noted) + self.dropped

    def _kept(self, value: _Value) -> _Value:
        return self._cut(value, LONGEST) if isinstance(value, bytes) else value

    @property
    def last(self) -> str | None:
        """The name of the last call."""
        return self._noted[-1][0] if self._noted else None

    def calls(self, most: int = MOST_CALLS) -> tuple[HostCall, ...]:
        """The first that were noted, as text."""
        return tuple(
            HostCall(name, tuple(_text(one) for one in arguments), _text(result), round(seconds * 1000, 4))
            for name, arguments, result, seconds in self._noted[:most]
        )


def _text(value: _Value) -> str | int | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
