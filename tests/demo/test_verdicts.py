"""The sample's functions run as the host runs them do what their verdicts say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import wasmtime

from tests.engine import compiled, new_linker, new_store
from tests.gateway.subjects import read_subject
from tui.gateway.check import check
from tui.gateway.contract.reading import load_contract
from tui.gateway.verdict import Verdict
from tui.wasm.validate import validate

CONTRACT = load_contract()


class Instance:
    """A module with host functions that all answer the same."""

    def __init__(self, wasm: bytes, answer: int) -> None:
        self.store, linker = new_store(), new_linker()
        self.store.set_wasi(wasmtime.WasiConfig())
        module = compiled(wasm)
        self.packed = 0  # what calls that return bytes answer
        for entry in module.imports:
            if entry.module == "env":
                assert isinstance(entry.type, wasmtime.FuncType)
                results = [str(one) for one in entry.type.results]
                linker.define_func(entry.module, str(entry.name), entry.type, self._host(results, answer))
        self.exports = linker.instantiate(self.store, module).exports(self.store)

    def _host(self, results: list[str], answer: int) -> Callable[..., int | None]:
        if not results:
            return lambda *_: None
        return (lambda *_: self.packed) if results == ["i64"] else (lambda *_: answer)

    def call(self, name: str, *arguments: int) -> object:
        function = self.exports[name]
        assert isinstance(function, wasmtime.Func)
        return function(self.store, *arguments)


def verdict(directory: Path) -> Verdict:
    """What `check` says of a function directory."""
    subject = read_subject(directory)
    assert subject.wasm is not None
    return check(replace(subject, validation=validate(subject.wasm)), CONTRACT)


def test_the_wrong_mode_traps_as_its_verdict_says(workspace: Path) -> None:
    seen = verdict(workspace / "chat")
    [finding] = [one for one in seen.findings if one.check == "build-mode"]
    assert (seen.status, finding.severity) == ("blocked", "error")
    assert finding.at_run_time == "wasm error: unreachable at the first export call"
    chat = Instance((workspace / "chat/function.wasm").read_bytes(), 1)
    with pytest.raises(wasmtime.ExitTrap):
        chat.call("_start")  # main returns, and the instance goes on living, as the gateway has it
    with pytest.raises(wasmtime.Trap, match="unreachable"):
        chat.call("ws_open", 0, 0)


@pytest.mark.parametrize("function", ["chat", pytest.param("presence", marks=pytest.mark.long)])
def test_a_client_is_let_in_where_the_host_calls_work(function: str, built: Path) -> None:
    seen = verdict(built / function)
    assert not [one for one in seen.findings if one.severity == "error" or one.check == "source-inverted-result"]
    wasm = (built / function / "function.wasm").read_bytes()
    works = Instance(wasm, 1)
    works.call("_initialize")
    client = works.call("orama_alloc", 4)
    assert isinstance(client, int)
    works.packed = client << 32 | 4
    assert works.call("ws_open", 0, 0) == 0
    assert works.call("ws_frame", 0, 0) == 0
    fails = Instance(wasm, 0)
    fails.call("_initialize")
    assert fails.call("ws_open", 0, 0) == 1


@pytest.mark.parametrize(
    "function",
    ["echo", "shop/functions/order", "shop/functions/ledger", pytest.param("push", marks=pytest.mark.long)],
)
def test_commands_that_are_not_blocked_end_well(function: str, built: Path) -> None:
    assert verdict(built / function).status != "blocked"
    with pytest.raises(wasmtime.ExitTrap) as ended:
        Instance((built / function / "function.wasm").read_bytes(), 0).call("_start")
    assert ended.value.code == 0


def test_the_reactor_hands_on_bytes_of_its_memory(built: Path) -> None:
    assert verdict(built / "wallet").status != "blocked"
    wallet = Instance((built / "wallet/function.wasm").read_bytes(), 0)
    wallet.call("_initialize")
    packed = wallet.call("handle", 0, 0)
    assert isinstance(packed, int)
    memory = wallet.exports["memory"]
    assert isinstance(memory, wasmtime.Memory)
    pointer, length = packed & 0xFFFFFFFF, packed >> 32 & 0xFFFFFFFF
    assert length
    assert pointer + length <= memory.data_len(wallet.store)
