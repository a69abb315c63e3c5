"""Which functions a message on a topic starts: patterns, and messages that came a moment ago."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from time import monotonic
from typing import Final

SAME_SECONDS: Final = 30.0  # in which a message of the same bytes on a topic starts nothing again
MOST_REMEMBERED: Final = 10_000
_WILD: Final = re.compile(r"[*?\[]")


class PatternError(ValueError):
    """A pattern that is none. The text says why."""


def is_wild(pattern: str) -> bool:
    """Whether a pattern stands for more than the topic that it spells."""
    return _WILD.search(pattern) is not None


def read_pattern(pattern: str) -> re.Pattern[str]:
    """`*` is anything but `:`, `**` anything, `?` one character but `:`, `[..]` one of those. Raises PatternError."""
    if not pattern:
        raise PatternError("a pattern of topics is empty")
    parts, place = [], 0
    while place < len(pattern):
        if pattern.startswith("**", place):
            parts.append(".*")
            place += 2
        elif pattern[place] == "[":
            end = pattern.find("]", place + 2)
            if end < 0:
                raise PatternError(f"{pattern!r}: [ has no ]")
            parts.append(_class(pattern, pattern[place + 1 : end]))
            place = end + 1
        else:
            parts.append({"*": "[^:]*", "?": "[^:]"}.get(pattern[place], re.escape(pattern[place])))
            place += 1
    return re.compile("".join(parts), re.DOTALL)


def _class(pattern: str, inside: str) -> str:
    negated = inside[:1] in ("^", "!")
    body = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside[negated:])
    try:
        re.compile(f"[{body}]")
    except re.error as error:
        raise PatternError(f"{pattern!r}: [{inside}] is no set of characters") from error
    return f"[{'^' if negated else ''}{body}]"


class Repeats:
    """Remembers messages for a moment. Not one more than a bound: then the oldest is forgotten early."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[bytes, float] = OrderedDict()

    def is_new(self, topic: str, message: bytes) -> bool:
        """Whether no message of these bytes came on the topic lately; from now on one has."""
        now = self._clock()
        while self._seen and (
            len(self._seen) > MOST_REMEMBERED or next(iter(self._seen.values())) <= now - SAME_SECONDS
        ):
            self._seen.popitem(last=False)
        name = topic.encode("utf-8", "surrogatepass")
        key = sha256(len(name).to_bytes(8, "big") + name + message).digest()
        if key in self._seen:
            return False
        self._seen[key] = now
        return True
