"""What the command line says of the host. Loads next to nothing: it is read on both sides of the guests' process."""

from __future__ import annotations

import os
from _blake2 import blake2b  # as in the store: hashlib loads OpenSSL for it
from dataclasses import dataclass
from pathlib import Path

from tui.reading import read_whole
from tui.settings.xdg import config_home, state_home


class HostSetupError(Exception):
    """A file or folder that the settings name cannot be used. The text is one sentence."""


def setup_text(path: str, most: int, refused: type[HostSetupError]) -> str:
    """The text of a file that the settings name, at most that many bytes. Raises `refused`."""
    try:
        return read_whole(path, most).decode("utf-8")
    except OSError as error:
        raise refused(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise refused(f"{path}: byte {error.start} is not UTF-8") from error


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


def state_folder(workspace: str) -> Path:
    """Where the state of a workspace lies: under XDG state, by the workspace's name and path."""
    path = os.path.abspath(workspace)  # noqa: PTH100 - resolve() would ask the disk
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in os.path.basename(path)[:40])  # noqa: PTH119
    digest = blake2b(os.fsencode(path), digest_size=6).hexdigest()
    return state_home() / "run" / f"{name or 'workspace'}-{digest}"


def usual_settings(workspace: str) -> HostSettings:
    """The host of a workspace where nobody says otherwise: its store, and the person's own secrets where there are."""
    own = config_home() / "secrets.env"
    secrets = str(own) if os.path.isfile(own) else ""
    return HostSettings(workspace=workspace, state=str(state_folder(workspace)), secrets=secrets)
