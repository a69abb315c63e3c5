"""A made monorepo of sixty functions in every state, to look at the screen with.

    python -m tests.monorepo FOLDER    # makes it; then: fn-tui FOLDER

Its modules are small and made here, so that no compiler is needed; what is on record of builds goes to the store of
whoever runs this (XDG_STATE_HOME, XDG_CACHE_HOME).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Final

from tui.building.inputs.inputs import read_inputs
from tui.building.inputs.sources import default_cache
from tui.building.record.history import BuildRecord, record_build

NOW: Final = time.time() - 3_600
GO_MOD: Final = "module example.com/acme\n\ngo 1.22\n"
SOURCE: Final = "package main\n\nfunc main() {}\n"
# A folder of functions -> their names, each with the state that it is to be in ("" for ready).
FOLDERS: Final = {
    "services/billing": "chat:blocked dunning:stale invoice ledger:failed refund tax vouchers:warnings",
    "services/catalog": "availability categories import-from-suppliers:stale prices recommendations search stock",
    "services/identity": "accounts consents:unbuilt invitations login passkeys:refused roles sessions tokens",
    "services/orders/checkout": "basket confirm:cancelled payment shipping-options",
    "services/orders/fulfilment": "carriers labels packing returns:failed",
    "services/orders/history": "archive export:unbuilt timeline",
    "platform/observability": "alerts:warnings metrics-aggregation traces",
    "platform/notifications/channels": "email push:stale sms webhook-deliveries",
    "platform/notifications": "digest preferences templates",
    "realtime/presence": "presence-persistent:persistent",
    "realtime/rooms": "members:persistent moderation:blocked typing-indicators:persistent",
    "edge/redirects": "legacy-urls short-links vanity-domains",
    "tools": "backfill-customer-lifetime-value cleanup healthcheck:warnings seed:unbuilt sitemap thumbnails",
    "": "gateway-echo hello status-page version",
}


def make(root: Path) -> list[str]:
    """Make it; the paths of its functions."""
    paths: list[str] = []
    for folder, names in FOLDERS.items():
        for word in names.split():
            name, _, state = word.partition(":")
            path = f"{folder}/{name}".strip("/")
            make_function(root / path, state, len(paths))
            paths.append(path)
    return paths


def make_function(directory: Path, state: str, number: int) -> None:
    """One function in that state."""
    directory.mkdir(parents=True)
    persistent = state in ("persistent", "blocked")
    yaml = f"name: {directory.name}\n" + "ws_persistent: true\n" * persistent
    yaml += "memory: lots\n" if state == "refused" else "timout: 30\n" if state == "warnings" else ""
    files = {"function.go": SOURCE, "go.mod": GO_MOD, "function.yaml": yaml}
    for name, text in files.items():
        (directory / name).write_text(text)
        os.utime(directory / name, (NOW, NOW))
    if state not in ("unbuilt", "refused"):
        wasm = directory / "function.wasm"
        wasm.write_bytes(module(40_000 + number * 7_919 % 190_000, reactor=state == "persistent", sockets=persistent))
        os.utime(wasm, (NOW + 60 + number, NOW + 60 + number))
    put_on_record(directory, state, number)
    if state == "stale":
        os.utime(directory / "function.go", (NOW + 3_000, NOW + 3_000))


def put_on_record(directory: Path, state: str, number: int) -> None:
    """The builds that led there."""
    inputs = read_inputs(directory, default_cache())
    mode = "reactor" if state in ("persistent", "blocked") else "command"
    for age, status in ((900, "built"), (100, state if state in ("failed", "cancelled") else "")):
        if not status or (state == "unbuilt"):
            continue
        error = "function.go:12:7: undefined: total" if status == "failed" else None
        fingerprint = inputs.fingerprint if status != "built" or state != "stale" else "other"
        record_build(
            directory,
            BuildRecord(NOW + 1_000 - age, 2.0 + number % 17, status, mode=mode, fingerprint=fingerprint, error=error),
            {},
        )


def module(size: int, *, reactor: bool, sockets: bool) -> bytes:
    """A module with an entry of its mode, and with what a socket needs; of about so many bytes."""
    entry = "_initialize" if reactor else "_start"
    exports = [(entry, 0)]
    if sockets:
        exports += [("ws_open", 1), ("ws_frame", 1), ("ws_close", 2), ("orama_alloc", 3)]
    types = [b"\x60\x00\x00", b"\x60\x02\x7f\x7f\x01\x7f", b"\x60\x02\x7f\x7f\x00", b"\x60\x01\x7f\x01\x7f"]
    bodies = [b"\x02\x00\x0b", b"\x04\x00\x41\x00\x0b", b"\x02\x00\x0b", b"\x04\x00\x41\x00\x0b"]
    named = b"".join(string(name) + b"\x00" + bytes([kind]) for name, kind in exports)
    named += string("memory") + b"\x02\x00"
    return (
        b"\0asm\x01\0\0\0"
        + section(1, [b"".join(types)], count=4)
        + section(3, [bytes([0, 1, 2, 3])], count=4)
        + section(5, [b"\x00\x04"], count=1)
        + section(7, [named], count=len(exports) + 1)
        + section(10, bodies, count=4)
        + section(11, [b"\x00\x41\x00\x0b" + leb(size) + bytes(size)], count=1)
    )


def section(number: int, parts: list[bytes], *, count: int) -> bytes:
    """One section."""
    body = leb(count) + b"".join(parts)
    return bytes([number]) + leb(len(body)) + body


def string(text: str) -> bytes:
    """A name."""
    return leb(len(text)) + text.encode()


def leb(number: int) -> bytes:
    """An unsigned number."""
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | 0x80 if number else low)
        if not number:
            return bytes(out)


if __name__ == "__main__":
    print(f"{len(make(Path(sys.argv[1])))} functions")
