"""What the function logs."""

from __future__ import annotations

from collections.abc import Mapping

from tui.running.host.seam import HostFunction


class Logs:
    """log_info and log_error."""

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "log_info": lambda invocation, line: invocation.log("info", line),
            "log_error": lambda invocation, line: invocation.log("error", line),
        }
