"""Publishing: to the clients that are bridged to a topic, and to whoever listens here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Final

from tui.running.host.gojson import go_fields, go_loads, go_text
from tui.running.host.seam import HostFunction, Invocation
from tui.running.host.topics.sockets import Sockets

PUBLISH: Final = "publish"  # the counter
MOST_PUBLISHED: Final = 1_000  # an invocation, or a frame of a persistent function
MOST_IN_BATCH: Final = 100
MOST_TOPICS: Final = 1_000  # that one client may be bridged to

_NO_LINES: Final = str.maketrans("", "", "\r\n")
# (invocation that published, topic, message)
Listener = Callable[[Invocation, str, bytes], None]


class PubSub:
    """Topics of every namespace. Messages to bridged clients go as text frames, as they were published."""

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self._bridges: dict[tuple[str, str], set[str]] = {}  # namespace and topic -> clients
        self.listeners: list[Listener] = []

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "pubsub_publish": self._publish,
            "pubsub_publish_batch": self._publish_batch,
            "ws_pubsub_bridge": self._bridge,
            "ws_pubsub_unbridge": self._unbridge,
        }

    def deliver(self, invocation: Invocation, topic: str, message: bytes) -> None:
        """Hand a message on."""
        for client in sorted(self._bridges.get((invocation.namespace, topic), ())):
            if self._sockets.is_open(client, invocation.namespace):
                self._sockets.deliver(client, message)
            else:
                self.forget(client)
        for listener in self.listeners:
            listener(invocation, topic, message)

    def forget(self, client: str) -> None:
        """A client has gone."""
        for clients in self._bridges.values():
            clients.discard(client)

    def _publish(self, invocation: Invocation, topic: bytes, message: bytes) -> int:
        """1 where it is published; one that is refused counts too."""
        if not invocation.count(PUBLISH, MOST_PUBLISHED) or not topic or not invocation.namespace:
            return 0
        self.deliver(invocation, topic.decode("utf-8", "replace"), message)
        return 1

    def _publish_batch(self, invocation: Invocation, text: bytes) -> int:
        """1 where all are published; 0 before the first of them where one is not sound."""
        entries = _entries(text)
        if entries is None or not invocation.namespace:
            return 0
        for topic, message in entries:
            if not invocation.count(PUBLISH, MOST_PUBLISHED):
                return 0
            self.deliver(invocation, topic, message)
        return 1

    def _bridge(self, invocation: Invocation, client: bytes, topic: bytes) -> int:
        name = client.decode("utf-8", "replace")
        if not topic or not self._sockets.is_open(name, invocation.namespace):
            return 0
        key = (invocation.namespace, topic.decode("utf-8", "replace"))
        if name not in self._bridges.get(key, ()) and self._topics_of(name) >= MOST_TOPICS:
            return 0
        self._bridges.setdefault(key, set()).add(name)
        return 1

    def _unbridge(self, invocation: Invocation, client: bytes, topic: bytes) -> int:
        name = client.decode("utf-8", "replace")
        if not topic or not self._sockets.is_open(name, invocation.namespace):
            return 0
        self._bridges.get((invocation.namespace, topic.decode("utf-8", "replace")), set()).discard(name)
        return 1

    def _topics_of(self, client: str) -> int:
        return sum(client in clients for clients in self._bridges.values())


def _entries(text: bytes) -> list[tuple[str, bytes]] | None:
    """Topics and messages of a batch; None where any of them is not sound."""
    try:
        listed = go_loads(text)
    except ValueError:
        return None
    if not isinstance(listed, list | None) or len(listed or ()) > MOST_IN_BATCH:
        return None
    entries = [_entry(each) for each in listed or ()]
    sound = [entry for entry in entries if entry is not None]
    return sound if len(sound) == len(entries) else None


def _entry(each: object) -> tuple[str, bytes] | None:
    try:
        fields = go_fields(each)
        topic, data = go_text(fields, "topic"), go_text(fields, "data_base64")
        # Go passes over line ends in base64, and over nothing else.
        message = base64.b64decode(data.translate(_NO_LINES).encode("ascii"), validate=True)
    except ValueError:  # of base64 and of its letters, too
        return None
    return (topic, message) if topic else None
