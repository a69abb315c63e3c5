"""The web server of `fn-tui serve`: one page, one socket, and who may open it. Imported only with the extra `serve`."""

from __future__ import annotations

import asyncio
import ipaddress
import shlex
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server

from tui.cli import EXIT_OK
from tui.cli.output import emit, say

PAGE: Final = Path(__file__).parent / "page"
STOP_SECONDS: Final = 5.0  # for the screens to end their builds
# The page loads nothing from elsewhere, and nobody may put it into a frame.
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What is shown, and by which names the server may be called."""

    command: list[str]  # the process behind each socket
    title: str
    names: frozenset[str]  # lower case
    any_address: bool = False  # exposed: any IP address will do as a name


def allowed_host(header: str, options: ServeOptions) -> bool:
    """Whether a Host header names this server.

    A page of another site that makes its own name point here (DNS rebinding) still sends that name.
    """
    try:
        name = (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return False
    if name == "localhost" or name in options.names:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or options.any_address


def allowed_origin(request: web.Request) -> bool:
    """Whether a request comes from our own page, or from a program, which sends no Origin."""
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() != f"http://{request.headers.get('Host', '')}".lower():
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


class LocalServer(Server):
    """textual-serve's server, with a door that asks who is there, and with its own page."""

    def __init__(self, options: ServeOptions) -> None:
        super().__init__(
            "exec " + shlex.join(options.command), title=f"fn-tui - {options.title}", templates_path=str(PAGE)
        )
        self.options = options
        self.open: set[web.WebSocketResponse] = set()

    async def make_app(self) -> web.Application:
        """The application, with the check in front of every route."""
        app = await self._make_app()
        app.router.add_get("/page.js", self.handle_script)
        app.middlewares.append(self._door())
        return app

    def _door(self) -> Any:
        @web.middleware
        async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not allowed_host(request.headers.get("Host", ""), self.options):
                raise web.HTTPMisdirectedRequest(text="fn-tui serves under another name\n")
            if request.path == "/ws" and not allowed_origin(request):
                raise web.HTTPForbidden(text="only fn-tui's own page may open this\n")
            response = await handler(request)
            if not response.prepared:
                response.headers.update(HEADERS)
            return response

        return door

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page, with addresses under the name by which it was asked for."""
        import aiohttp_jinja2

        host = request.headers["Host"]
        size = request.query.get("fontsize", "16")
        context = {
            "font_size": size if size.isdecimal() and len(size) < 4 else "16",
            "app_websocket_url": f"ws://{host}/ws",
            "config": {"static": {"url": "/static/"}},
            "application": {"name": self.title},
        }
        return aiohttp_jinja2.render_template("app_index.html", request, context)

    async def handle_script(self, _request: web.Request) -> web.FileResponse:
        """The page's own script."""
        return web.FileResponse(PAGE / "page.js")

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        self.open.add(websocket)
        try:
            await super()._process_messages(websocket, app_service)
        finally:
            self.open.discard(websocket)

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: `serve` tells the address."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - aiohttp hands it over
        """Close every socket, so that its screen ends."""
        await asyncio.gather(*(websocket.close() for websocket in tuple(self.open)))


def serve(listener: socket.socket, options: ServeOptions, *, as_json: bool = False) -> int:
    """Serve on a listening socket until SIGINT, SIGTERM or SIGHUP; the exit code."""
    asyncio.run(_serve(listener, options, as_json))
    return EXIT_OK


async def _serve(listener: socket.socket, options: ServeOptions, as_json: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(await LocalServer(options).make_app(), access_log=None, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        _announce(listener, as_json)
        await stop.wait()
    finally:
        await runner.cleanup()


def _announce(listener: socket.socket, as_json: bool) -> None:
    """Tell where it is, once it is there."""
    address, port = listener.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    url = f"http://{shown}:{port}/"
    if as_json:
        emit({"url": url})
    else:
        say(f"fn-tui is at {url} (ctrl+c ends it)")
