"""Error numbers of WASI preview 1, as far as they are given."""

from __future__ import annotations

from typing import Final

OK: Final = 0
BADF: Final = 8
FAULT: Final = 21
INVAL: Final = 28
NAMETOOLONG: Final = 37
NOSYS: Final = 52
NOTDIR: Final = 54
NOTSUP: Final = 58
PERM: Final = 63
