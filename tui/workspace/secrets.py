"""Environment values that look like secrets: stored in clear by the gateway, and masked by fn-tui."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

MASK: Final = "••••••••"
# Words of a variable's name, parted by "_", "-", "." or a change of case.
_SECRET_NAME: Final = re.compile(
    r"(?:^|[_\-.]|(?<=[a-z])(?=[A-Z]))"
    r"(?i:secret|token|password|passwd|pwd|passphrase|credential|apikey|"
    r"(?:api|private|access|secret|signing|encryption|master|auth|service)[_\-.]?key|dsn|salt)[sS]?"
    r"(?:$|[_\-.]|(?<=[a-z])(?=[A-Z]))"
)
_SECRET_VALUE: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[0-9A-Za-z]{30,}"
    r"|\bgithub_pat_[0-9A-Za-z_]{30,}"
    r"|\bglpat-[0-9A-Za-z_\-]{20,}"
    r"|\bxox[abprs]-[0-9A-Za-z\-]{10,}"
    r"|\b[sr]k[-_](?:live|test|ant|proj)?[-_]?[0-9A-Za-z_\-]{20,}"
    r"|\beyJ[0-9A-Za-z_\-]{8,}\.eyJ[0-9A-Za-z_\-]{8,}\."
    r"|://[^\s/:@]*:[^\s/@]+@"
)
# Values that no one has to hide, whatever the variable is called.
_HARMLESS: Final = re.compile(
    r"\s*|true|false|yes|no|on|off|none|null|[0-9]{1,5}|<.*>|\$\{?\w+\}?|changeme|x+|\*+", re.IGNORECASE
)
_RANDOM: Final = re.compile(r"[0-9A-Za-z+/=_\-]{32,}")
_SHORTEST_VALUE: Final = 12  # shorter values have no pattern to know them by


def _looks_random(value: str) -> bool:
    """Whether a long word mixes letters and digits as only a generated one does."""
    if _RANDOM.fullmatch(value) is None:
        return False
    digits = sum(character.isdigit() for character in value)
    return digits >= 4 and len(value) - digits >= 4 and len(set(value)) >= 12


def is_secret(key: str, value: str) -> bool:
    """Whether an environment entry looks like something to be kept from other eyes, by its name or by its value."""
    if _SECRET_NAME.search(key) is not None:
        return _HARMLESS.fullmatch(value[:64]) is None
    if len(value) < _SHORTEST_VALUE:
        return False
    start = value[:8192]
    return _SECRET_VALUE.search(start) is not None or _looks_random(start)


def secret_keys(env: Mapping[str, str]) -> frozenset[str]:
    """The keys of `env` whose values are to be masked."""
    return frozenset(key for key, value in env.items() if is_secret(key, value))
