"""Host calls that a guest's process cannot answer by itself: what they are about is shared by all guests."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from functools import partial
from typing import Final

from tui.running.host.seam import HostFunction, Invocation
from tui.running.process.wire import Message, pack, reading, unpack

# Asked for as they are. What else may be asked for has a rule of its own below.
CALLS: Final = (
    "ws_pubsub_bridge",
    "ws_pubsub_unbridge",
    "ephemeral_state_set",
    "ephemeral_state_clear",
    "ephemeral_state_list",
    "function_invoke",
    "function_invoke_async",
)
FETCHES: Final = ("http_fetch", "anon_fetch", "anyone_fetch")  # where answers come from a recording
NEED_NAMESPACE: Final = frozenset({"function_invoke", "function_invoke_async"})


class Gateway:
    """The way to the gateway. Set up before there is one; `connect` follows in each copy of the process."""

    def __init__(self) -> None:
        self._link: socket.socket | None = None
        self.connected = ""  # the client whose connection this process is; "" for none

    def connect(self, link: socket.socket) -> None:
        """From here on this is the way."""
        self._link = link

    def receive(self) -> Message | None:
        """The next message; None once the gateway is gone. Raises WireError."""
        assert self._link is not None  # noqa: S101 -- a seat is connected first
        return unpack(reading(self._link.recv))

    def send(self, message: Message) -> None:
        """Tell something. Raises OSError where nobody listens."""
        assert self._link is not None  # noqa: S101
        self._link.sendall(pack(message))

    def ask(self, name: str, invocation: Invocation, *arguments: bytes | int) -> int | bytes | None:
        """What the gateway answers to a host call. The process ends where there is no gateway any more."""
        self.send(_call("ask", name, invocation, arguments))
        reply = self.receive()
        if reply is None:
            raise SystemExit
        found = reply.fields["got"]
        return reply.payload if found == "bytes" else found

    def hand_on(self, name: str, invocation: Invocation, *arguments: bytes | int) -> None:
        """Hand a host call on whose answer is known already."""
        self.send(_call("tell", name, invocation, arguments))

    def publish(self, invocation: Invocation, topic: str, message: bytes) -> None:
        """A function has published: to clients that are bridged, and to functions that listen."""
        self.hand_on("publish", invocation, topic.encode("utf-8", "surrogatepass"), message)

    def publish_plainly(self, invocation: Invocation, topic: str, message: bytes) -> None:
        """The same from exec_and_publish: it carries no depth, and patterns do not hear it."""
        self.hand_on("publish_plainly", invocation, topic.encode("utf-8", "surrogatepass"), message)


def _call(how: str, name: str, invocation: Invocation, arguments: tuple[bytes | int, ...]) -> Message:
    """A call as a message: numbers as they are, texts as lengths of pieces of the payload."""
    shapes = [[len(one)] if isinstance(one, bytes) else one for one in arguments]
    fields = {how: name, "ns": invocation.namespace, "client": invocation.client_id, "args": shapes}
    return Message(fields, b"".join(one for one in arguments if isinstance(one, bytes)))


class Asked:
    """The calls that are handed on."""

    def __init__(self, gateway: Gateway, *, fetches: bool) -> None:
        self._gateway = gateway
        self._fetches = fetches

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        names = (*CALLS, *(FETCHES if self._fetches else ()))
        handed: dict[str, HostFunction] = {name: partial(self._hand_on, name) for name in names}
        return handed | {"ws_send": self._send, "ws_broadcast": lambda *_: 1}  # a broadcast reaches nobody

    def _hand_on(self, name: str, invocation: Invocation, *arguments: bytes | int) -> int | bytes | None:
        if name in NEED_NAMESPACE and not invocation.namespace:
            return None
        return self._gateway.ask(name, invocation, *arguments)

    def _send(self, invocation: Invocation, client: bytes, data: bytes) -> int:
        """A frame for a client. Its own is known to be there, and waits for no answer."""
        name = client or invocation.client_id.encode()
        own = bool(name) and name == self._gateway.connected.encode()
        if own:
            self._gateway.hand_on("ws_send", invocation, name, data)
        elif not name or not self._gateway.ask("ws_send", invocation, name, data):
            return 0
        invocation.note_sent(name.decode("utf-8", "replace"), data)
        return 1
