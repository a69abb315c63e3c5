from __future__ import annotations

from dataclasses import replace

import pytest

from tests.gateway.conftest import wat
from tui.gateway.contract.contract import Contract
from tui.gateway.engine.evidence import Evidence, gather_evidence
from tui.gateway.life.life import life
from tui.gateway.verdict import Life
from tui.wasm.decode.decode import decode
from tui.wasm.module import Module
from tui.workspace.function import FunctionConfig

COMMAND = FunctionConfig("fn")
PERSISTENT = FunctionConfig("fn", ws_persistent=True)
REACTOR = FunctionConfig("fn", reactor=True)
HOOK = '(func (export "_initialize"))'
START = '(func (export "_start"))'
EXIT = '(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))'
MEMORY = '(memory (export "memory") 2)'
ALLOC = '(func (export "orama_alloc") (param i32) (result i32) i32.const 0)'
MALLOC = '(func (export "malloc") (param i32) (result i32) i32.const 0)'
OPEN, FRAME = (f'(func (export "ws_{n}") (param i32 i32) (result i32) i32.const 0)' for n in ("open", "frame"))
CLOSE = '(func (export "ws_close") (param i32 i32))'
HANDLE = '(func (export "handle") (param i32 i32) (result i64) i64.const 0x800000000)'
SOCKET = (MEMORY, ALLOC, OPEN, FRAME, CLOSE)


def module(*fields: str) -> Module:
    return decode(wat(f"(module {' '.join(fields)})"))


def states(lived: Life) -> str:
    marks = {"present": "+", "wrong": "!", "missing": "x", "unknown": "."}
    return " ".join(f"{step.label}{marks[step.state]}" for step in (*lived.steps, *lived.helpers))


def test_a_persistent_function_as_it_should_be(contract: Contract, persistent_reactor: bytes) -> None:
    lived = life(PERSISTENT, decode(persistent_reactor), contract)
    assert (lived.kind, lived.reason) == ("persistent", "ws_persistent: true")
    assert lived.matches is True
    assert lived.arrives is True
    assert lived.breaks_at is None
    assert states(lived) == "_initialize+ ws_open+ ws_frame+ ws_close+ orama_alloc+ memory+"
    assert [step.repeats for step in lived.steps] == [False, False, True, False]


def test_a_persistent_function_built_as_a_command_never_starts(contract: Contract, persistent_command: bytes) -> None:
    module = decode(persistent_command)
    evidence = gather_evidence(module, persistent_command, contract.runtime)
    lived = life(PERSISTENT, module, contract, evidence=evidence)
    assert (lived.expected, lived.actual) == ("reactor", "command")
    assert lived.matches is False
    assert lived.arrives is False
    assert lived.breaks_at == 0
    assert states(lived).startswith("_initializex ws_open+ ws_frame+ ws_close+")
    assert lived.summary == "every export traps: the runtime is never initialised"
    assert lived.remedy.startswith("b rebuilds it as a reactor")
    assert lived.failure == "wasm error: unreachable at the first export call"


def test_start_may_stand_in_for_initialize_where_no_guard_stands_before_the_exports(contract: Contract) -> None:
    lived = life(PERSISTENT, module(START, *SOCKET), contract)
    assert states(lived).startswith("_start+ ws_open+")
    assert lived.arrives is True
    assert lived.summary.startswith("works by accident: _start runs in its place")
    guarded = Evidence(guarded=True)
    assert life(PERSISTENT, module(EXIT, START, *SOCKET), contract, evidence=guarded).breaks_at == 0


@pytest.mark.parametrize(("gone", "index"), [(OPEN, 1), (FRAME, 2), (CLOSE, 3)], ids=["open", "frame", "close"])
def test_the_trip_ends_at_the_export_that_is_missing(contract: Contract, gone: str, index: int) -> None:
    lived = life(PERSISTENT, module(*(field for field in (HOOK, *SOCKET) if field != gone)), contract)
    assert lived.breaks_at == index
    assert lived.steps[index].state == "missing"
    assert lived.steps[index].note == "not exported"
    assert lived.failure


def test_an_export_of_another_type_is_shown_with_it(contract: Contract) -> None:
    frame = '(func (export "ws_frame") (param i32) (result i32) i32.const 0)'
    lived = life(PERSISTENT, module(HOOK, MEMORY, ALLOC, OPEN, frame, CLOSE), contract)
    step = lived.steps[2]
    assert (step.state, step.actual) == ("wrong", "(i32)->i32")
    assert step.note == "is (i32)->i32, the host calls (i32,i32)->i32"
    assert "func wsFrame(ptr, length uint32) uint32" in lived.remedy


def test_an_export_that_is_no_function_is_wrong(contract: Contract) -> None:
    lived = life(
        PERSISTENT, module(HOOK, MEMORY, ALLOC, OPEN, CLOSE, '(global (export "ws_frame") i32 i32.const 0)'), contract
    )
    assert (lived.steps[2].state, lived.steps[2].actual) == ("missing", "a global")


def test_without_a_hook_the_gateway_goes_on(contract: Contract) -> None:
    lived = life(PERSISTENT, module(*SOCKET), contract)
    assert (lived.arrives, lived.steps[0].state) == (True, "missing")
    assert lived.steps[0].accident == "nothing is initialised: only a line in the gateway's log"


@pytest.mark.parametrize("gone", [ALLOC, MEMORY])
def test_what_the_steps_lean_on_must_be_there(contract: Contract, gone: str) -> None:
    lived = life(PERSISTENT, module(*(field for field in (HOOK, *SOCKET) if field != gone)), contract)
    assert lived.breaks_at is None
    assert lived.arrives is False


def test_malloc_will_do_as_well(contract: Contract) -> None:
    lived = life(PERSISTENT, module(HOOK, MEMORY, MALLOC, OPEN, FRAME, CLOSE), contract)
    assert lived.arrives is True
    assert [helper.label for helper in lived.helpers] == ["malloc", "memory"]


def test_a_reactor_needs_malloc_by_name(contract: Contract, reactor_handle: bytes) -> None:
    assert life(REACTOR, decode(reactor_handle), contract).arrives is True
    without = life(REACTOR, module(HOOK, HANDLE, MEMORY, ALLOC), contract)
    assert (without.arrives, without.helpers[0].state) == (True, "missing")
    assert "its input is lost" in without.summary
    assert not life(REACTOR, module(HOOK, HANDLE, MEMORY, MALLOC), contract).remedy


def test_a_reactor_with_start_is_refused_though_all_is_there(contract: Contract) -> None:
    lived = life(REACTOR, module(START, HOOK, HANDLE, MEMORY, MALLOC), contract)
    assert lived.breaks_at == 0
    assert lived.steps[0].note == "_start is exported too, and must be absent"
    assert lived.actual == "both"


def test_a_command(contract: Contract, echo_command: bytes) -> None:
    lived = life(COMMAND, decode(echo_command), contract)
    assert states(lived) == "_start+ stdin/stdout+ exit+"
    assert lived.reason == "default"
    assert lived.arrives is True


def test_a_hollow_module_stops_at_once(contract: Contract) -> None:
    lived = life(COMMAND, module(HOOK, MEMORY), contract)
    assert states(lived) == "_startx stdin/stdout. exit."
    assert lived.summary == "hollow: built as a reactor, main never runs"
    assert lived.steps[0].note == "the module has _initialize in its place"


def test_exports_of_another_kind_are_recognised(contract: Contract, persistent_reactor: bytes) -> None:
    lived = life(COMMAND, decode(persistent_reactor), contract)
    assert "persistent" in lived.summary
    assert "ws_persistent: true" in lived.remedy


def test_the_gateway_takes_a_module_with_handle_for_a_reactor(contract: Contract, reactor_handle: bytes) -> None:
    lived = life(COMMAND, decode(reactor_handle), contract)
    assert (lived.kind, lived.by_exports) == ("reactor", True)
    assert (lived.expected, lived.actual) == ("command", "reactor")
    assert lived.arrives is True
    assert "reactor: true" in lived.remedy


def test_a_command_that_imports_calls_with_bytes_leans_on_an_allocator(contract: Contract) -> None:
    cache_get = '(import "env" "cache_get" (func (param i32 i32) (result i64)))'
    lived = life(COMMAND, module(cache_get, START, MEMORY), contract)
    assert states(lived).endswith("orama_allocx")
    assert lived.arrives is False
    assert life(COMMAND, module(cache_get, START, MEMORY, MALLOC), contract).arrives is True


def test_an_import_that_does_not_resolve_ends_the_trip_before_the_first_step(contract: Contract) -> None:
    lived = life(COMMAND, module('(import "env" "storage_put" (func))', START), contract)
    assert states(lived).startswith("load! _start+")
    assert lived.breaks_at == 0
    assert lived.summary == 'never starts: "storage_put" is not exported in module "env"'


@pytest.mark.parametrize("content", [b"", b"<html>", b"\0asm\1\0\0\0\1\5", b"\0asm\x0d\0\1\0"])
def test_what_is_no_module_does_not_load(contract: Contract, content: bytes) -> None:
    lived = life(PERSISTENT, decode(content), contract)
    assert lived.breaks_at == 0
    assert lived.steps[0].label == "load"
    assert lived.has_module
    assert lived.remedy


def test_without_a_module_nothing_is_known(contract: Contract) -> None:
    lived = life(PERSISTENT, None, contract)
    assert (lived.actual, lived.matches, lived.arrives, lived.breaks_at) == (None, None, None, None)
    assert states(lived) == "_initialize. ws_open. ws_frame. ws_close. orama_alloc/malloc. memory."


def test_a_module_that_cannot_be_read_is_there_all_the_same(contract: Contract) -> None:
    lived = life(PERSISTENT, None, contract, module_error="Permission denied")
    assert lived.has_module
    assert lived.breaks_at == 0
    assert "Permission denied" in lived.summary


def test_with_a_refused_config_the_module_tells_the_kind(
    contract: Contract, persistent_reactor: bytes, echo_command: bytes, reactor_handle: bytes
) -> None:
    kinds = [life(None, decode(source), contract) for source in (persistent_reactor, echo_command, reactor_handle)]
    assert [lived.kind for lived in kinds] == ["persistent", "command", "reactor"]
    assert all(lived.expected is None and lived.matches is None for lived in kinds)
    assert all(lived.reason == "function.yaml is refused" for lived in kinds)
    assert life(None, None, contract).kind == "command"


def test_both_keys_give_the_persistent_kind(contract: Contract) -> None:
    both = FunctionConfig("fn", ws_persistent=True, reactor=True)
    assert life(both, None, contract).kind == "persistent"


def test_an_import_from_a_table_of_the_contract_decides_nothing_else(contract: Contract) -> None:
    """Another contract with the same kinds and no modules refuses every import."""
    bare = replace(contract, modules=())
    lived = life(COMMAND, module(EXIT, START), bare)
    assert lived.summary == "never starts: module[wasi_snapshot_preview1] not instantiated"
