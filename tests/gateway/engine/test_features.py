from __future__ import annotations

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.conftest import wat
from tui.gateway.contract.reading import load_contract
from tui.gateway.engine.features import FeatureUse, claimed_features, used_features
from tui.gateway.engine.typesection import foreign_type
from tui.wasm.decode.decode import decode

HAVE = load_contract().runtime.features
# feature -> modules in the text format that need it
NEEDS: dict[str, list[str]] = {
    "exception-handling": [
        "(module (tag $e))",
        '(module (import "env" "e" (tag)))',
        "(module (tag $e) (func throw $e))",
        "(module (func (block (try_table (catch_all 0)))))",
    ],
    "gc": [
        "(module (type (struct (field i32))))",
        "(module (type (array i8)))",
        "(module (rec (type (func)) (type (func))))",
        "(module (func (drop (ref.null any))))",
        "(module (func (param (ref func))))",
        "(module (table 1 anyref))",
        "(module (func (local (ref null i31))))",
        "(module (type $t (func)) (func (param (ref $t)) (call_ref $t (local.get 0))))",
    ],
    "atomics": ["(module (memory 1 1 shared))", '(module (import "env" "m" (memory 1 1 shared)))'],
    "tail-call": [
        "(module (func $f return_call $f))",
        "(module (type $t (func)) (table 1 funcref) (func (return_call_indirect (type $t) (i32.const 0))))",
        "(module (func $f (block (loop (br_table 0 1 0 (i32.const 0)))) return_call $f))",
        "(module (func $f (f64.const 1.5) drop (f32.const 2) drop (i64.const -9) drop return_call $f))",
    ],
    "memory64": ["(module (memory i64 1))", "(module (table i64 1 funcref))"],
    "multimemory": [
        "(module (memory 1) (memory 1))",
        "(module (memory 1) (memory $m 1) (func (drop (i32.load $m (i32.const 0)))))",
    ],
    "relaxed-simd": ["(module (func (drop (i32x4.relaxed_trunc_f32x4_s (v128.const i32x4 0 0 0 0)))))"],
    "extended-const": [
        "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
        '(module (memory 1) (data (offset (i32.add (i32.const 1) (i32.const 2))) "x"))',
    ],
    "wide-arithmetic": [
        "(module (func (i64.add128 (i64.const 0)(i64.const 0)(i64.const 0)(i64.const 0)) drop drop))",
    ],
    "custom-page-sizes": ["(module (memory 1 (pagesize 1)))"],
}
# What wazero has: each in a module of its own.
FINE = {
    "mvp": '(module (memory 1) (func (export "f") (param i32) (result i32) (i32.load offset=4 align=2 (local.get 0))))',
    "br_table": "(module (func (block (block (br_table 0 1 1 0 (i32.const 7))))))",
    "bulk-memory": """(module (memory 1) (data "x") (func
        (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop 0)
        (memory.copy (i32.const 0) (i32.const 1) (i32.const 1))
        (memory.fill (i32.const 0) (i32.const 1) (i32.const 1))))""",
    "sign-ext": "(module (func (drop (i32.extend8_s (i32.const 1)))))",
    "saturating": "(module (func (drop (i32.trunc_sat_f64_s (f64.const 1)))))",
    "multivalue": """(module (func (result i32 i64) i32.const 1 i64.const 2)
        (func (block (result i32 i32) i32.const 1 i32.const 2) drop drop))""",
    "references": """(module (table 1 externref) (elem declare func 0) (func
        (drop (ref.func 0)) (drop (ref.is_null (ref.null extern))) (drop (table.get 0 (i32.const 0)))
        (drop (select (result funcref) (ref.null func) (ref.null func) (i32.const 1)))))""",
    "simd": """(module (memory 1) (func (param v128) (result v128)
        (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
            (v128.load (i32.const 0)) (i32x4.add (local.get 0) (v128.const i32x4 1 2 3 4)))
        (drop (i8x16.extract_lane_s 3 (local.get 0))) (drop (v128.load8_lane 2 (i32.const 0) (local.get 0)))))""",
    "globals": '(module (global (export "g") (mut i32) (i32.const 1)) (global i64 (i64.const -1)) (data "x"))',
}


def uses(source: bytes) -> dict[str, str]:
    return {use.feature: use.evidence for use in used_features(decode(source), source, HAVE)}


def wazero_like() -> wasmtime.Config:
    """An engine with what wazero has and no more, as far as it can be told to."""
    config = wasmtime.Config()
    for name in (
        "threads",
        "tail_call",
        "exceptions",
        "gc",
        "function_references",
        "memory64",
        "multi_memory",
        "relaxed_simd",
    ):
        setattr(config, f"wasm_{name}", False)
    config.wasm_wide_arithmetic = False
    config.wasm_custom_page_sizes = False
    return config


CASES = [(feature, text) for feature, texts in NEEDS.items() for text in texts]


@pytest.mark.parametrize(("feature", "text"), CASES, ids=[f"{feature}-{text[8:40]}" for feature, text in CASES])
def test_what_wazero_lacks_is_seen(feature: str, text: str) -> None:
    assert feature in uses(wat(text))


@pytest.mark.parametrize(
    "text", [text for feature, text in CASES if feature != "extended-const"], ids=lambda text: text[8:48]
)
def test_an_engine_without_the_feature_refuses_the_module(text: str) -> None:
    """The modules of the test above are real cases: an engine that has it switched off refuses each."""
    with pytest.raises(wasmtime.WasmtimeError):
        wasmtime.Module.validate(wasmtime.Engine(wazero_like()), wat(text))


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_what_wazero_has_is_not_complained_about(text: str) -> None:
    source = wat(text)
    wasmtime.Module.validate(wasmtime.Engine(), source)
    assert uses(source) == {}


def test_evidence_names_the_function() -> None:
    source = wat('(module (import "env" "f" (func)) (func nop) (func $f return_call $f))')
    assert uses(source) == {"tail-call": "return_call in function 2"}


def test_real_modules_use_nothing_that_is_missing(echo_command: bytes, persistent_reactor: bytes) -> None:
    assert uses(echo_command) == {}
    assert uses(persistent_reactor) == {}


def test_for_a_host_of_the_first_release_the_later_features_are_seen(echo_command: bytes) -> None:
    seen = {use.feature for use in used_features(decode(echo_command), echo_command, frozenset())}
    assert "bulk-memory" in seen or "nontrapping-fptoint" in seen or "sign-ext" in seen


@pytest.mark.parametrize("name", ["sign-ext", "multivalue", "bulk-memory"])
def test_each_later_feature_is_seen_where_it_is_not_had(name: str) -> None:
    source = wat(FINE[name])
    assert name in {use.feature for use in used_features(decode(source), source, HAVE - {name})}


def test_without_the_bytes_sections_still_tell() -> None:
    module = decode(wat("(module (memory 1 1 shared))"))
    assert [use.feature for use in used_features(module, None, HAVE)] == ["atomics"]


def claiming(*claims: str) -> bytes:
    """A module whose target_features section makes these claims."""
    payload = b"\x0ftarget_features" + bytes([len(claims)])
    for claim in claims:
        payload += claim[:1].encode() + bytes([len(claim) - 1]) + claim[1:].encode()
    return b"\0asm\1\0\0\0\0" + bytes([len(payload)]) + payload


def test_claims_are_read_and_denials_are_not() -> None:
    assert claimed_features(decode(claiming("+tail-call", "-gc", "=atomics", "+shared-mem"))) == (
        "tail-call",
        "atomics",
    )


def assert_known(uses: tuple[FeatureUse, ...]) -> None:
    """Each feature once, with what needs it, and none that the host has."""
    names = [use.feature for use in uses]
    assert len(set(names)) == len(names)
    assert not HAVE.intersection(names)
    assert all(use.evidence for use in uses)


@given(st.binary(max_size=300))
def test_any_bytes_after_a_header_raise_nothing(tail: bytes) -> None:
    source = b"\0asm\1\0\0\0" + tail
    assert_known(used_features(decode(source), source, HAVE))


@given(st.sampled_from([text for texts in NEEDS.values() for text in texts] + list(FINE.values())), st.data())
def test_damaged_modules_raise_nothing(text: str, data: st.DataObject) -> None:
    source = bytearray(wat(text))
    for _ in range(data.draw(st.integers(1, 4))):
        source[data.draw(st.integers(8, len(source) - 1))] = data.draw(st.integers(0, 255))
    assert_known(used_features(decode(bytes(source)), bytes(source), HAVE))


def test_of_several_types_with_several_results_the_first_is_told() -> None:
    two = b"\x60\0\2\x7f\x7f"
    types = b"\3" + b"\x60\0\0" + two + two
    assert foreign_type(types, 0, len(types)) == ("multivalue", "2 results in type 1")
