"""What all guests share: who is connected, which topics reach whom, short-lived state, and calls of one another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, Protocol

from tui.running.answer import Call
from tui.running.host.functions import ASYNC_SECONDS, DEEPEST, MOST_AT_ONCE
from tui.running.host.http.fetch import Fetch
from tui.running.host.http.recording import Recording
from tui.running.host.seam import Host, Invocation
from tui.running.host.topics.ephemeral import Ephemeral
from tui.running.host.topics.pubsub import PubSub
from tui.running.host.topics.sockets import Deliver, Sockets
from tui.running.local.calling import Running
from tui.running.local.chores import Chores
from tui.running.local.pool.link import Guest
from tui.running.process.wire import Message

# (name, call, depth of triggers above) -> its output, nothing for any failure
Nested = Callable[[str, Call, int], Awaitable[bytes]]


class Published(Protocol):
    """Who is told of each message: topic, message, triggers above it, and whether patterns hear it."""

    def __call__(self, topic: str, message: bytes, depth: int, *, patterns: bool) -> None:
        """A function has published."""


class Hub:
    """Answers what guests ask and tell. One for a gateway."""

    def __init__(self, recording: Recording | None, chores: Chores, nested: Nested, published: Published) -> None:
        """`recording` answers fetches, where there is one: in one place, since its answers have an order."""
        self.sockets = Sockets()
        self._pubsub = PubSub(self.sockets)
        ephemeral = Ephemeral(self.sockets, self._pubsub)
        self.sockets.on_close += [self._pubsub.forget, ephemeral.disconnect]
        fetches = (Fetch(recording),) if recording is not None else ()
        self._host = Host(self.sockets, self._pubsub, ephemeral, *fetches)
        self._nested = nested
        self._published = published
        self._chores = chores
        self._at_once = 0

    def connect(self, client: str, namespace: str, deliver: Deliver) -> None:
        """A client has connected."""
        self.sockets.open(client, namespace, deliver)

    def disconnect(self, client: str) -> None:
        """A client has gone, and what it had set with it."""
        self.sockets.close(client)

    def answer(self, guest: Guest, message: Message) -> None:
        """What a guest asks is answered, what it tells is done."""
        fields = message.fields
        arguments = list(_arguments(message))
        invocation = Invocation("", fields["ns"], client_id=fields["client"])
        running = guest.request
        if "tell" in fields:
            self._told(fields["tell"], invocation, arguments, running)
        elif fields["ask"] == "function_invoke":
            self._chores.start(self._invoked(guest, arguments, running))
        elif fields["ask"] == "function_invoke_async":
            guest.send(_got(self._later(arguments, running)))
        else:
            guest.send(_got(self._host.answer(fields["ask"])(invocation, *arguments)))

    def _told(self, name: str, invocation: Invocation, arguments: list[Any], running: object) -> None:
        if name == "ws_send":
            self.sockets.deliver(arguments[0].decode("utf-8", "replace"), arguments[1])
            return
        topic = arguments[0].decode("utf-8", "surrogatepass")
        self._pubsub.deliver(invocation, topic, arguments[1])
        plainly = name == "publish_plainly"
        depth = running.trigger_depth if isinstance(running, Running) and not plainly else 0
        self._published(topic, arguments[1], depth, patterns=not plainly)

    async def _invoked(self, guest: Guest, arguments: list[Any], running: object) -> None:
        """function_invoke: within the time of the call that asks."""
        output = b""
        if isinstance(running, Running) and running.call.depth < DEEPEST:
            output = await self._call(arguments, running, running.due - monotonic())
        guest.send(_got(output))

    def _later(self, arguments: list[Any], running: object) -> int:
        """function_invoke_async: 1 where it is accepted; what comes of it is thrown away."""
        if not isinstance(running, Running) or self._at_once >= MOST_AT_ONCE:
            return 0
        self._at_once += 1
        self._chores.start(self._thrown_away(arguments, running))
        return 1

    async def _thrown_away(self, arguments: list[Any], running: Running) -> None:
        try:
            if running.call.depth < DEEPEST:
                await self._call(arguments, running, ASYNC_SECONDS)
        finally:
            self._at_once -= 1

    async def _call(self, arguments: list[Any], running: Running, seconds: float) -> bytes:
        above = running.call
        call = Call(
            arguments[1],
            caller=above.caller,
            namespace=above.namespace,
            client_id=above.client_id,
            request_id=above.request_id,
            ceiling=max(seconds, 0.0),
            depth=above.depth + 1,
        )
        return await self._nested(arguments[0].decode("utf-8", "replace"), call, running.trigger_depth)


def _arguments(message: Message) -> list[bytes | int]:
    found: list[bytes | int] = []
    place = 0
    for one in message.fields["args"]:
        if isinstance(one, list):
            found.append(message.payload[place : place + one[0]])
            place += one[0]
        else:
            found.append(one)
    return found


def _got(result: int | bytes | None) -> Message:
    return Message({"got": "bytes"}, result) if isinstance(result, bytes) else Message({"got": result})
