"""The WebSocket clients that are connected here, and what functions send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui.running.host.seam import HostFunction, Invocation

Deliver = Callable[[bytes], None]


class Sockets:
    """The open clients by id, each with its namespace and the way to it."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[str, Deliver]] = {}
        self.on_close: list[Callable[[str], None]] = []  # told of each client that goes

    def open(self, client: str, namespace: str, deliver: Deliver) -> None:
        """A client has connected; text frames for it go to `deliver`."""
        self._open[client] = namespace, deliver

    def close(self, client: str) -> None:
        """A client has gone."""
        if self._open.pop(client, None) is not None:
            for told in self.on_close:
                told(client)

    def is_open(self, client: str, namespace: str) -> bool:
        """Whether a client of that namespace is connected."""
        return client in self._open and self._open[client][0] == namespace

    def deliver(self, client: str, data: bytes) -> bool:
        """Write a text frame to a client; False where it is not connected."""
        found = self._open.get(client)
        if found is None:
            return False
        found[1](data)
        return True

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {"ws_send": self._send, "ws_broadcast": lambda *_: 1}  # a broadcast reaches nobody

    def _send(self, invocation: Invocation, client: bytes, data: bytes) -> int:
        """1 where the client is connected; no client named means the one of this run."""
        name = client.decode("utf-8", "replace") or invocation.client_id
        if not self.deliver(name, data):
            return 0
        invocation.note_sent(name, data)
        return 1
