"""Fetches from a real server, as net/http makes them, taken down and answered again.

The gateway reaches no loopback address, so the tests' dial leads every host to the server here; that it refuses to is
tried with its own dial.
"""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import ClassVar
from urllib.parse import urlsplit

import pytest

from tui.running.host.http.addresses import port_of
from tui.running.host.http.exchange import Request, Response
from tui.running.host.http.fetch import Fetch
from tui.running.host.http.recording import Recording
from tui.running.host.http.transport import LAST_PORT, MOST_BYTES, Dial, Transport, dial
from tui.running.host.seam import Invocation
from tui.running.host.veil import Veil

BASE = "http://shop.example"
TOKEN = "hunter2-hunter2"


class Shop(BaseHTTPRequestHandler):
    """Says what it was asked; some paths lead elsewhere, or break off."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def answer(self) -> None:
        path, size = self.path, int(self.headers.get("Content-Length", 0))
        self.asked.append(f"{self.command} {path}")
        said = json.dumps(
            {"method": self.command, "body": self.rfile.read(size).decode(), **dict(self.headers)}
        ).encode()
        if path.startswith("/to/"):
            _, _, status, place = path.split("/", 3)
            return self.say(int(status), b"moved", Location="/" + place)
        if path == "/away":
            return self.say(302, b"", Location="http://127.0.0.1/inside")
        if path == "/loop":
            return self.say(302, b"", Location="/loop")
        if path == "/packed":
            return self.say(200, gzip.compress(b"unpacked"), Content_Encoding="gzip")
        if path == "/bomb":
            return self.say(200, gzip.compress(bytes(MOST_BYTES + 1)), Content_Encoding="gzip")
        if path == "/short":
            self.say(200, b"ten bytes?", Content_Length="100")
            self.close_connection = True
            return None
        if path == "/slow":
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.server.gone.wait(20)  # type: ignore[attr-defined]
            self.close_connection = True
            return None
        return self.say(404 if path == "/none" else 200, said, X_Token=TOKEN, Set_Cookie="a=b")

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@pytest.fixture
def shop() -> Iterator[Dial]:
    """A way to the server, whatever host is asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.gone = threading.Event()  # type: ignore[attr-defined]
    Shop.asked.clear()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield lambda _host, _port, seconds: socket.create_connection(("127.0.0.1", server.server_port), timeout=seconds)
    server.gone.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def get(shop: Dial, path: str, seconds: float = 10, **given: object) -> Response:
    request = Request(str(given.get("method", "GET")), BASE + path, {}, bytes(given.get("body", b"")))  # type: ignore[call-overload]
    return Transport(shop).get(request, monotonic() + seconds)


def test_it_is_asked_as_go_asks(shop: Dial) -> None:
    found = json.loads(get(shop, "/a?b=c", method="POST", body=b"hello").body)
    assert found["method"] == "POST"
    assert found["body"] == "hello"
    assert {key: found[key] for key in ("Host", "User-Agent", "Accept-Encoding", "Content-Length")} == {
        "Host": "shop.example", "User-Agent": "Go-http-client/1.1", "Accept-Encoding": "gzip", "Content-Length": "5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [(301, "POST", "GET"), (302, "POST", "GET"), (303, "PUT", "GET"), (307, "POST", "POST"), (308, "PUT", "PUT"),
     (302, "HEAD", "HEAD")],
)  # fmt: skip
def test_redirects_are_followed_as_go_follows_them(shop: Dial, status: int, method: str, then: str) -> None:
    found = get(shop, f"/to/{status}/end", method=method, body=b"x")
    assert (found.status, found.error) == (200, "")
    assert Shop.asked == [f"{method} /to/{status}/end", f"{then} /end"]
    if then != "HEAD":
        assert json.loads(found.body)["body"] == ("x" if status > 303 else "")


def test_a_redirect_to_this_machine_is_refused(shop: Dial) -> None:
    assert get(shop, "/away") == Response(0, error="url host not allowed")
    assert Shop.asked == ["GET /away"]


def test_a_redirect_without_an_end(shop: Dial) -> None:
    assert get(shop, "/loop").error == "stopped after 10 redirects"


def test_packed_bodies_are_unpacked_and_bounded(shop: Dial) -> None:
    found = get(shop, "/packed")
    assert found.body == b"unpacked"
    assert not {"Content-Encoding", "Content-Length"} & found.headers.keys()
    assert f"larger than {MOST_BYTES}" in get(shop, "/bomb").error


def test_a_body_that_breaks_off_keeps_its_status(shop: Dial) -> None:
    found = get(shop, "/short")
    assert found == Response(200, error="unexpected EOF")


def test_the_deadline_ends_a_body(shop: Dial) -> None:
    assert get(shop, "/slow", 0.2) == Response(200, error="context deadline exceeded")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "::ffff:127.0.0.1"])
def test_no_dial_leads_to_this_machine(host: str) -> None:
    with pytest.raises(PermissionError, match="address not allowed"):
        dial(host, 80, 1)


def test_what_is_taken_down_answers_again_and_shows_no_secret(shop: Dial, tmp_path: Path) -> None:
    veil, path = Veil({"TOKEN": TOKEN}), str(tmp_path / "fetches.json")
    asked = (
        Invocation("fn", "local"),
        b"GET",
        f"{BASE}/a?key={TOKEN}".encode(),
        b'{"X-Key":"%s"}' % TOKEN.encode(),
        b"",
    )
    recording = Recording(path, answers=False, veil=veil)
    calls = Fetch(recording, shop).calls()
    first = calls["http_fetch"](*asked)
    gone = calls["http_fetch"](asked[0], b"GET", f"{BASE}/none".encode(), b"", b"")
    assert recording.write() is None
    text = Path(path).read_text()
    assert TOKEN not in text
    assert text.count("<secret TOKEN>") == 4  # the URL, what the server says of a header, and that in two answers
    again = Fetch(Recording(path, answers=True, veil=veil)).calls()
    assert again["http_fetch"](*asked) == first
    assert again["http_fetch"](asked[0], b"GET", f"{BASE}/none".encode(), b"", b"") == gone


@pytest.mark.parametrize(
    ("authority", "port"),
    [("a", 0), ("a:", 0), ("a:0080", 80), ("[::1]:000000000443", 443), ("a:70000", 70_000), ("a:x", None)],
)
def test_the_port_of_a_url(authority: str, port: int | None) -> None:
    assert port_of(urlsplit(f"http://{authority}/")) == port


def test_a_port_of_many_digits_is_none_that_a_socket_has() -> None:
    found = port_of(urlsplit("http://a:1000000080/"))
    assert found is not None
    assert found > LAST_PORT
