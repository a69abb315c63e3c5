"""Where settings, state and caches of fn-tui lie: the XDG Base Directory Specification 0.8.

Imports next to nothing: the first frame asks.
"""

# ruff: noqa: PTH117 (pathlib is slow to load)

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Final

APPLICATION: Final = "fn-tui"
# Without a home there is no place of the person's own. A folder of a known name under /tmp could be laid out by
# somebody else, so the answer is one that never exists: reading finds nothing, writing fails with a word.
NOWHERE: Final = "/nonexistent"


def config_home() -> Path:
    """The folder of settings: `$XDG_CONFIG_HOME/fn-tui`, else `~/.config/fn-tui`. It may not exist."""
    return _path(config_folder())


def state_home() -> Path:
    """The folder of state (history, logs, sizes): `$XDG_STATE_HOME/fn-tui`, else `~/.local/state/fn-tui`."""
    return _path(state_folder())


def cache_home() -> Path:
    """The folder of what can be made again: `$XDG_CACHE_HOME/fn-tui`, else `~/.cache/fn-tui`."""
    return _path(cache_folder())


def config_folder() -> str:
    """The same as `config_home`, for those who have no time for a Path."""
    return _home("XDG_CONFIG_HOME", ".config")


def state_folder() -> str:
    """The same as `state_home`."""
    return _home("XDG_STATE_HOME", ".local/state")


def cache_folder() -> str:
    """The same as `cache_home`."""
    return _home("XDG_CACHE_HOME", ".cache")


def frames_folder() -> str:
    """The folder of first frames."""
    return f"{cache_folder()}/frames"


def _path(folder: str) -> Path:
    from pathlib import Path

    return Path(folder)


def _home(variable: str, fallback: str) -> str:
    """The folder that `variable` names. A relative or empty value counts as unset, as the specification says."""
    chosen = os.environ.get(variable, "")
    if os.path.isabs(chosen):
        return f"{chosen}/{APPLICATION}"
    home = os.environ.get("HOME") or _login_home()
    return f"{home if os.path.isabs(home) else NOWHERE}/{fallback}/{APPLICATION}"


def _login_home() -> str:
    """The home folder that the password database names, or "" (a user id without an entry, as containers have)."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""
