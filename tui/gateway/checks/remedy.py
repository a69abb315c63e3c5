"""A remedy as it suits the place where it is read: a key on screen, a command to paste in a shell, both in JSON."""

from __future__ import annotations

import re
from typing import Final

# As tui.gateway.life.words writes it: the key, what it does, and the command in parentheses.
_COMMAND: Final = " (or: fn-tui build)"
_KEY: Final = re.compile(r"\bb ((?:re)?builds it(?: as a \w+)?)" + re.escape(_COMMAND))
_BESIDES: Final = re.compile(r"(?:^|; (?:or )?)" + _KEY.pattern)


def for_shell(remedy: str, path: str) -> str:
    """A remedy without key names: what a key would do is the command on `path`, quoted for a shell."""
    return _KEY.sub(lambda _: _build(path), remedy)


def for_screen(remedy: str, key: str) -> str:
    """A remedy with the key that is bound, and no command: nobody types one there."""
    return _KEY.sub(lambda found: f"{key} {found[1]}", remedy)


def without_build(remedy: str) -> str:
    """A remedy while the build that it asks for is under way: what there is to do besides, or ""."""
    return _BESIDES.sub("", remedy)


def for_both(remedy: str, path: str) -> str:
    """A remedy with the key, and the command on `path` beside it."""
    return remedy.replace(_COMMAND, f" (or: {_build(path)})")


def _build(path: str) -> str:
    from shlex import quote

    return f"fn-tui build {quote(path)}"
