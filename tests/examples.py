"""How many examples hypothesis tries: few in the short form, many in `.ci/run --long`."""

from __future__ import annotations

from hypothesis import settings


def examples(times: int) -> int:
    """So many times what other tests get, where what is sought is rare."""
    default = settings.default
    assert default is not None
    return times * default.max_examples
