"""Where settings, state and caches of fn-tui lie: the XDG Base Directory Specification 0.8."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

APPLICATION: Final = "fn-tui"
# Without a home there is no place of the person's own. A folder of a known name under /tmp could be laid out by
# somebody else, so the answer is one that never exists: reading finds nothing, writing fails with a word.
NOWHERE: Final = Path("/nonexistent")


def config_home() -> Path:
    """The folder of settings: `$XDG_CONFIG_HOME/fn-tui`, else `~/.config/fn-tui`. It may not exist."""
    return _home("XDG_CONFIG_HOME", ".config")


def state_home() -> Path:
    """The folder of state (history, logs, sizes): `$XDG_STATE_HOME/fn-tui`, else `~/.local/state/fn-tui`."""
    return _home("XDG_STATE_HOME", ".local/state")


def cache_home() -> Path:
    """The folder of what can be made again: `$XDG_CACHE_HOME/fn-tui`, else `~/.cache/fn-tui`."""
    return _home("XDG_CACHE_HOME", ".cache")


def _home(variable: str, fallback: str) -> Path:
    """The folder that `variable` names. A relative or empty value counts as unset, as the specification says."""
    chosen = os.environ.get(variable, "")
    if os.path.isabs(chosen):  # noqa: PTH117 - a Path of "" would be "."
        return Path(chosen) / APPLICATION
    home = os.environ.get("HOME") or _login_home()
    return (Path(home) if os.path.isabs(home) else NOWHERE) / fallback / APPLICATION  # noqa: PTH117


def _login_home() -> str:
    """The home folder that the password database names, or "" (a user id without an entry, as containers have)."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""
