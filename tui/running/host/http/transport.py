"""Requests over the network as net/http makes them: redirects followed, each address looked at before it is dialled."""

from __future__ import annotations

import gzip
import http.client
import io
import socket
import ssl
import zlib
from collections.abc import Callable
from time import monotonic
from typing import Final
from urllib.parse import urljoin

from tui.running.host.http.addresses import address_is_refused, parsed, port_of, url_refusal
from tui.running.host.http.exchange import Request, Response

MOST_BYTES: Final = 16 << 20  # of a body, unpacked too
MOST_REDIRECTS: Final = 10
LAST_PORT: Final = 65_535
ESCAPED: Final = frozenset(' "<>^`{|}\\')
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
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


class Transport:
    """Makes requests. `connect` reaches a host."""

    def __init__(self, connect: Dial = dial) -> None:
        self._connect = connect

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
        port = port_of(parts) or (443 if secure else 80)
        if port > LAST_PORT:
            raise OSError(f"dial tcp: address {port}: invalid port")
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
    wanted = answer.length  # None: until the connection ends, or in chunks, which tell their end
    while (wanted is None or body.tell() < wanted) and (chunk := answer.read1(1 << 16)):
        if body.tell() + len(chunk) > MOST_BYTES:
            return Response(answer.status, error=f"body larger than {MOST_BYTES} bytes")
        body.write(chunk)
        if monotonic() > due:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(max(due - monotonic(), 0.01))
    if wanted is not None and body.tell() < wanted:
        return Response(answer.status, error="unexpected EOF")
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
    path = _quoted(parts.path or "/")
    return f"{path}?{_quoted(parts.query)}" if parts.query else path


def _quoted(text: str) -> str:
    """What may not stand in a request's first line, escaped; what is escaped stays so."""
    return "".join(c if c.isascii() and c not in ESCAPED else "".join(f"%{o:02X}" for o in c.encode()) for c in text)
