"""The web server of `fn-tui serve`: one page, one socket, a bounded number of screens. Needs the extra `serve`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp_jinja2
import jinja2
import textual_serve
from aiohttp import WSMsgType, web

from tui.addresses import address_of
from tui.cli import EXIT_OK
from tui.cli.commands.serve.door import TOKEN, Door, own_origin
from tui.cli.commands.serve.protocol import (
    COLUMNS,
    MESSAGE_LIMIT,
    ROWS,
    Allowance,
    bounded,
    packet_of,
    ping_of,
)
from tui.cli.commands.serve.session import Session
from tui.cli.loop import on_signals
from tui.cli.output import emit, say
from tui.text import plural

PAGE: Final = Path(__file__).parent / "page"
STATIC: Final = Path(textual_serve.__file__).parent / "static"  # xterm.js and its font
STOP_SECONDS: Final = 2.0  # for all screens to be gone
HEARTBEAT: Final = 15.0  # seconds between two looks whether a browser is still there
CLOSING: Final = 0.3  # seconds in which a browser may say farewell
# The page loads nothing from elsewhere, and nobody may put it into a frame.
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
NO_TOKEN: Final = (
    "This address is not whole",
    (
        "Open the address that fn-tui serve printed when it started: it ends in ?token= and a long word. Whoever has "
        "it can build and write in the workspace, so all who come without the cookie of a first visit are asked for it."
    ),
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What is shown, who may come in, and how many screens there may be."""

    command: list[str]  # the process behind each socket
    title: str
    door: Door
    sessions: int


class LocalServer:
    """The routes, and the screens that are open now."""

    def __init__(self, options: ServeOptions, port: int) -> None:
        self.options = options
        self.open = 0  # screens whose process may still live
        self._leaving = asyncio.Event()
        self._cookie = f"fn-tui-{port}"  # a browser keeps one jar for all ports of a host

    def application(self) -> web.Application:
        """The application, with the door in front of every route."""
        app = web.Application(middlewares=[self._guarded()])
        loader = jinja2.FileSystemLoader(PAGE)
        aiohttp_jinja2.setup(app, loader=loader)
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/ws", self._socket),
                web.get("/page.js", self._script),
                web.static("/static", STATIC),
            ]
        )
        app.on_shutdown.append(self._shut)
        return app

    async def _shut(self, _app: web.Application) -> None:
        """Every screen leaves now."""
        self._leaving.set()

    def _guarded(self) -> Any:
        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = self._refusal(request) or await handler(request)
            if not response.prepared:
                response.headers.update(HEADERS)
            return response

        return guarded

    def _refusal(self, request: web.Request) -> web.Response | None:
        """The answer to who may not come in; None for who may."""
        if not self.options.door.names_us(request.headers.get("Host", "")):
            return web.Response(status=421, text="fn-tui serves under another name\n")
        if request.path == "/ws" and not own_origin(request):
            return web.Response(status=403, text="only fn-tui's own page may open this\n")
        if not self.options.door.opens(request, self._cookie):
            return self._note(request, 403, *NO_TOKEN)
        return None

    @property
    def full(self) -> bool:
        """Whether no other screen may be opened now."""
        return self.open >= self.options.sessions

    def _too_many(self, request: web.Request) -> web.Response:
        limit = self.options.sessions
        words = f"{plural(limit, 'session')} {'is' if limit == 1 else 'are'} open, and that is the limit"
        advice = f"Close another tab of it and load this page again, or start fn-tui serve with --sessions {limit + 1}."
        return self._note(request, 503, words, advice)

    def _note(self, request: web.Request, status: int, title: str, words: str) -> web.Response:
        """A page of words, for people; its text for programs."""
        if "text/html" not in request.headers.get("Accept", "text/html"):
            return web.Response(status=status, text=f"{title}. {words}\n")
        context = {"title": title, "words": words, "name": f"fn-tui - {self.options.title}"}
        return aiohttp_jinja2.render_template("note.html", request, context, status=status)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        """The page, with addresses under the name by which it was asked for, and the cookie for all that follows."""
        response = self._too_many(request) if self.full else self._page(request)
        if request.query.get(TOKEN):  # the right one, or the door had stayed shut
            response.set_cookie(self._cookie, self.options.door.cookie, httponly=True, samesite="Strict", path="/")
        return response

    def _page(self, request: web.Request) -> web.Response:
        size = request.query.get("fontsize", "16")
        context = {
            "font_size": size if size.isdecimal() and len(size) < 4 else "16",
            "app_websocket_url": f"ws://{request.headers['Host']}/ws",
            "name": f"fn-tui - {self.options.title}",
        }
        return aiohttp_jinja2.render_template("app_index.html", request, context)

    async def _script(self, _request: web.Request) -> web.FileResponse:
        """The page's own script."""
        return web.FileResponse(PAGE / "page.js")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """One browser and its screen, until either of them leaves."""
        if self.full or self._leaving.is_set():
            return self._too_many(request)
        self.open += 1  # before anything is awaited: of two that come at once, only one may be the last
        try:
            websocket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MESSAGE_LIMIT, timeout=CLOSING)
            await websocket.prepare(request)
            columns = bounded(request.query.get("width"), COLUMNS, 80)
            rows = bounded(request.query.get("height"), ROWS, 24)
            await self._show(websocket, Session(self.options.command, columns, rows))
            return websocket
        finally:
            self.open -= 1

    async def _show(self, websocket: web.WebSocketResponse, session: Session) -> None:
        await session.start()
        parts = [session.run(websocket.send_bytes), _listen(websocket, session), self._leaving.wait()]
        tasks: list[asyncio.Task[Any]] = [asyncio.ensure_future(part) for part in parts]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            await session.stop()
        await websocket.close()
        for end in ends:
            if isinstance(end, Exception):
                raise end


async def _listen(websocket: web.WebSocketResponse, session: Session) -> None:
    """Hand on what the browser says, no faster than a screen can take it."""
    allowance = Allowance()
    async for message in websocket:
        if message.type != WSMsgType.TEXT:
            continue
        ping = ping_of(message.data)
        packet = packet_of(message.data) if ping is None else None
        if ping is not None:
            await websocket.send_json(["pong", ping])
        elif packet is not None and not await session.pass_on(packet):
            return
        await asyncio.sleep(allowance.seconds_to_wait(len(message.data)))


def serve(listener: socket.socket, options: ServeOptions, *, as_json: bool = False) -> int:
    """Serve on a listening socket until SIGINT, SIGTERM or SIGHUP; the exit code."""
    asyncio.run(_serve(listener, options, as_json))
    return EXIT_OK


async def _serve(listener: socket.socket, options: ServeOptions, as_json: bool) -> None:
    stop = asyncio.Event()
    on_signals(lambda _: stop.set())
    server = LocalServer(options, listener.getsockname()[1])
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        _announce(listener, options, as_json)
        await stop.wait()
    finally:
        await runner.cleanup()


def _announce(listener: socket.socket, options: ServeOptions, as_json: bool) -> None:
    """Tell where it is, once it is there."""
    url = f"http://{address_of(listener)}/?{TOKEN}={options.door.token}"
    if as_json:
        emit({"url": url})
    else:
        say(f"fn-tui is at {url}", "Whoever has this address can build and write there as you; ctrl+c ends it.")
