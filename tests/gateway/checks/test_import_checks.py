from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import ECHO_SOURCE
from tests.gateway.conftest import found, only, wat
from tests.gateway.life.test_life import MALLOC, START
from tests.gobuild import build_go
from tui.gateway.verdict import Verdict

Verdicts = Callable[..., Verdict]

CACHE_SOURCE = """package main

import "unsafe"

//go:wasmimport env cache_set
func cacheSet(key unsafe.Pointer, keyLength uint32, value unsafe.Pointer, valueLength uint32, ttl TTL)

//go:wasmimport env log_info
func logInfo(text unsafe.Pointer, length uint32)

func main() {
	text := []byte("hello")
	cacheSet(unsafe.Pointer(&text[0]), 5, unsafe.Pointer(&text[0]), 5, 60)
	logInfo(unsafe.Pointer(&text[0]), 5)
}
"""


def importing(*imports: str, fields: str = START) -> bytes:
    """A command that imports these: `"env" "cache_get" (func (param i32))`."""
    return wat("(module " + " ".join(f"(import {one})" for one in imports) + f" {fields})")


def test_pitfall_3_a_foreign_module(verdict: Verdicts) -> None:
    seen = verdict(wasm=importing('"wasi_unstable" "fd_write" (func)', '"wasi_unstable" "fd_read" (func)'))
    finding = only(seen, "import-module")
    assert finding.message == '2 imports from module "wasi_unstable", which the host does not have'
    assert finding.at_run_time == "failed to instantiate module: module[wasi_unstable] not instantiated"
    assert "wasi_snapshot_preview1" in finding.remedy
    assert seen.status == "blocked"


def test_pitfall_3_a_neighbour_is_named(verdict: Verdicts) -> None:
    assert only(verdict(wasm=importing('"envs" "cache_get" (func)')), "import-module").remedy == "import from env"


@pytest.mark.parametrize("module", ["env", "host", "orama"])
def test_pitfalls_3_to_5_are_not_seen_in_good_imports(verdict: Verdicts, module: str) -> None:
    seen = verdict(wasm=importing(f'"{module}" "log_info" (func (param i32 i32))'))
    assert seen == Verdict("ready")


@pytest.mark.parametrize(("name", "nearest"), [("db_querry", "db_query"), ("storage_put", None)])
def test_pitfall_4_an_unknown_function(verdict: Verdicts, name: str, nearest: str | None) -> None:
    seen = verdict(wasm=importing(f'"env" "{name}" (func)'))
    finding = only(seen, "import-unknown")
    assert finding.at_run_time == f'failed to instantiate module: "{name}" is not exported in module "env"'
    assert finding.remedy == (
        f"did you mean {nearest}?" if nearest else "take out the import, or use what the host has"
    )
    assert seen.status == "blocked"


def test_pitfall_4_an_imported_memory(verdict: Verdicts) -> None:
    assert "a memory" in only(verdict(wasm=importing('"env" "memory" (memory 1)')), "import-unknown").message


def test_pitfall_5_a_ttl_of_32_bits_in_a_real_module(verdict: Verdicts) -> None:
    source = CACHE_SOURCE.replace("TTL", "uint32")
    seen = verdict(go=source, wasm=build_go(source, "command"))
    finding = only(seen, "import-type")
    assert (
        finding.at_run_time == "failed to instantiate module: "
        "import func[env.cache_set]: signature mismatch: i32i32i32i32i32_v != i32i32i32i32i64_v"
    )
    assert str(finding.where) == "function.go:5"  # where it is declared
    assert "p4 uint64" in finding.remedy
    assert seen.status == "blocked"


def test_pitfall_5_is_not_seen_in_the_right_type(verdict: Verdicts) -> None:
    source = CACHE_SOURCE.replace("TTL", "int64")
    seen = verdict(go=source, wasm=build_go(source, "command"))
    assert seen == Verdict("ready")


@pytest.mark.parametrize("name", ["cache_set", "log_info", "log_error"])
def test_pitfall_5_a_result_where_there_is_none(verdict: Verdicts, name: str) -> None:
    params = "i32 i32 i32 i32 i64" if name == "cache_set" else "i32 i32"
    wrong = verdict(wasm=importing(f'"env" "{name}" (func (param {params}) (result i32))'))
    assert "_i32, the host has " in only(wrong, "import-type").message
    right = verdict(name="right", wasm=importing(f'"env" "{name}" (func (param {params}))'))
    assert not found(right, "import-type")


def test_pitfalls_3_to_5_in_the_sources_while_there_is_no_module(verdict: Verdicts) -> None:
    source = CACHE_SOURCE.replace("TTL", "uint32").replace("env log_info", "wasi:x log_info")
    source += "\n//go:wasmimport env storage_put\nfunc put(a uint32)\n"
    seen = verdict(go=source)
    assert [(str(f.where), f.severity) for f in found(seen, "import-declared")] == [
        ("function.go:5", "warning"),
        ("function.go:8", "warning"),
        ("function.go:17", "warning"),
    ]
    built = verdict(name="built", go=source, wasm=importing())
    assert not found(built, "import-declared")


CACHE_GET = '"env" "cache_get" (func (param i32 i32) (result i64))'
GET_ENV = '"env" "get_env" (func (param i32 i32) (result i64))'


def test_pitfall_6_bytes_without_an_allocator(verdict: Verdicts) -> None:
    seen = verdict(wasm=importing(CACHE_GET))
    finding = only(seen, "allocator-missing")
    assert finding.message == "imports cache_get, which returns bytes, and neither orama_alloc nor malloc is exported"
    assert finding.at_run_time.startswith("empty strings")
    assert "//go:wasmexport orama_alloc" in finding.remedy
    assert seen.status == "blocked"
    two = verdict(name="two", wasm=importing(CACHE_GET, GET_ENV))
    assert "cache_get and 1 more that return bytes" in only(two, "allocator-missing").message


def test_pitfall_6_an_allocator_of_another_type(verdict: Verdicts) -> None:
    wrong = '(func (export "malloc") (param i32 i32) (result i32) i32.const 0)'
    finding = only(verdict(wasm=importing(CACHE_GET, fields=START + wrong)), "allocator-missing")
    assert "malloc is (i32,i32)->i32, the host calls (i32)->i32" in finding.message


def test_pitfall_6_an_allocator_that_gives_what_is_outside_the_memory(verdict: Verdicts) -> None:
    far = '(func (export "malloc") (param i32) (result i32) i32.const -1)'
    finding = only(verdict(wasm=importing(CACHE_GET, fields=START + far + "(memory 1)")), "allocator-missing")
    assert "malloc always returns 4294967295, which is outside the memory" in finding.message


def test_words_have_a_name_as_the_engine_quotes_it(verdict: Verdicts) -> None:
    finding = only(verdict(wasm=importing(r'"env" "a\nb\22c" (func)')), "import-unknown")
    assert r'"a\nb\"c" is not exported in module "env"' in finding.at_run_time


@pytest.mark.parametrize("fields", [START + MALLOC, START + MALLOC.replace("malloc", "orama_alloc")])
def test_pitfall_6_is_not_seen_with_either_allocator(verdict: Verdicts, fields: str) -> None:
    assert not found(verdict(wasm=importing(CACHE_GET, fields=fields)), "allocator-missing")


def test_pitfall_6_is_not_seen_where_no_call_returns_bytes(verdict: Verdicts) -> None:
    counter = '"env" "cache_incr" (func (param i32 i32) (result i64))'
    assert not found(verdict(wasm=importing(counter)), "allocator-missing")


RESPONSE = '"env" "set_http_response" (func (param i32 i32 i32 i32 i32) (result i32))'


def test_pitfall_17_an_answer_that_is_not_raw(verdict: Verdicts) -> None:
    finding = only(verdict(wasm=importing(RESPONSE)), "import-needs-key")
    assert finding.at_run_time == "the call returns 0"
    assert finding.remedy == "add `raw_http_response: true` to function.yaml"
    off = verdict(name="off", yaml="name: fn\nraw_http_response: false\n", wasm=importing(RESPONSE))
    assert only(off, "import-needs-key").remedy == "line 2 of function.yaml: raw_http_response: true"
    on = verdict(name="on", yaml="name: fn\nraw_http_response: true\n", wasm=importing(RESPONSE))
    assert not found(on, "import-needs-key")


@pytest.mark.parametrize(
    ("name", "type_", "better"),
    [
        ("db_query", "(param i32 i32 i32 i32) (result i64)", "db_query_v2"),
        ("db_execute", "(param i32 i32 i32 i32) (result i32)", "db_execute_v2"),
        ("anyone_fetch", f"(param {'i32 ' * 8}) (result i64)", "anon_fetch"),
    ],
)
def test_pitfall_20_there_is_a_better_call(verdict: Verdicts, name: str, type_: str, better: str) -> None:
    seen = verdict(wasm=importing(f'"env" "{name}" (func {type_})', fields=START + MALLOC))
    finding = only(seen, "import-deprecated")
    assert finding.remedy == f"use {better}"
    assert seen.status == "warnings"
    type_of_better = type_.replace("(result i32)", "(result i64)")
    fine = verdict(name="fine", wasm=importing(f'"env" "{better}" (func {type_of_better})', fields=START + MALLOC))
    assert not found(fine, "import-deprecated")


def test_many_findings_of_one_check_are_cut(verdict: Verdicts) -> None:
    seen = verdict(go=ECHO_SOURCE, wasm=importing(*(f'"env" "no{n}" (func)' for n in range(500))))
    assert len(found(seen, "import-unknown")) == 20


def test_a_host_call_in_a_module_without_a_memory(verdict: Verdicts) -> None:
    log = '(import "env" "log_info" (func $log (param i32 i32)))'
    call = '(func (export "_start") (call $log (i32.const 0) (i32.const 0)))'
    seen = verdict(wasm=wat(f"(module {log} {call})"))
    finding = only(seen, "memory-absent")
    assert finding.message == "calls env.log_info and has no memory"
    assert "invalid memory address or nil pointer dereference (recovered by wazero)" in finding.at_run_time
    assert seen.status == "blocked"
    uncalled = verdict(name="uncalled", wasm=wat(f'(module {log} (func (export "_start")))'))
    assert not found(uncalled, "memory-absent")


def test_of_several_imports_that_do_not_resolve_one_is_named(verdict: Verdicts) -> None:
    seen = verdict(wasm=wat('(module (import "foo" "a" (func)) (import "env" "b" (func)) (func (export "_start")))'))
    assert only(seen, "import-module").at_run_time == (
        "failed to instantiate module: module[foo] not instantiated "
        "(of the 2 that cannot be resolved the host names one, by chance)"
    )
