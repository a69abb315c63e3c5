"""ephemeral_state_*: short-lived entries of a topic, each of one client, announced to the topic as they change."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

from tui.running.host.gojson import go_json
from tui.running.host.seam import HostFunction, Invocation
from tui.running.host.topics.pubsub import PubSub
from tui.running.host.topics.sockets import Sockets

MOST_BYTES: Final = 16_384  # of a payload
MOST_KEYS: Final = 256  # of one client
USUAL_MS: Final = 60_000
LONGEST_MS: Final = 1_800_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `expires` is time.monotonic()."""

    client: str
    payload: bytes
    expires: float


class Ephemeral:
    """The entries by namespace, topic and key. They are of this process: nothing of them is kept."""

    def __init__(self, sockets: Sockets, pubsub: PubSub, clock: Callable[[], float] = monotonic) -> None:
        self._sockets = sockets
        self._pubsub = pubsub
        self._clock = clock
        self._entries: dict[tuple[str, str, str], Entry] = {}

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "ephemeral_state_set": self._set,
            "ephemeral_state_clear": self._clear,
            "ephemeral_state_list": self._list,
        }

    def disconnect(self, client: str) -> None:
        """A client has gone, and its entries with it."""
        for key in [key for key, entry in self._entries.items() if entry.client == client]:
            self._end(Invocation("", key[0]), key, "disconnect")

    def _set(self, invocation: Invocation, topic: bytes, key: bytes, payload: bytes, ttl: int) -> int:
        """1 where it is set. The ttl is in milliseconds; none counts as a minute, and half an hour is the most."""
        client = invocation.client_id
        place = _place(invocation, topic, key)
        if not client or not topic or not key or len(payload) > MOST_BYTES or not invocation.namespace:
            return 0
        self._expire(invocation)
        if place not in self._entries and self._keys_of(client) >= MOST_KEYS:
            return 0
        milliseconds = min(ttl, LONGEST_MS) if ttl > 0 else USUAL_MS
        self._entries[place] = Entry(client, payload, self._clock() + milliseconds / 1000)
        fields = {"_orama": "ephemeral.set", "topic": place[1], "key": place[2], "client_id": client}
        said = {"payload": base64.b64encode(payload).decode("ascii")} if payload else {}
        self._pubsub.deliver(invocation, place[1], go_json(fields | said))
        return 1

    def _clear(self, invocation: Invocation, topic: bytes, key: bytes) -> int:
        """1, also where there is no such entry, or it is another client's: then it stays."""
        if not invocation.client_id or not topic or not key or not invocation.namespace:
            return 0
        self._expire(invocation)
        place = _place(invocation, topic, key)
        entry = self._entries.get(place)
        if entry is not None and entry.client == invocation.client_id:
            self._end(invocation, place, "explicit")
        return 1

    def _list(self, invocation: Invocation, topic: bytes) -> bytes:
        if not topic or not invocation.namespace:
            return b""
        self._expire(invocation)
        name, now = topic.decode("utf-8", "replace"), self._clock()
        here = [(key[2], each) for key, each in self._entries.items() if key[:2] == (invocation.namespace, name)]
        entries = [
            {
                "key": key,
                "client_id": entry.client,
                "payload": base64.b64encode(entry.payload).decode("ascii"),
                "expires_in_ms": round((entry.expires - now) * 1000),
            }
            for key, entry in sorted(here, key=lambda pair: pair[0])
        ]
        return go_json({"entries": entries})

    def _expire(self, invocation: Invocation) -> None:
        now = self._clock()
        for key in [key for key, entry in self._entries.items() if entry.expires <= now]:
            self._end(invocation, key, "expired")

    def _end(self, invocation: Invocation, place: tuple[str, str, str], reason: str) -> None:
        entry = self._entries.pop(place)
        fields = {"_orama": "ephemeral.clear", "topic": place[1], "key": place[2], "client_id": entry.client}
        self._pubsub.deliver(invocation, place[1], go_json(fields | {"reason": reason}))

    def _keys_of(self, client: str) -> int:
        return sum(entry.client == client for entry in self._entries.values())


def _place(invocation: Invocation, topic: bytes, key: bytes) -> tuple[str, str, str]:
    return invocation.namespace, topic.decode("utf-8", "replace"), key.decode("utf-8", "replace")
