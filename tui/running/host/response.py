"""set_http_response: a function that writes its own status, headers and body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.running.host.gojson import go_loads
from tui.running.host.seam import HostFunction, Invocation, RawResponse

STATUSES: Final = range(100, 600)
MOST_HEADERS: Final = 64
MOST_BYTES: Final = 8 << 20


class Responses:
    """The one call; the last response that a run sets is the one that counts."""

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {"set_http_response": _set}


def _set(invocation: Invocation, status: int, headers: bytes, body: bytes) -> int:
    """1 where the response is taken; 0 without raw_http_response, or beyond a bound."""
    if not invocation.raw_response or status not in STATUSES or len(body) > MOST_BYTES:
        return 0
    found = read_headers(headers)
    if found is None or len(found) > MOST_HEADERS:
        return 0
    invocation.response = RawResponse(status, found, body)
    return 1


def read_headers(text: bytes) -> dict[str, str] | None:
    """Headers given as a JSON object of strings; none for no text, None for any other JSON."""
    if not text:
        return {}
    try:
        found = go_loads(text)
    except ValueError:
        return None
    if found is None:  # Go decodes null into a map as nothing
        return {}
    if not isinstance(found, dict) or not all(isinstance(value, str | None) for value in found.values()):
        return None
    return {name: value or "" for name, value in found.items()}
