"""What an action of the table reaches: each place of the screen names its own by the action's id, as typed methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

TYPING: Final = "-typing"  # the class of a widget in which letters are text

# Does it. False: there was nothing to do here, so whoever is further out is asked.
Handler = Callable[[], bool | None]
Handlers = Mapping[str, Handler]  # action id -> what does it here
