"""Mutants of modules such as TinyGo makes, through `check`: nothing raises, nothing hangs, and none that an engine
refuses is called ready."""

from __future__ import annotations

import random
from pathlib import Path
from time import process_time

import pytest
import wasmtime

from tests.gateway.conftest import wat
from tests.gateway.life.test_life import ALLOC, CLOSE, EXIT, FRAME, HANDLE, HOOK, MALLOC, MEMORY, OPEN, START
from tests.wasm.binary import producers
from tests.wasm.tinygo import tinygo_module
from tui.gateway.check import judge
from tui.gateway.contract.contract import Contract
from tui.gateway.contract.reading import load_contract
from tui.gateway.subject import SourceFacts, Subject
from tui.gateway.verdict import Place
from tui.wasm.decode.decode import decode
from tui.wasm.validate import validate
from tui.workspace.config import read_config

SECONDS = 5.0  # of CPU, for one mutant
TINYGO = producers(processed_by=(("TinyGo", "0.41.0"),))
WORK = (
    "(func $work (param i32 i32) (result i32) (local i64 f64) (block (result i32) (loop (br_if 0 (local.get 0)))"
    " (if (result i32) (local.get 1) (then (i32.load offset=4 (local.get 0))) (else (i32.add (local.get 0)"
    " (i32.wrap_i64 (local.get 2)))))) (drop (f64.const 1.5)) (i32.store (i32.const 8) (local.get 1)))"
)
# Of sources that have nothing to be told.
SOURCES = SourceFacts(Path("go.mod"), "1.22", 3, ("function.go",), ("main",), Place("function.go", 5))
SEEDS: dict[str, tuple[bytes, ...]] = {
    "name: f\n": (tinygo_module(), wat(f'(module {EXIT} {START} {MEMORY} {WORK} (data (i32.const 9) "x"))') + TINYGO),
    "name: f\nws_persistent: true\n": (
        wat(f"(module {HOOK} {MEMORY} {ALLOC} {OPEN} {FRAME} {CLOSE} {WORK})") + TINYGO,
    ),
    "name: f\nreactor: true\n": (wat(f"(module {HOOK} {MEMORY} {MALLOC} {HANDLE} {WORK})") + TINYGO,),
}


def mutant(source: bytes, chance: random.Random) -> bytes:
    """The bytes with one to three small changes behind the header."""
    bytes_ = bytearray(source)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(8, len(bytes_))
        kind = chance.random()
        if kind < 0.6:
            bytes_[at] = chance.choice((chance.randrange(256), bytes_[at] ^ 1 << chance.randrange(8), 0x0B, 0x7F, 0))
        elif kind < 0.8:
            del bytes_[at : at + chance.choice((1, 1, 2))]
        else:
            bytes_[at:at] = chance.randbytes(chance.choice((1, 1, 2)))
    return bytes(bytes_)


def is_refused(source: bytes) -> bool:
    """Whether wasmtime itself refuses the module."""
    try:
        wasmtime.Module.validate(wasmtime.Engine(), source)
    except wasmtime.WasmtimeError:
        return True
    return False


def run(count: int, seed: int, folder: Path, contract: Contract) -> dict[str, int]:
    """Check that many mutants; gives how many of each verdict there were."""
    chance, verdicts = random.Random(seed), dict.fromkeys(("ready", "warnings", "blocked"), 0)
    readings = []
    for text, sources in SEEDS.items():
        (folder / "function.yaml").write_text(text)
        readings += [(read_config(folder), source) for source in sources]
    for number in range(count):
        reading, source = chance.choice(readings)
        wasm = mutant(source, chance)
        began = process_time()
        subject = Subject(folder, reading, decode(wasm), sources=SOURCES, wasm=wasm, validation=validate(wasm))
        verdict, life = judge(subject, contract)
        assert process_time() - began < SECONDS, (number, wasm.hex())
        assert life.has_module
        faults = [one for one in verdict.findings if "failed inside" in one.message]
        assert not faults, (number, wasm.hex(), faults)
        verdicts[verdict.status] += 1
        if verdict.status == "ready":
            assert not is_refused(wasm), (number, wasm.hex(), verdict)
    return verdicts


def test_mutants_short(tmp_path: Path) -> None:
    verdicts = run(1_500, 20261126, tmp_path, load_contract())
    assert all(verdicts.values())


@pytest.mark.long
def test_mutants_long(tmp_path: Path) -> None:
    verdicts = run(200_000, 1, tmp_path, load_contract())
    print(verdicts)
    assert all(verdicts.values())
