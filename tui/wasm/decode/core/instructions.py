"""Regular expressions for function bodies, which others are made of: numbers, frames, branch tables.

Source: WebAssembly core specification 3.0, Binary Format. Quantifiers are possessive: what stands there is read one way
only, so nothing is ever tried again.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

LEB: Final = rb"[\x80-\xff]*+[\x00-\x7f]"
# br_table to few labels, whose numbers take a byte each: how many comes first, so each count has its own expression,
# and takes its time to compile.
SMALL_TABLE: Final = rb"\x0e(?:%b)" % rb"|".join(rb"\x%02x[\x00-\x7f]{%d}" % (n, n + 1) for n in range(32))


def usual_frame(types: bytes) -> bytes:
    """The size of a body, and its locals: up to eight runs, each of less than 128 of one of `types`."""
    run = rb"[\x00-\x7f][%b]" % re.escape(types)
    runs = rb"|".join(rb"\x%02x(?:%b){%d}" % (count, run, count) for count in range(9))
    return LEB + rb"(?:%b)" % runs
