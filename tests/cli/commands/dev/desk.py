"""A real `fn-tui dev` process, and small functions for it that no compiler is needed for."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from tests.running.conftest import wat

NONE: Mapping[str, str] = {}
PATIENCE = 60.0  # seconds; the machine may be busy


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class _Nowhere(queue.Queue[str | None]):
    """A queue that keeps nothing."""

    def put(self, item: str | None, block: bool = True, timeout: float | None = None) -> None:
        pass


class Dev:
    """The process, what it has printed, and requests to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.events: list[dict[str, Any]] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._numbers = itertools.count()
        threading.Thread(target=self._read, daemon=True).start()
        first = self.wait(lambda event: event["event"] == "listening")
        self.url: str = first["url"]
        self.token: str = first.get("token", "")
        self.host = urlsplit(self.url).netloc

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def wait(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = PATIENCE) -> dict[str, Any]:
        """The next event of that kind, or one that came since `forget`."""
        for event in self.events:
            if wanted(event):
                return event
        due = monotonic() + seconds
        while True:
            line = self._lines.get(timeout=max(due - monotonic(), 0.01))
            assert line is not None, "fn-tui dev has ended"
            self.events.append(json.loads(line))
            if wanted(self.events[-1]):
                return self.events[-1]

    def drain(self) -> None:
        """Take no more notice of events, so that none pile up."""
        self._lines = _Nowhere()

    def forget(self) -> None:
        """Wait for events that come from now on only: those of earlier requests are told before this refusal is."""
        nobody = f"nobody-{next(self._numbers)}"
        self.invoke(nobody, headers={"X-Fn-Tui-Token": self.token} if self.token else NONE)
        self.wait(lambda event: event.get("function") == nobody)
        self.events.clear()

    def request(self, method: str, path: str, headers: Mapping[str, str] = NONE, body: bytes | None = None) -> Reply:
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def invoke(self, name: str, body: bytes = b"{}", headers: Mapping[str, str] = NONE) -> Reply:
        return self.request("POST", f"/v1/functions/{name}/invoke", headers, body)

    def ws(self, name: str) -> str:
        return f"ws://{self.host}/v1/functions/{name}/ws"

    def children(self) -> list[int]:
        """All processes that come from this one."""
        return sorted(descendants(self.process.pid))


def descendants(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found: set[int] = set()
    while more := {pid for pid, parent in parents.items() if parent in found | {root}} - found:
        found |= more
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether something comes true within that time."""
    due = monotonic() + seconds
    pause = threading.Event()
    while not holds():
        if monotonic() > due:
            return False
        pause.wait(0.02)
    return True


@contextmanager
def dev(workspace: Path, homes: Path, *options: str, env: Mapping[str, str] | None = None) -> Iterator[Dev]:
    """A gateway for a workspace on a free port, ended behind the block."""
    argv = [sys.executable, "-m", "tui", "dev", str(workspace), "--listen", "127.0.0.1:0", "--json", *options]
    process = subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(homes) | dict(env or {})
    )
    drained: list[str] = []
    assert process.stderr is not None
    errors = threading.Thread(target=drained.extend, args=(process.stderr,), daemon=True)
    errors.start()
    try:
        yield Dev(process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        finally:
            process.kill()
            process.wait()
    assert not drained, "".join(drained)


def environment(homes: Path) -> dict[str, str]:
    """Homes of its own."""
    homes_of_its_own = {f"XDG_{kind}_HOME": str(homes / kind.lower()) for kind in ("CACHE", "STATE", "CONFIG")}
    return os.environ | homes_of_its_own | {"PYTHONPATH": str(Path.cwd())}


def function(workspace: Path, name: str, module: str, yaml: str = "") -> Path:
    """A function's directory with a module from the text format."""
    folder = workspace / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "function.yaml").write_text(f"name: {name}\n{yaml}")
    (folder / "function.go").write_text("package main\n\nfunc main() {}\n")
    (folder / "function.wasm").write_bytes(wat(module))
    return folder


def text(data: bytes) -> str:
    """Bytes inside quotes of the text format."""
    return "".join(f"\\{one:02x}" for one in data)


HEAP = """(global $top (mut i32) (i32.const 8192))
  (func $alloc (export "orama_alloc") (param i32) (result i32) (local i32)
    (local.set 1 (global.get $top)) (global.set $top (i32.add (local.get 1) (local.get 0))) (local.get 1))"""


def says(data: bytes, *, imports: str = "", before: str = "") -> str:
    """A command that prints `data`."""
    return f"""(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
      {imports} (memory (export "memory") 1) {HEAP}
      (data (i32.const 0) "{text((16).to_bytes(4, "little") + len(data).to_bytes(4, "little"))}")
      (data (i32.const 16) "{text(data)}")
      (func (export "_start") {before} (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"""


LOOPS = '(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))'
TRAPS = '(module (memory (export "memory") 1) (func (export "_start") unreachable))'
# Reads its whole input and prints it.
ECHO = f"""(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $r (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 20) {HEAP}
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 65536)) (i32.store (i32.const 4) (i32.const 1179648))
    (drop (call $r (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.store (i32.const 4) (i32.load (i32.const 8)))
    (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"""
SEND = '(import "env" "ws_send" (func $send (param i32 i32 i32 i32) (result i32)))'


def socket(frame: str, *, imports: str = "", opened: str = "i32.const 0", closed: str = "") -> str:
    """A persistent function whose `ws_frame` is `frame`: pointer and length are its locals 0 and 1."""
    return f"""(module {SEND} {imports} (memory (export "memory") 2) {HEAP} (func (export "_initialize"))
      (func (export "ws_open") (param i32 i32) (result i32) {opened})
      (func (export "ws_frame") (param i32 i32) (result i32) {frame})
      (func (export "ws_close") (param i32 i32) {closed}))"""


BACK = "(drop (call $send (i32.const 0) (i32.const 0) (local.get 0) (local.get 1)))"
CHAT = socket(f"{BACK} i32.const 0")
# A persistent function for a Go compiler; what `ws_frame` does with pointer and length is put in.
GO_SOCKET = """package main

import "unsafe"

//go:wasmimport env ws_send
func wsSend(client, clientLength, data, length uint32) uint32

var kept = map[uint32][]byte{}

//go:wasmexport orama_alloc
func alloc(size uint32) uint32 {
	room := make([]byte, size+1)
	pointer := uint32(uintptr(unsafe.Pointer(&room[0])))
	kept[pointer] = room
	return pointer
}

//go:wasmexport ws_open
func wsOpen(pointer, length uint32) uint32 { return 0 }

//go:wasmexport ws_frame
func wsFrame(pointer, length uint32) uint32 {
	%s
	return 0
}

//go:wasmexport ws_close
func wsClose(pointer, length uint32) {}

func main() {}
"""
