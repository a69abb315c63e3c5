from __future__ import annotations

from collections.abc import Callable

import pytest
import wasmtime

from tests.conftest import ECHO_SOURCE, PERSISTENT_SOURCE, REACTOR_SOURCE
from tests.engine import compiled, new_linker, new_store
from tests.gateway.conftest import found, only, wat
from tests.gateway.life.test_life import ALLOC, CLOSE, EXIT, FRAME, HANDLE, HOOK, MALLOC, MEMORY, OPEN, SOCKET, START
from tests.gobuild import build_go
from tests.wasm.binary import producers
from tui.gateway.verdict import Verdict

Verdicts = Callable[..., Verdict]
PERSISTENT = "name: fn\nws_persistent: true\n"
REACTOR = "name: fn\nreactor: true\n"


def of(*fields: str) -> bytes:
    return wat(f"(module {' '.join(fields)})")


# --- what the findings promise, seen in a real engine


def instance(source: bytes) -> tuple[wasmtime.Store, wasmtime.Instance]:
    store = new_store()
    store.set_wasi(wasmtime.WasiConfig())
    return store, new_linker().instantiate(store, compiled(source))


def call(source: bytes, hook: str, name: str, *args: int) -> object:
    """Call the hook and then an export, as the host does."""
    store, made = instance(source)
    exports = made.exports(store)
    if hook:
        start = exports[hook]
        assert isinstance(start, wasmtime.Func)
        start(store)
    called = exports[name]
    assert isinstance(called, wasmtime.Func)
    return called(store, *args)


@pytest.mark.slow
def test_an_engine_traps_where_the_verdict_says_so(persistent_command: bytes, persistent_reactor: bytes) -> None:
    with pytest.raises(wasmtime.Trap, match="unreachable"):
        call(persistent_command, "", "ws_open", 0, 0)
    assert call(persistent_reactor, "_initialize", "ws_open", 0, 0) == 0


# --- pitfall 8


def test_pitfall_8_a_persistent_function_in_command_mode(verdict: Verdicts, persistent_command: bytes) -> None:
    seen = verdict(yaml=PERSISTENT, go=PERSISTENT_SOURCE, wasm=persistent_command)
    finding = only(seen, "build-mode")
    assert finding.message.startswith("built as a command, must be a reactor (ws_persistent: true): every export traps")
    assert finding.at_run_time == "wasm error: unreachable at the first export call"
    assert finding.remedy.startswith("b rebuilds it as a reactor")
    assert seen.status == "blocked"
    assert not found(seen, "export-missing")  # said once


def test_a_command_build_without_the_guard_works_and_is_still_told(verdict: Verdicts, unguarded_command: bytes) -> None:
    seen = verdict(yaml=PERSISTENT, go=PERSISTENT_SOURCE, wasm=unguarded_command)
    finding = only(seen, "build-mode")
    assert finding.message == (
        "built as a command, must be a reactor (ws_persistent: true): _start runs in its place: that works with this "
        "build, and traps with what TinyGo guards"
    )
    assert finding.severity == "warning"
    assert finding.remedy.startswith("b rebuilds it as a reactor")
    assert seen.status == "warnings"


def test_tinygos_symbols_tell_whether_it_guards_the_exports(verdict: Verdicts) -> None:
    def tinygo(suffix: str) -> bytes:
        named = f'(func $"main.wsOpen{suffix}" (export "ws_open")'
        text = "".join((START, *SOCKET)).replace('(func (export "ws_open")', named)
        return wat(f"(module {text})") + producers(processed_by=(("TinyGo", "0.41.0"),))

    guarded = verdict(yaml=PERSISTENT, wasm=tinygo("#wasmexport"))
    assert only(guarded, "build-mode").severity == "error"
    assert "every export traps" in only(guarded, "build-mode").message
    legacy = verdict(name="legacy", yaml=PERSISTENT, wasm=tinygo(""))
    assert only(legacy, "build-mode").severity == "warning"


def test_pitfall_8_is_not_seen_in_a_reactor_build(verdict: Verdicts, persistent_reactor: bytes) -> None:
    assert verdict(yaml=PERSISTENT, go=PERSISTENT_SOURCE, wasm=persistent_reactor) == Verdict("ready")


# --- pitfall 7


@pytest.mark.parametrize(
    ("gone", "name"), [(OPEN, "ws_open"), (FRAME, "ws_frame"), (CLOSE, "ws_close"), (MEMORY, "memory")]
)
def test_pitfall_7_an_export_is_missing(verdict: Verdicts, gone: str, name: str) -> None:
    seen = verdict(yaml=PERSISTENT, wasm=of(HOOK, *(field for field in SOCKET if field != gone)))
    finding = only(seen, "export-missing")
    assert finding.message == f"{name} is not exported, a persistent function needs it"
    no_memory = "runtime error: invalid memory address or nil pointer dereference"
    assert finding.at_run_time == (no_memory if name == "memory" else f"persistent: module missing {name} export")
    assert seen.status == "blocked"


def test_pitfall_7_no_allocator(verdict: Verdicts) -> None:
    finding = only(verdict(yaml=PERSISTENT, wasm=of(HOOK, MEMORY, OPEN, FRAME, CLOSE)), "export-missing")
    assert finding.message == "neither orama_alloc nor malloc is exported, a persistent function needs it"


def test_pitfall_7_no_hook_at_all(verdict: Verdicts) -> None:
    seen = verdict(yaml=PERSISTENT, wasm=of(*SOCKET))
    finding = only(seen, "export-by-accident")
    assert finding.message == "works by accident: _initialize is not exported"
    assert finding.at_run_time == "nothing is initialised: only a line in the gateway's log"
    assert seen.status == "warnings"


@pytest.mark.parametrize(
    ("yaml", "fields", "words"),
    [
        ("name: fn\n", [], "`func main` of package main in command mode; b rebuilds it"),
        ("name: fn\n", ['(func (export "_start") (param i32))'], "`func main` of package main in command mode"),
        (REACTOR, [HANDLE, MEMORY, MALLOC], "the compiler makes _initialize with -buildmode=c-shared; b rebuilds it"),
    ],
)
def test_no_directive_makes_a_hook(verdict: Verdicts, yaml: str, fields: list[str], words: str) -> None:
    """`//go:wasmexport _start` would be refused by the compiler: the hook comes with the build mode."""
    finding = only(verdict(yaml=yaml, wasm=of(*fields)), "export-missing")
    assert words in finding.remedy
    assert "go:wasmexport" not in finding.remedy


def test_of_a_function_whose_kind_is_unknown_no_export_is_missed(verdict: Verdicts) -> None:
    seen = verdict(yaml="name: 1st\n", wasm=of())
    assert [finding.check for finding in seen.findings] == ["config-refused"]


def test_pitfall_7_an_export_of_another_type_in_a_real_module(verdict: Verdicts) -> None:
    source = PERSISTENT_SOURCE.replace("func wsClose(ptr, length uint32) {}", "func wsClose(ptr uint32) {}")
    seen = verdict(yaml=PERSISTENT, go=source, wasm=build_go(source, "reactor"))
    finding = only(seen, "export-by-accident")
    assert seen.status == "warnings"
    assert finding.at_run_time == "its call fails, and nobody notices"
    assert "ws_close is (i32)->(), the host calls (i32,i32)->()" in finding.message
    assert "declare it as `//go:wasmexport ws_close` over `func wsClose(ptr, length uint32)`" in finding.remedy
    assert str(finding.where) == "function.go:21"


def test_pitfall_7_is_not_seen_where_all_is_there(verdict: Verdicts) -> None:
    assert verdict(yaml=PERSISTENT, go=PERSISTENT_SOURCE, wasm=of(HOOK, *SOCKET)) == Verdict("ready")


# --- pitfall 9


def test_pitfall_9_no_handle(verdict: Verdicts) -> None:
    seen = verdict(yaml=REACTOR, wasm=of(HOOK, MEMORY, MALLOC))
    finding = only(seen, "export-missing")
    assert finding.message == "handle is not exported, a reactor function needs it"
    assert finding.at_run_time == "empty output"
    assert "func handle(ptr, length uint32) uint64" in finding.remedy


def test_pitfall_9_start_present(verdict: Verdicts) -> None:
    seen = verdict(yaml=REACTOR, wasm=of(START, HOOK, HANDLE, MEMORY, MALLOC))
    assert "_start is exported too, and must be absent" in only(seen, "build-mode").message
    assert not found(seen, "both-hooks")
    command = verdict(name="command", yaml=REACTOR, go=REACTOR_SOURCE, wasm=build_go(REACTOR_SOURCE, "command"))
    assert only(command, "build-mode").message.startswith("built as a command, must be a reactor (reactor: true)")


def test_pitfall_9_no_malloc(verdict: Verdicts) -> None:
    seen = verdict(yaml=REACTOR, wasm=of(HOOK, HANDLE, MEMORY, ALLOC))
    finding = only(seen, "export-by-accident")
    assert finding.message == "works by accident: malloc is not exported"
    assert finding.at_run_time == "handle gets pointer 0 and the real length: its output works, its input is lost"
    assert seen.status == "warnings"


def test_pitfall_9_is_not_seen_where_all_is_there(verdict: Verdicts, reactor_handle: bytes) -> None:
    assert verdict(yaml=REACTOR, go=REACTOR_SOURCE, wasm=reactor_handle) == Verdict("ready")


# --- pitfall 10


def test_pitfall_10_a_hollow_build(verdict: Verdicts) -> None:
    seen = verdict(go=ECHO_SOURCE, wasm=build_go(ECHO_SOURCE, "reactor"))
    finding = only(seen, "build-mode")
    assert "hollow" in finding.message
    assert "function.go:9 reads or writes stdio" in finding.message
    assert finding.at_run_time == "empty output"
    assert finding.remedy.startswith("b rebuilds it as a command")


def test_pitfall_10_is_not_seen_in_a_command_build(verdict: Verdicts, echo_command: bytes) -> None:
    assert verdict(wasm=echo_command) == Verdict("ready")


def test_a_mode_is_told_also_where_an_import_fails_before(verdict: Verdicts) -> None:
    seen = verdict(wasm=of('(import "env" "no" (func))', HOOK))
    assert "main never runs" in only(seen, "build-mode").message
    assert found(seen, "import-unknown")


# --- pitfall 11


def test_pitfall_11_two_keys_choose(verdict: Verdicts, persistent_reactor: bytes) -> None:
    seen = verdict(yaml=PERSISTENT + "reactor: true\n", go=PERSISTENT_SOURCE, wasm=persistent_reactor)
    finding = only(seen, "kinds-clash")
    assert finding.message == "ws_persistent and reactor are both true: ws_persistent wins"
    assert finding.at_run_time == "handle is never called"
    assert finding.remedy == "line 3 of function.yaml: reactor: false"
    assert seen.status == "warnings"
    assert not found(verdict(name="one", yaml=PERSISTENT, wasm=persistent_reactor), "kinds-clash")


# --- traps of the compilers


def test_both_hooks(verdict: Verdicts) -> None:
    seen = verdict(yaml=PERSISTENT, wasm=of(START, HOOK, *SOCKET))
    assert only(seen, "both-hooks").message.endswith("the host calls _initialize alone")
    assert seen.status == "warnings"
    assert "calls _start alone" in only(verdict(name="cmd", wasm=of(START, HOOK)), "both-hooks").message
    assert not found(verdict(name="good", wasm=of(EXIT, START)), "both-hooks")


def test_the_host_goes_by_handle(verdict: Verdicts, reactor_handle: bytes) -> None:
    seen = verdict(go=REACTOR_SOURCE, wasm=reactor_handle)
    finding = only(seen, "kind-by-exports")
    assert "handle and _initialize" in finding.message
    assert finding.remedy == "add `reactor: true` to function.yaml"
    assert seen.status == "warnings"
    assert not found(verdict(name="set", yaml=REACTOR, wasm=reactor_handle), "kind-by-exports")


EXPORTING = ECHO_SOURCE + "\n//go:wasmexport double\nfunc double(n uint32) uint32 { return 2 * n }\n"


@pytest.mark.slow
def test_wasmexport_in_a_command_build_traps(verdict: Verdicts) -> None:
    built = build_go(EXPORTING, "command")
    finding = only(verdict(go=EXPORTING, wasm=built), "wasmexport-in-command")
    assert "double" in finding.message
    assert str(finding.where) == "function.go:13"
    with pytest.raises(wasmtime.Trap, match=finding.at_run_time.split()[2]):
        call(built, "", "double", 21)


def test_wasmexport_in_a_reactor_build_does_not(verdict: Verdicts) -> None:
    built = build_go(EXPORTING, "reactor")
    assert not found(verdict(go=EXPORTING, wasm=built), "wasmexport-in-command")


@pytest.mark.long
def test_wasmexport_in_a_reactor_build_works() -> None:
    """In the short form, `test_an_engine_traps_where_the_verdict_says_so` calls a hook of a reactor build."""
    assert call(build_go(EXPORTING, "reactor"), "_initialize", "double", 21) == 42


def test_a_legacy_export_works_in_a_command(verdict: Verdicts) -> None:
    source = EXPORTING.replace("go:wasmexport", "export")
    wasm = of(EXIT, START, '(func (export "double") (param i32) (result i32) i32.const 0)')
    assert not found(verdict(go=source, wasm=wasm), "wasmexport-in-command")


def test_a_source_written_for_another_kind(verdict: Verdicts) -> None:
    seen = verdict(go=PERSISTENT_SOURCE)
    finding = only(seen, "kind-not-chosen")
    assert "ws_open, ws_frame, ws_close" in finding.message
    assert finding.remedy == "add `ws_persistent: true` to function.yaml"
    assert str(finding.where) == "function.go:15"
    assert not found(verdict(name="set", yaml=PERSISTENT, go=PERSISTENT_SOURCE), "kind-not-chosen")
    assert not found(verdict(name="echo"), "kind-not-chosen")


def test_exports_that_no_source_declares(verdict: Verdicts) -> None:
    seen = verdict(yaml=REACTOR, go=ECHO_SOURCE)
    assert [f.message for f in found(seen, "export-undeclared")] == [
        "no Go file here exports handle, a reactor function needs it"
    ]
    assert not found(verdict(name="good", yaml=REACTOR, go=REACTOR_SOURCE), "export-undeclared")


def test_a_connection_that_is_always_rejected(verdict: Verdicts) -> None:
    always = '(func (export "ws_open") (param i32 i32) (result i32) i32.const -1)'
    seen = verdict(yaml=PERSISTENT, wasm=of(HOOK, MEMORY, ALLOC, always, FRAME, CLOSE))
    finding = only(seen, "export-missing")
    assert finding.at_run_time == "persistent.Open: ws_open rejected (rc=4294967295)"
    assert finding.message.startswith("ws_open always returns -1")


def test_output_outside_the_memory(verdict: Verdicts) -> None:
    outside = '(func (export "handle") (param i32 i32) (result i64) i64.const 0x8_0003_0000)'
    seen = verdict(yaml=REACTOR, wasm=of(HOOK, MEMORY, MALLOC, outside))
    assert only(seen, "export-missing").at_run_time == "failed to read output from WASM memory"


def test_what_traps_at_once_is_told_in_the_words_of_the_host(verdict: Verdicts) -> None:
    traps = '(func (export "ws_open") (param i32 i32) (result i32) unreachable)'
    seen = verdict(yaml=PERSISTENT, wasm=of(HOOK, MEMORY, ALLOC, traps, FRAME, CLOSE))
    assert only(seen, "export-missing").at_run_time == "persistent.Open: ws_open trap: wasm error: unreachable"


def test_an_exit_of_main_is_told_without_the_function_that_exits(verdict: Verdicts) -> None:
    exits = '(import "wasi_snapshot_preview1" "proc_exit" (func $e (param i32)))'
    seen = verdict(wasm=of(exits, MEMORY, '(func (export "_start") (call $e (i32.const 2)))'))
    words = "failed to instantiate module: module closed with exit_code(2)"
    assert only(seen, "export-missing").at_run_time == words


def test_main_that_fails_in_the_place_of_a_reactors_hook_is_what_is_told(verdict: Verdicts) -> None:
    exits = '(import "wasi_snapshot_preview1" "proc_exit" (func $e (param i32)))'
    main = '(func (export "_start") (call $e (i32.const 2)))'
    seen = verdict(yaml=PERSISTENT, wasm=of(exits, main, MEMORY, ALLOC, OPEN, FRAME, CLOSE))
    finding = only(seen, "build-mode")
    assert finding.at_run_time == "InstantiatePersistent: _start: module closed with exit_code(2)"
    assert "every export traps" not in finding.message


def test_a_float_that_is_always_no_bytes(verdict: Verdicts) -> None:
    """The host takes the 64 bits of the slot as they are."""
    nothing = '(func (export "handle") (param i32 i32) (result f64) f64.const 0)'
    seen = verdict(yaml=REACTOR, wasm=of(HOOK, MEMORY, MALLOC, nothing))
    assert "always returns no bytes" in only(seen, "export-missing").message
