"""What the command line says of the host. Loads nothing: it is read on both sides of the process that runs guests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostSettings:
    """How the host is set up. Paths are absolute; all of it crosses to the process as JSON."""

    workspace: str = ""  # the folder whose functions can be invoked, and whose state this is
    state: str = ""  # the folder of the store; "": none is kept
