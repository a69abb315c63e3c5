"""http_fetch: for real, with the gateway's refusals at every dial and redirect, or from recorded answers."""

from __future__ import annotations

import gzip
import http.client
import io
import socket
import ssl
import zlib
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final
from urllib.parse import urljoin

from tui.running.host.http.addresses import address_is_refused, parsed, url_refusal
from tui.running.host.http.exchange import Request, Response
from tui.running.host.http.recording import Recording
from tui.running.host.response import read_headers
from tui.running.host.seam import HostFunction, Invocation

SECONDS: Final = 30.0
MOST_BYTES: Final = 16 << 20  # of a body, unpacked too
MOST_REDIRECTS: Final = 10
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
TOR: Final = "dial tcp 127.0.0.1:9050: connect: connection refused"
# host, port, seconds -> a connected socket. Raises OSError.
Dial = Callable[[str, int, float], socket.socket]


def dial(host: str, port: int, seconds: float) -> socket.socket:
    """Connect to a public address of a host. Raises OSError."""
    last: OSError | None = None
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = str(place[0])
        if address_is_refused(address.partition("%")[0]):
            last = PermissionError(f"dial tcp {address}:{port}: address not allowed")
            continue
        try:
            return socket.create_connection((address, port), timeout=seconds)
        except OSError as error:
            last = error
    raise last or OSError(f"lookup {host}: no such host")


class Fetch:
    """The three calls; those through Tor find none here, unless an answer was recorded."""

    def __init__(self, recording: Recording | None = None, connect: Dial = dial) -> None:
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
        if self._recording is not None and self._recording.answers:
            return self._recording.answer(request).written()
        response = self.get(request, min(invocation.deadline, monotonic() + SECONDS))
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

    def get(self, request: Request, due: float) -> Response:
        """Fetch it, following redirects as net/http does; `due` as time.monotonic() counts."""
        for _ in range(MOST_REDIRECTS):
            response = self._once(request, due)
            place = response.headers.get("Location", [""])[0]
            if response.status not in REDIRECTS or not place or response.error:
                return response
            url = urljoin(request.url, place)
            refused = url_refusal(url)
            if refused is not None:
                return Response(0, error=refused)
            request = _redirected(request, url, response.status)
        return Response(0, error=f"stopped after {MOST_REDIRECTS} redirects")

    def _once(self, request: Request, due: float) -> Response:
        status = 0
        connection: http.client.HTTPConnection | None = None
        try:
            connection = self._open(request, due)
            connection.putrequest(request.method, _target(request.url), skip_accept_encoding=True)
            for name, value in _sent_headers(request):
                connection.putheader(name, value)
            connection.endheaders(request.body or None)
            answer = connection.getresponse()
            status = answer.status
            return _answered(request, answer, connection, due)
        except TimeoutError:
            return Response(status, error="context deadline exceeded")
        except (OSError, http.client.HTTPException, ValueError, zlib.error, EOFError) as error:
            return Response(status, error=str(error) or type(error).__name__)
        finally:
            if connection is not None:
                connection.close()

    def _open(self, request: Request, due: float) -> http.client.HTTPConnection:
        """A connection to a public address, under TLS where the URL says so. Raises OSError."""
        parts = parsed(request.url)
        assert parts is not None  # noqa: S101 -- it was looked at before
        assert parts.hostname  # noqa: S101
        secure = parts.scheme.lower() == "https"
        port = parts.port or (443 if secure else 80)
        left = due - monotonic()
        if left <= 0:
            raise TimeoutError
        stream = self._connect(parts.hostname, port, left)
        stream.settimeout(left)
        if secure:
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=parts.hostname)
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=left)
        connection.sock = stream
        return connection


def _request(method: bytes, url: bytes, headers: bytes, body: bytes) -> Request | None:
    """The request; None where its headers are no JSON object of texts."""
    found = read_headers(headers)
    if found is None:
        return None
    return Request(method.decode("latin-1").upper() or "GET", url.decode("utf-8", "replace"), found, body)


def _sent_headers(request: Request) -> list[tuple[str, str]]:
    given = {name.lower() for name in request.headers}
    sent = [(name, value) for name, value in request.headers.items() if name.lower() != "content-length"]
    if "accept-encoding" not in given:
        sent.append(("Accept-Encoding", "gzip"))
    if "user-agent" not in given:
        sent.append(("User-Agent", "Go-http-client/1.1"))
    if request.body or request.method in {"POST", "PUT", "PATCH"}:
        sent.append(("Content-Length", str(len(request.body))))
    return sent


def _answered(
    request: Request, answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, due: float
) -> Response:
    body = io.BytesIO()
    while chunk := answer.read1(1 << 16):
        if body.tell() + len(chunk) > MOST_BYTES:
            return Response(answer.status, error=f"body larger than {MOST_BYTES} bytes")
        body.write(chunk)
        if monotonic() > due:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(max(due - monotonic(), 0.01))
    headers: dict[str, list[str]] = {}
    for name, value in answer.getheaders():
        headers.setdefault(canonical(name), []).append(value)
    content = body.getvalue()
    asked = any(name.lower() == "accept-encoding" for name in request.headers)
    if not asked and headers.get("Content-Encoding") == ["gzip"]:
        content = _unpacked(content)
        headers = {
            name: values for name, values in headers.items() if name not in {"Content-Encoding", "Content-Length"}
        }
    return Response(answer.status, headers, content)


def _unpacked(packed: bytes) -> bytes:
    """The content of a gzip stream, as long as it is not too long. Raises OSError, EOFError, zlib.error."""
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise OSError(f"body larger than {MOST_BYTES} bytes")
    return content


def _redirected(request: Request, url: str, status: int) -> Request:
    """The next request: 307 and 308 ask the same again, the others get."""
    if status in {307, 308}:
        return Request(request.method, url, request.headers, request.body)
    method = "HEAD" if request.method == "HEAD" else "GET"
    kept = {name: value for name, value in request.headers.items() if not name.lower().startswith("content-")}
    return Request(method, url, kept)


def canonical(name: str) -> str:
    """A header's name as Go writes it: `x-y` is `X-Y`."""
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


def _target(url: str) -> str:
    parts = parsed(url)
    assert parts is not None  # noqa: S101 -- it was looked at before
    path = parts.path or "/"
    quoted = "".join(c if c.isascii() else "".join(f"%{octet:02X}" for octet in c.encode()) for c in path)
    return f"{quoted}?{parts.query}" if parts.query else quoted
