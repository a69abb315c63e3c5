"""The gateway over HTTP: invocations, WebSockets, the list of what is served."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from time import monotonic, time
from typing import Final
from urllib.parse import unquote

from aiohttp import web
from aiohttp.http import HttpProcessingError

from tui.running.answer import Call, Caller
from tui.running.ids import new_id
from tui.running.input.caller import CallerError
from tui.running.local.events import NAMESPACE, RequestKind, RequestServed
from tui.running.local.gateway import Gateway, NotServedError
from tui.running.local.http.connections import Connections
from tui.running.local.http.door import CALLER, Door, caller_in
from tui.running.local.http.page import listing, page
from tui.running.local.http.replies import BUILD, FAILED_BUILD, function_reply, in_header, json_reply, refused
from tui.running.local.http.wanted import Refused, Wanted
from tui.running.local.shelf import SHOWN_DIGITS, Entry

CUT_AT: Final = 1 << 20  # bytes of a body that reach a function; the rest is dropped without a word, as there
MOST_READ: Final = 64 << 20  # bytes of a body that are read at all
CEILING: Final = 60.0  # seconds that an invocation may take
STOP_SECONDS: Final = 0.3  # for requests that are under way when the gateway ends
PREFIX: Final = "/v1/functions/"


class Server:
    """HTTP in front of a gateway."""

    def __init__(self, gateway: Gateway, door: Door, address: str) -> None:
        self._gateway = gateway
        self._door = door
        self._address = address
        self._connections = Connections(gateway)
        self._runner: web.ServerRunner | None = None

    async def start(self, listener: socket.socket) -> None:
        """Answer what comes to a listening socket."""
        # A function is given the bytes that came, packed or not, as Go's server hands them on.
        server = web.Server(self._handle, access_log=None, auto_decompress=False, logger=_log())
        self._runner = web.ServerRunner(server, shutdown_timeout=STOP_SECONDS, handle_signals=False)
        await self._runner.setup()
        await web.SockSite(self._runner, listener, backlog=1024).start()

    async def stop(self) -> None:
        """Close every connection: persistent functions hear of it, calls that still run end with their guests."""
        await self._connections.stop()
        self._gateway.end_guests()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        cors = self._door.cors_headers(request)
        refusal = self._door.refusal(request)
        if refusal is not None:
            return refused(refusal.status, refusal.code, refusal.words, new_id(), cors)
        if request.method == "OPTIONS":
            return web.Response(status=204, headers=cors)
        if request.rel_url.raw_path == "/":
            return self._front(request, cors)
        return await self._function(request, cors)

    def _front(self, request: web.BaseRequest, cors: Mapping[str, str]) -> web.Response:
        """The page for browsers, JSON for all others."""
        found = listing(self._gateway, self._address, self._door)
        if "text/html" in request.headers.get("Accept", ""):
            return page(found, cors)
        return json_reply(found, cors)

    async def _function(self, request: web.BaseRequest, cors: Mapping[str, str]) -> web.StreamResponse:
        """`/v1/functions/NAME/invoke` and `/v1/functions/NAME/ws`."""
        arrived, request_id = monotonic(), new_id()
        name, verb = _parts(request.rel_url.raw_path)
        if not name:
            return refused(404, "NOT_FOUND", "nothing is served here", request_id, cors)
        try:
            if verb == "invoke":
                _only(request, "POST")
                return await self._invoke(request, await self._wanted(request, name, cors), request_id)
            _only(request, "GET")
            self._look_at_upgrade(request)
            return await self._connections.serve(request, await self._wanted(request, name, cors))
        except Refused as answer:
            self._tell_refused(name, "open" if verb == "ws" else "invoke", answer, arrived, request_id)
            extra = {**cors, "Allow": "POST" if verb == "invoke" else "GET"} if answer.status == 405 else cors
            return refused(answer.status, answer.code, str(answer), request_id, extra, retryable=answer.retryable)

    def _look_at_upgrade(self, request: web.BaseRequest) -> None:
        """Whether a WebSocket can be opened. Raises Refused."""
        if "websocket" not in request.headers.get("Upgrade", "").lower():
            raise Refused(400, "BAD_REQUEST", "a WebSocket is opened here: the request asks for no upgrade")
        if self._connections.is_full:
            most = self._gateway.settings.most_sockets
            raise Refused(503, "FUNCTION_UNAVAILABLE", f"{most} sockets are open, which is the most", retryable=True)

    async def _wanted(self, request: web.BaseRequest, name: str, cors: Mapping[str, str]) -> Wanted:
        """The function that a request is for, once a build under way is over. Raises Refused."""
        entry = self._found(name)
        caller = _allowed(request, entry)
        try:
            build = await self._gateway.ready(entry)
        except NotServedError as error:
            words = f"function '{name}' is not served: {error}"
            raise Refused(503, "FUNCTION_UNAVAILABLE", words, retryable=True) from error
        headers = {**cors, BUILD: build.digest[:SHOWN_DIGITS]}
        if entry.error:
            headers[FAILED_BUILD] = in_header(entry.error)
        return Wanted(entry, build, caller, headers)

    def _found(self, name: str) -> Entry:
        shelf = self._gateway.shelf
        entry = shelf.find(name)
        if entry is None:
            twins = shelf.twins(name)
            told = f"{' and '.join(twins)} have that name, so neither is served" if twins else "there is none"
            raise Refused(404, "NOT_FOUND", f"function '{name}' not found: {told}")
        return entry

    async def _invoke(self, request: web.BaseRequest, wanted: Wanted, request_id: str) -> web.Response:
        call = Call(
            await _body(request),
            caller=wanted.caller,
            namespace=NAMESPACE,
            request_id=request_id,
            ceiling=CEILING,
        )
        outcome = await self._gateway.call(wanted.entry, wanted.build, call, "client", "invoke")
        return function_reply(outcome, wanted.headers)

    def _tell_refused(self, name: str, kind: RequestKind, answer: Refused, arrived: float, request_id: str) -> None:
        ms = round((monotonic() - arrived) * 1000, 2)
        event = RequestServed(time(), name, kind, answer.status, ms, 0, 0, request_id=request_id, error=str(answer))
        self._gateway.tell(event)


def _log() -> logging.Logger:
    """Where aiohttp tells of faults; not of requests that are none, whose senders are told."""
    log = logging.getLogger("fn-tui.http")
    log.addFilter(_is_a_fault)
    return log


def _is_a_fault(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def _parts(path: str) -> tuple[str, str]:
    """The function's name and what is wanted of it; no name for any other path."""
    if not path.startswith(PREFIX):
        return "", ""
    name, _, verb = path.removeprefix(PREFIX).rpartition("/")
    return (unquote(name), verb) if verb in ("invoke", "ws") and "/" not in name else ("", "")


def _only(request: web.BaseRequest, method: str) -> None:
    if request.method != method:
        raise Refused(405, "METHOD_NOT_ALLOWED", f"{request.method} is not for this path: {method} is")


def _allowed(request: web.BaseRequest, entry: Entry) -> Caller:
    """Who calls, where function.yaml lets them. Raises Refused."""
    try:
        caller = caller_in(request)
    except CallerError as error:
        raise Refused(400, "BAD_REQUEST", f"{CALLER}: {error}") from error
    config = entry.offer.config
    if caller is None and (config.internal or not config.public):
        raise Refused(401, "UNAUTHORIZED", f"function '{entry.name}' is not public: nobody calls it anonymously")
    if config.internal:
        raise Refused(403, "FORBIDDEN", f"function '{entry.name}' is internal: other functions and triggers call it")
    return caller or Caller()


async def _body(request: web.BaseRequest) -> bytes:
    """The body as far as it reaches a function. The rest is read and dropped, up to a bound."""
    if not request.body_exists:
        return b""
    kept = bytearray()
    read = 0
    async for part in request.content.iter_any():
        read += len(part)
        kept += part[: CUT_AT - len(kept)]
        if read > MOST_READ:
            break
    return bytes(kept)
