"""Who may come in: only with the token or the cookie, under a name of the server's, from its own page."""

from __future__ import annotations

from urllib.parse import quote

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.commands.serve.serving import Served, needs_proc
from tui.cli.commands.serve.door import Door, new_secret

WRONG = ["", "x", "null", "undefined", "%00", "café"]
PATHS = ["", "ws", "page.js", "static/js/textual.js", "static/css/xterm.css", "static/", "download/x", "nothing"]


@pytest.mark.parametrize(
    ("header", "local", "exposed"),
    [
        ("127.0.0.1:8000", True, True),
        ("localhost:8000", True, True),
        ("LOCALHOST", True, True),
        ("[::1]:8000", True, True),
        ("mine.example:8000", True, True),
        ("192.0.2.1:8000", False, True),
        ("rebound.example:8000", False, False),
        ("localhost.rebound.example", False, False),
        ("127.0.0.1.rebound.example", False, False),
        ("", False, False),
        ("[::1", False, False),
        ("localhost@rebound.example", False, False),
    ],
)
def test_names_under_which_it_answers(header: str, local: bool, exposed: bool) -> None:
    names = frozenset({"mine.example"})
    assert Door(names).names_us(header) is local
    assert Door(names, any_address=True).names_us(header) is exposed


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(secret) >= 43 for secret in made)  # 256 bits
    door = Door(frozenset())
    assert door.token != door.cookie


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_is_given_without_the_token(path: str, shared: Served) -> None:
    async with aiohttp.ClientSession() as session:
        for query in ({}, {"token": ""}, {"token": shared.token[:-1]}, {"token": shared.token + "x"}, {"x": "y"}):
            async with session.get(shared.base + path, params=query) as response:
                assert response.status == 403, (path, query)
                assert shared.token not in await response.text()
                assert not response.cookies


async def test_the_page_without_the_token_says_what_to_do(shared: Served) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(shared.base, headers={"Accept": "text/html"}) as response:
            page = await response.text()
            assert response.content_type == "text/html"
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        async with session.get(shared.base, headers={"Accept": "*/*"}) as response:
            words = await response.text()
    assert "Open the address that fn-tui serve printed" in page
    assert "Open the address that fn-tui serve printed" in words
    assert "<" not in words


@needs_proc
async def test_the_socket_opens_only_with_the_token(server: Served) -> None:
    async with aiohttp.ClientSession() as session:
        for token in (None, *WRONG, server.token.swapcase()):
            with pytest.raises(aiohttp.WSServerHandshakeError) as answer:
                await session.ws_connect(f"{server.base}ws", params={} if token is None else {"token": token})
            assert answer.value.status == 403
    assert not server.screens()
    async with server.socket() as opened:
        assert not opened.closed


async def test_a_first_visit_gives_a_cookie_that_opens_the_rest(shared: Served) -> None:
    jar = aiohttp.CookieJar(unsafe=True)  # "unsafe": that of an IP address
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(shared.url) as response:
            assert response.status == 200
            cookie = response.cookies[f"fn-tui-{shared.port}"]
        assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Strict", True, "/")
        assert cookie.value not in shared.url
        for path in ("", "page.js", "static/js/textual.js"):
            async with session.get(shared.base + path) as response:
                assert response.status == 200, path
                assert not response.cookies
        async with session.ws_connect(f"{shared.base}ws") as opened:
            assert not opened.closed


@pytest.mark.parametrize("value", [*WRONG, "0" * 43])
async def test_another_cookie_opens_nothing(value: str, shared: Served) -> None:
    async with aiohttp.ClientSession() as session:
        header = {"Cookie": f"fn-tui-{shared.port}={value}; fn-tui-1={shared.token}"}
        async with session.get(shared.base, headers=header) as response:
            assert response.status == 403
        header = {"Cookie": f"fn-tui-{shared.port}={shared.token}"}  # the token is no cookie
        async with session.get(shared.base, headers=header) as response:
            assert response.status == 403


@given(st.text(max_size=60))
def test_no_word_but_the_token_is_taken(word: str) -> None:
    door = Door(frozenset())

    cookie = {"Cookie": f"fn-tui-1={quote(word)}"}
    assert not door.opens(make_mocked_request("GET", f"/?token={quote(word)}", headers=cookie), "fn-tui-1")
    assert door.opens(make_mocked_request("GET", f"/?token={door.token}", headers=cookie), "fn-tui-1")


@needs_proc
async def test_only_its_own_page_may_open_the_socket(server: Served) -> None:
    refused: list[dict[str, str]] = [
        {"Origin": "http://other.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": f"https://127.0.0.1:{server.port}"},
        {"Origin": f"http://localhost:{server.port}"},  # another origin than the Host that it names
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "rebound.example", "Origin": "http://rebound.example"},
        {"Host": f"rebound.example:{server.port}", "Origin": f"http://rebound.example:{server.port}"},
    ]
    for headers in refused:
        with pytest.raises(aiohttp.WSServerHandshakeError) as answer:
            async with server.socket(headers):
                pass
        assert answer.value.status in (403, 421), headers
    assert not server.screens()
    async with server.socket({"Origin": server.base.rstrip("/")}) as opened:
        assert not opened.closed


async def test_a_rebound_name_gets_no_page(shared: Served) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(shared.url, headers={"Host": "rebound.example"}) as response:
            assert response.status == 421
        async with session.get(shared.at("", fontsize='1"><script>')) as response:
            page = await response.text()
            assert response.status == 200
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "<script>" not in page
    assert page.count("<script ") == 2
    assert "//fonts." not in page
    assert shared.token not in page
