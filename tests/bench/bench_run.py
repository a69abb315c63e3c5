"""What running a function costs above wasmtime itself. Each figure stands beside bare wasmtime-py in the same run.

Run: `python -m tests.bench.bench_run [ROUNDS]`; the rivals take turns. Limits (exit code 1 where one is missed): a
warm call of a command 5 ms above bare, `fn-tui run` with compiled code in the cache 2.5 times the CPU of loading
wasmtime alone (150 ms where that takes 60), a host call 15 microseconds above bare, a frame through a persistent echo
at most twice as long as bare.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import wasmtime

from tests.gobuild import build_go
from tests.running.conftest import wat
from tui.running.answer import Call, Target
from tui.running.engine.cache import code_key
from tui.running.engine.machine import Compiled, Machine
from tui.running.engine.stack import on_guest_stack
from tui.running.host.assemble import assemble
from tui.running.host.settings import HostSettings
from tui.running.lives.bench import Bench
from tui.running.plan.prepare import prepare
from tui.running.plan.table import host_table
from tui.running.run import run
from tui.running.session import Session, open_session
from tui.wasm.decode.decode import decode

ROUNDS, FRAMES, CALLS = 7, 1_000, 20_000
ECHO = 'package main\n\nimport (\n\t"io"\n\t"os"\n)\n\nfunc main() { io.Copy(os.Stdout, os.Stdin) }\n'
INPUT = b'{"name":"a caller"}'
FRAME = b'{"text":"hello, all of you"}'
SOCKET = """(module (import "env" "ws_send" (func $send (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (func (export "_initialize")) (func (export "ws_close") (param i32 i32))
    (func (export "orama_alloc") (param i32) (result i32) i32.const 1024)
    (func (export "ws_open") (param i32 i32) (result i32) i32.const 0)
    (func (export "ws_frame") (param i32 i32) (result i32)
        (drop (call $send (i32.const 0) (i32.const 0) (local.get 0) (local.get 1))) i32.const 0))"""
LOGGER = f"""(module (import "env" "log_info" (func $log (param i32 i32))) (memory (export "memory") 1)
    (func (export "_start") (local i32)
        (loop (call $log (i32.const 0) (i32.const 40)) (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (br_if 0 (i32.lt_u (local.get 0) (i32.const {CALLS}))))))"""


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def medians(rounds: int, *rivals: Callable[[], object]) -> list[float]:
    """The median seconds of each; they take turns, the first round does not count."""
    taken: list[list[float]] = [[] for _ in rivals]
    for _ in range(rounds + 1):
        for times, work in zip(taken, rivals, strict=True):
            times.append(timed(work))
    return [statistics.median(times[1:]) for times in taken]


def i32s(count: int) -> list[wasmtime.ValType]:
    return [wasmtime.ValType.i32()] * count


def export(store: wasmtime.Store, instance: wasmtime.Instance, name: str) -> wasmtime.Func:
    found = instance.exports(store)[name]
    assert isinstance(found, wasmtime.Func)
    return found


def memory_of(store: wasmtime.Store, instance: wasmtime.Instance) -> wasmtime.Memory:
    found = instance.exports(store)["memory"]
    assert isinstance(found, wasmtime.Memory)
    return found


def bare_command(machine: Machine, compiled: Compiled, folder: Path) -> Callable[[], object]:
    """The same command by wasmtime's own WASI, its input and output in files."""
    (folder / "in").write_bytes(INPUT)

    def work() -> None:
        linker = wasmtime.Linker(machine.engine)
        linker.define_wasi()
        store = wasmtime.Store(machine.engine)
        store.set_epoch_deadline(1_000_000)
        wasi = wasmtime.WasiConfig()
        wasi.stdin_file, wasi.stdout_file = str(folder / "in"), str(folder / "out")
        store.set_wasi(wasi)
        instance = linker.instantiate(store, compiled.module)
        try:
            export(store, instance, "_start")(store)
        except wasmtime.ExitTrap as end:
            check(end.code == 0)
        assert (folder / "out").read_bytes() == INPUT

    return work


def warm(bench: Bench, rounds: int, folder: Path) -> tuple[float, float]:
    source = build_go(ECHO, "command", "-ldflags=-s -w")
    target = Target("echo", source)
    compiled = bench.machine.compile(prepare(source, decode(source)), code_key(source))
    assert isinstance(compiled, Compiled)
    own = lambda: check(run(bench, target, Call(INPUT)).output == INPUT)  # noqa: E731
    bare, ours = medians(rounds, bare_command(bench.machine, compiled, folder), own)
    return bare, ours


def check(good: bool) -> None:
    assert good


def host_calls(bench: Bench, rounds: int) -> tuple[float, float]:
    """Seconds of one call that takes 40 bytes out of memory."""
    engine = wasmtime.Engine()
    module = wasmtime.Module(engine, wat(LOGGER))

    def bare() -> None:
        store = wasmtime.Store(engine)
        kept: list[str] = []
        place: list[wasmtime.Memory] = []
        log = wasmtime.Func(
            store,
            wasmtime.FuncType(i32s(2), []),
            lambda pointer, size: kept.append(place[0].read(store, pointer, pointer + size).decode()),
        )
        instance = wasmtime.Instance(store, module, [log])
        place.append(memory_of(store, instance))
        export(store, instance, "_start")(store)
        check(len(kept) == CALLS)

    target = Target("logger", wat(LOGGER))
    ours = lambda: check(run(bench, target, Call()).ok)  # noqa: E731
    slow, own = medians(rounds, bare, ours)
    return slow / CALLS, own / CALLS


def frames(bench: Bench, rounds: int) -> tuple[float, float]:
    """Seconds of a frame: room asked of the guest, written, `ws_frame`, which sends it back."""
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    sent: list[bytes] = []
    place: list[wasmtime.Memory] = []

    def send(_client: int, _length: int, pointer: int, size: int) -> int:
        sent.append(bytes(place[0].read(store, pointer, pointer + size)))
        return 1

    function = wasmtime.Func(store, wasmtime.FuncType(i32s(4), i32s(1)), send)
    instance = wasmtime.Instance(store, wasmtime.Module(engine, wat(SOCKET)), [function])
    place.append(memory_of(store, instance))
    room, frame = export(store, instance, "orama_alloc"), export(store, instance, "ws_frame")

    def bare() -> None:
        for _ in range(FRAMES):
            pointer = room(store, len(FRAME))
            place[0].write(store, FRAME, pointer)
            check(frame(store, pointer, len(FRAME)) == 0)

    session = open_session(bench, Target("echo", wat(SOCKET), persistent=True), Call(client_id="c"))
    assert isinstance(session, Session)

    def ours() -> None:
        for _ in range(FRAMES):
            session.frame(FRAME)
        check(len(session.take_delivered()) == FRAMES)

    slow, own = medians(rounds, bare, ours)
    return slow / FRAMES, own / FRAMES


def cold(folder: Path, runs: int) -> tuple[float, float]:
    """CPU seconds of `python -c "import wasmtime"`, and of `fn-tui run` with all that it starts, the code in its cache.

    The first tells how fast the machine is just now.
    """
    function = folder / "echo"
    function.mkdir()
    (function / "function.wasm").write_bytes(build_go(ECHO, "command", "-ldflags=-s -w"))
    (function / "function.yaml").write_text("name: echo\n")
    argv = [sys.executable, "-m", "tui", "run", str(function), "--json", "--data", INPUT.decode()]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment |= {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "STATE", "CACHE")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    bare, ours = [], []
    for _ in range(runs + 1):
        bare.append(cpu([sys.executable, "-c", "import wasmtime"], environment, folder))
        ours.append(cpu(argv, environment, folder))
        assert json.loads((folder / "said").read_bytes())["output"] == INPUT.decode()
    return statistics.median(bare[1:]), statistics.median(ours[1:])


def cpu(argv: list[str], environment: dict[str, str], folder: Path) -> float:
    with (folder / "said").open("wb") as said:
        pid = os.posix_spawn(argv[0], argv, environment, file_actions=[(os.POSIX_SPAWN_DUP2, said.fileno(), 1)])
        _, status, usage = os.wait4(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return usage.ru_utime + usage.ru_stime


def measure(rounds: int) -> int:
    """Print a row for each figure; 1 where a limit is missed."""
    bench = assemble(HostSettings(), Machine(), host_table())
    missed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare, ours = warm(bench, rounds, folder)
        missed |= row("warm call, 1.5 MB command", bare, ours, ours - bare <= 0.005, "5 ms above")
        bare, ours = host_calls(bench, rounds)
        missed |= row("host call with 40 bytes", bare, ours, ours - bare <= 15e-6, "15 us above")
        bare, ours = frames(bench, rounds)
        missed |= row("frame of a persistent echo", bare, ours, ours <= 2 * bare, "2 times")
        bare, ours = cold(folder, rounds)
        missed |= row("CPU of a cold run, code cached", bare, ours, ours <= 2.5 * bare, "2.5 times")
    return int(missed)


def row(what: str, bare: float, ours: float, good: bool, limit: str) -> bool:
    """Print one figure in microseconds; gives whether its limit is missed."""
    end = "" if good else "  MISSED"
    print(f"{what:32} bare {bare * 1e6:10.1f} us   fn-tui {ours * 1e6:10.1f} us   limit {limit}{end}")
    return not good


def main() -> int:
    """Measure on a thread that guests may run on."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    return on_guest_stack(lambda: measure(rounds))


if __name__ == "__main__":
    sys.exit(main())
