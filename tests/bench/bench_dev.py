"""What `fn-tui dev` costs above bare aiohttp with bare wasmtime in one process. Needs wrk (Debian's, on PATH).

Run: `python -m tests.bench.bench_dev [SECONDS] [SOCKETS]`; it wants a quiet machine. Limits (exit code 1 where one is
missed): at least 40 % of the rate of the bare server, and not one answer that is not 200 in SECONDS of invocations of a
module of 100 KB; SOCKETS connections at once, each answering, without an error. The memory of an idle connection is
told: what its process has for itself, and with its share of what it has in common with others.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import websockets

from tests.cli.commands.dev.desk import CHAT, GO_SOCKET, HEAP, Dev, dev, function
from tests.gobuild import build_go

SECONDS, SOCKETS, ROUNDS, LEAST = 60, 200, 3, 0.4
CLIENTS = 32  # connections of wrk
BODY = '{"name":"a caller of some length"}'
# 100 KB of code that nobody calls: what is measured is instantiating, not running.
STEP = "local.get 0 i32.const {} i32.mul local.set 0 "
FILLING = "".join(
    f"(func (param i32) (result i32) {''.join(STEP.format(k * 7919 + n) for k in range(40))} local.get 0)"
    for n in range(275)
)
MODULE = f"""(module (memory (export "memory") 2) {HEAP} (export "malloc" (func $alloc)) {FILLING}
  (func (export "_initialize"))
  (func (export "handle") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0)))))"""
SENDS_BACK = "wsSend(0, 0, pointer, length)\n\tdelete(kept, pointer)"
BARE = """
import sys, wasmtime
from aiohttp import web
engine = wasmtime.Engine()
module = wasmtime.Module.from_file(engine, sys.argv[1])
async def invoke(request):
    data = await request.read()
    store = wasmtime.Store(engine)
    exports = wasmtime.Instance(store, module, []).exports(store)
    pointer = exports["malloc"](store, len(data))
    exports["memory"].write(store, data, pointer)
    packed = exports["handle"](store, pointer, len(data))
    start, length = packed & 0xFFFFFFFF, packed >> 32
    found = bytes(exports["memory"].read(store, start, start + length))
    return web.Response(body=found, content_type="application/json")
app = web.Application()
app.add_routes([web.post("/v1/functions/handle/invoke", invoke)])
async def main():
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()
import asyncio
asyncio.run(main())
"""


@contextmanager
def bare(module: Path) -> Iterator[str]:
    """The address of the bare server."""
    process = subprocess.Popen([sys.executable, "-c", BARE, str(module)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


def hammered(url: str, seconds: int, script: Path) -> tuple[float, int]:
    """Requests a second by wrk, and how many went wrong."""
    argv = [
        "wrk",
        "-t1",
        "--timeout",
        "30s",
        f"-c{CLIENTS}",
        f"-d{seconds}s",
        "-s",
        str(script),
        f"{url}/v1/functions/handle/invoke",
    ]
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s*([\d.]+)", said)
    assert rate is not None, said
    wrong = sum(map(int, re.findall(r"(?:Non-2xx or 3xx responses: |connect |read |write |timeout )(\d+)", said)))
    return float(rate[1]), wrong


async def crowd(gateway: Dev, name: str, sockets: int) -> tuple[float, int]:
    """Seconds in which so many sockets are opened and have each answered 20 frames; how many failed."""
    began = monotonic()
    opened: list[websockets.ClientConnection] = []

    async def one() -> bool:
        socket = await websockets.connect(gateway.ws(name), open_timeout=120, proxy=None, ping_interval=None)
        opened.append(socket)
        for number in range(20):
            await socket.send(f"frame {number}")
            if await asyncio.wait_for(socket.recv(), 120) != f"frame {number}":
                return False
        return True

    found = await asyncio.gather(*(one() for _ in range(sockets)), return_exceptions=True)
    took = monotonic() - began
    own, share = memory(gateway, sockets)
    print(f"  {name}: an idle socket has {own:.1f} MB for itself, {share:.1f} MB with its share of the rest")
    await asyncio.gather(*(socket.close() for socket in opened))
    return took, sum(one is not True for one in found)


def memory(gateway: Dev, sockets: int) -> tuple[float, float]:
    """MB of the processes of sockets, a socket: dirty pages of its own, and its proportional share."""
    figures = sorted((figure for pid in gateway.children() if (figure := rollup(pid))), key=lambda one: -one[0])
    return tuple(sum(one[place] for one in figures[-sockets:]) / sockets / 1024 for place in (0, 1))  # type: ignore[return-value]


def rollup(pid: int) -> tuple[int, int] | None:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    return tuple(int(re.search(rf"{name}:\s+(\d+)", text)[1]) for name in ("Private_Dirty", "Pss"))  # type: ignore[index,return-value]


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    sockets = int(sys.argv[2]) if len(sys.argv) > 2 else SOCKETS
    good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace = folder / "workspace"
        function(workspace, "handle", MODULE, "reactor: true\n")
        function(workspace, "chat", CHAT, "ws_persistent: true\n")
        function(workspace, "gochat", CHAT, "ws_persistent: true\n")
        (workspace / "gochat" / "function.wasm").write_bytes(build_go(GO_SOCKET % SENDS_BACK, "reactor"))
        module = workspace / "handle" / "function.wasm"
        print(f"module of {module.stat().st_size:,} bytes, {CLIENTS} connections, {os.cpu_count()} cores")
        script = folder / "post.lua"
        script.write_text(
            f"wrk.method = 'POST'\nwrk.body = '{BODY}'\nwrk.headers['Content-Type'] = 'application/json'\n"
        )
        with dev(workspace, folder / "homes", "--no-build", "--fresh") as gateway, bare(module) as rival:
            gateway.drain()
            assert gateway.invoke("handle", BODY.encode()).body == BODY.encode()
            url = gateway.url.rstrip("/")
            rates: list[tuple[float, float]] = []
            for _ in range(ROUNDS):
                ours, wrong = hammered(url, 5, script)
                theirs, _ = hammered(rival, 5, script)
                rates.append((ours, theirs))
                good &= wrong == 0
                print(f"  {ours:7.0f} a second, bare {theirs:7.0f}: {ours / theirs:.0%}")
            ratio = sorted(ours / theirs for ours, theirs in rates)[ROUNDS // 2]
            good &= ratio >= LEAST
            print(f"{ratio:.0%} of the bare rate (at least {LEAST:.0%})")
            rate, wrong = hammered(url, seconds, script)
            good &= wrong == 0
            print(f"{seconds} s at {rate:.0f} a second, {wrong} errors")
            for one in ("chat", "gochat"):
                took, failed = asyncio.run(crowd(gateway, one, sockets))
                good &= failed == 0
                print(f"{sockets} sockets of {one} opened and 20 frames each in {took:.1f} s, {failed} failed")
    print("good" if good else "NOT GOOD")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
