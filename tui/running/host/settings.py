"""What the command line says of the host. Loads nothing: it is read on both sides of the process that runs guests."""

from __future__ import annotations

from dataclasses import dataclass


class HostSetupError(Exception):
    """A file or folder that the settings name cannot be used. The text is one sentence."""


@dataclass(frozen=True, slots=True)
class HostSettings:
    """How the host is set up. Paths are absolute, "" is none; all of it crosses to the process as JSON."""

    workspace: str = ""  # the folder whose functions can be invoked, and whose state this is
    state: str = ""  # the folder of the store
    fresh: bool = False  # begin with nothing, and keep nothing
    seed: str = ""  # a file of SQL that is run before the first call
    secrets: str = ""  # a file of KEY=VALUE lines
    http: str = ""  # a file of recorded answers to fetches
    record: str = ""  # a file to record fetches into
