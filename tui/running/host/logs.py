"""What the function logs."""

from __future__ import annotations

from collections.abc import Mapping

from tui.running.engine.record import Cut, plain
from tui.running.host.seam import LONGEST_LINE, HostFunction


class Logs:
    """log_info and log_error."""

    def __init__(self, cut: Cut = plain) -> None:
        """`cut` gives the first bytes of a line as they may be shown."""
        self._cut = cut

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "log_info": lambda invocation, line: invocation.log("info", self._cut(line, LONGEST_LINE)),
            "log_error": lambda invocation, line: invocation.log("error", self._cut(line, LONGEST_LINE)),
        }
