"""http_fetch: for real, with the gateway's refusals at every dial and redirect, or from recorded answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Final

from tui.running.host.gojson import go_json
from tui.running.host.http.addresses import url_refusal
from tui.running.host.http.exchange import Request, Response
from tui.running.host.http.recording import Recording
from tui.running.host.response import read_headers
from tui.running.host.seam import HostFunction, Invocation

if TYPE_CHECKING:
    from tui.running.host.http.transport import Dial

SECONDS: Final = 30.0
_METHOD: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
TOR: Final = "dial tcp 127.0.0.1:9050: connect: connection refused"


class Fetch:
    """The three calls; those through Tor find none here, unless an answer was recorded."""

    def __init__(self, recording: Recording | None = None, connect: Dial | None = None) -> None:
        self._recording = recording
        self._connect = connect

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {"http_fetch": self._fetch, "anon_fetch": self._through_tor, "anyone_fetch": self._through_tor}

    def _fetch(self, invocation: Invocation, method: bytes, url: bytes, headers: bytes, body: bytes) -> bytes:
        request = _request(method, url, headers, body)
        if request is None:
            return b""
        refused = url_refusal(request.url)
        if refused is not None:
            return Response(0, error=refused).written()
        if _METHOD.fullmatch(request.method) is None:
            return Response(0, error=f"net/http: invalid method {go_json(request.method).decode()}").written()
        if self._recording is not None and self._recording.answers:
            return self._recording.answer(request).written()
        response = self._get(request, min(invocation.deadline, monotonic() + SECONDS))
        if self._recording is not None:
            self._recording.add(request, response)
        return response.written()

    def _through_tor(self, _: Invocation, method: bytes, url: bytes, headers: bytes, body: bytes) -> bytes:
        request = _request(method, url, headers, body)
        if request is None:
            return b""
        if self._recording is not None and self._recording.answers:
            return self._recording.answer(request).written()
        return Response(0, error=TOR).written()

    def _get(self, request: Request, due: float) -> Response:
        from tui.running.host.http.transport import Transport, dial  # a third of a run's imports: for who fetches

        return Transport(self._connect or dial).get(request, due)


def _request(method: bytes, url: bytes, headers: bytes, body: bytes) -> Request | None:
    """The request; None where its headers are no JSON object of texts."""
    found = read_headers(headers)
    if found is None:
        return None
    return Request(method.decode("latin-1").upper() or "GET", url.decode("utf-8", "replace"), found, body)
