from __future__ import annotations

import pytest

from tests.gateway.conftest import wat
from tui.gateway.checks.imports import ImportGroup, JudgedImport, judge_imports, nearest, type_code
from tui.gateway.contract.contract import Contract
from tui.gateway.contract.reading import load_contract
from tui.wasm.decode.decode import decode
from tui.wasm.module import FuncType, Import, Module


def judged(contract: Contract, *imports: str) -> tuple[ImportGroup, ...]:
    """The groups of a module with these imports, as text: `"env" "cache_get" (func (param i32))`."""
    return judge_imports(decode(wat("(module " + " ".join(f"(import {one})" for one in imports) + ")")), contract)


def one(contract: Contract, imported: str) -> JudgedImport:
    return judged(contract, imported)[0].imports[0]


@pytest.mark.parametrize(
    ("params", "results", "code"),
    [
        ((), (), "v_v"),
        (("i32", "i32"), ("i64",), "i32i32_i64"),
        (("i64",), (), "i64_v"),
        ((), ("i32", "i32"), "v_i32i32"),
    ],
)
def test_types_are_shown_as_wazero_prints_them(params: tuple[str, ...], results: tuple[str, ...], code: str) -> None:
    assert type_code(FuncType(params, results)) == code


@pytest.mark.parametrize("module", ["env", "host", "orama"])
def test_the_three_names_are_one_table(contract: Contract, module: str) -> None:
    (group,) = judged(contract, f'"{module}" "cache_get" (func (param i32 i32) (result i64))')
    assert group.ok
    assert group.known
    assert group.canonical == (None if module == "env" else "env")
    (cache_get,) = group.imports
    assert cache_get.returns_bytes
    assert cache_get.does
    assert cache_get.guest == cache_get.host == "i32i32_i64"


def test_another_type_is_shown_with_both(contract: Contract) -> None:
    found = one(contract, '"env" "cache_set" (func (param i32 i32 i32 i32 i32))')
    assert (found.state, found.guest, found.host) == ("wrong-type", "i32i32i32i32i32_v", "i32i32i32i32i64_v")
    assert found.refusal == "import func[env.cache_set]: signature mismatch: i32i32i32i32i32_v != i32i32i32i32i64_v"


def test_an_unknown_function_names_its_neighbour(contract: Contract) -> None:
    found = one(contract, '"env" "db_querry" (func)')
    assert (found.state, found.nearest, found.host) == ("unknown", "db_query", None)
    assert found.refusal == '"db_querry" is not exported in module "env"'
    assert one(contract, '"env" "storage_put" (func)').nearest is None


def test_a_foreign_module_is_named(contract: Contract) -> None:
    (group,) = judged(contract, '"wasi_snapshot_preview2" "x" (func)')
    assert not group.known
    assert group.nearest == "wasi_snapshot_preview1"
    assert group.imports[0].state == "wrong-module"
    assert group.imports[0].refusal == "module[wasi_snapshot_preview2] not instantiated"


def test_an_import_that_is_no_function_is_refused(contract: Contract) -> None:
    memory = one(contract, '"env" "memory" (memory 1)')
    assert (memory.state, memory.guest, memory.ok) == ("not-a-function", "memory", False)
    taken = one(contract, '"env" "cache_get" (global i32)')
    assert (taken.state, taken.host) == ("not-a-function", "i32i32_i64")


def test_a_deprecated_function_names_the_better_one(contract: Contract) -> None:
    found = one(contract, '"env" "db_query" (func (param i32 i32 i32 i32) (result i64))')
    assert found.ok
    assert found.prefer == "db_query_v2"
    assert "no rows" in found.why


def test_groups_keep_the_order_of_the_file(contract: Contract) -> None:
    groups = judged(contract, '"host" "log_info" (func)', '"env" "log_info" (func)', '"host" "log_error" (func)')
    assert [(group.module, len(group.imports)) for group in groups] == [("host", 2), ("env", 1)]


def test_an_older_host_does_not_have_what_came_later(contract: Contract) -> None:
    from dataclasses import replace

    older = replace(contract, version="0.199.0")
    found = one(older, '"env" "cache_delete" (func (param i32 i32) (result i32))')
    assert found.state == "unknown"
    assert found.since == "0.200.0"


@pytest.mark.parametrize(
    ("name", "known"),
    [("cacheGet", "cache_get"), ("LOG_INFO", "log_info"), ("http-fetch", "http_fetch"), ("ws_sendd", "ws_send")],
)
def test_neighbours(contract: Contract, name: str, known: str) -> None:
    assert nearest(name, tuple(contract.modules[0].functions)) == known


@pytest.mark.parametrize("name", ["", "x", "fetch", "a" * 5000, "\0\u202e", "storage_get"])
def test_no_neighbour_is_made_up(contract: Contract, name: str) -> None:
    assert nearest(name, tuple(contract.modules[0].functions)) is None


def test_neighbours_are_looked_up_for_the_first_imports_only(contract: Contract) -> None:
    """A search costs a millisecond: a hostile module with a million imports must not cost a quarter of an hour."""
    imports = tuple(Import("env", f"cache_get{n}", "func", FuncType()) for n in range(5_000))
    (group,) = judge_imports(Module(1, "core", imports=imports), contract)
    assert group.imports[0].nearest == "cache_get"
    assert group.imports[-1].nearest is None


def test_control_characters_of_a_name_stay_out_of_the_words() -> None:
    (group,) = judge_imports(
        Module(1, "core", imports=(Import("env", "a\x1b[2J", "func", None), Import("\x1b]0;", "b", "func", None))),
        load_contract(),
    )[:1]
    assert group.imports[0].refusal.isprintable()
    assert group.imports[0].guest == "?"
