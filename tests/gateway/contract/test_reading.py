from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.conftest import wat
from tui.gateway.contract.contract import Contract, ContractError, HostFunction
from tui.gateway.contract.reading import SHIPPED, load_contract, read_contract
from tui.wasm.module import FuncType

VALUES = {"i32": wasmtime.ValType.i32(), "i64": wasmtime.ValType.i64()}


def least() -> dict[str, Any]:
    """The smallest contract that is accepted."""
    return {
        "format": 1,
        "host": "h",
        "version": "1",
        "runtime": {"name": "engine"},
        "kinds": [{"name": "command", "mode": "command", "steps": [{"label": "exit"}]}],
    }


def read(contract: dict[str, Any]) -> Contract:
    return read_contract(json.dumps(contract).encode(), "host.json")


def test_the_shipped_contract_has_the_host_s_and_wasi_s_functions(contract: Contract) -> None:
    host, wasi = contract.modules
    assert host.names == ("env", "host", "orama")
    assert len(host.functions) == 48
    assert wasi.names == ("wasi_snapshot_preview1",)
    assert len(wasi.functions) == 46
    assert host.functions["cache_set"].type == FuncType(("i32", "i32", "i32", "i32", "i64"))
    assert host.functions["function_invoke"].type == FuncType(("i32",) * 4, ("i64",))


def test_every_function_says_what_it_does(contract: Contract) -> None:
    for module in contract.modules:
        for function in module.functions.values():
            assert 5 < len(function.does) < 110, function.name


def test_calls_that_return_bytes_are_all_that_give_an_i64_but_the_counters(contract: Contract) -> None:
    returning = {name for name, function in contract.modules[0].functions.items() if function.returns_bytes}
    with_i64 = {name for name, function in contract.modules[0].functions.items() if function.type.results == ("i64",)}
    assert with_i64 - returning == {"cache_incr", "cache_incr_by"}
    assert returning <= with_i64


def test_the_better_functions_are_named(contract: Contract) -> None:
    better = {name: function.prefer for name, function in contract.modules[0].functions.items() if function.prefer}
    assert better == {"db_query": "db_query_v2", "db_execute": "db_execute_v2", "anyone_fetch": "anon_fetch"}


def test_the_kinds_are_those_of_the_gateway(contract: Contract) -> None:
    assert [(kind.name, kind.when, kind.mode) for kind in contract.kinds] == [
        ("persistent", "ws_persistent", "reactor"),
        ("reactor", "reactor", "reactor"),
        ("command", None, "command"),
    ]
    steps = {step.label: step.type for step in contract.kind("persistent").steps}
    assert steps["ws_frame"] == FuncType(("i32", "i32"), ("i32",))
    assert steps["ws_close"] == FuncType(("i32", "i32"))
    assert contract.kind("reactor").allocator == ("malloc",)
    assert contract.runtime.memory_pages == 4096
    with pytest.raises(KeyError):
        contract.kind("no such kind")


def test_an_engine_resolves_every_function_of_the_contract_with_its_type(contract: Contract) -> None:
    """A module that imports all 94 instantiates in wasmtime against functions of the contract's types."""
    engine = wasmtime.Engine()
    store, linker = wasmtime.Store(engine), wasmtime.Linker(engine)
    lines = []
    for module in contract.modules:
        for function in module.functions.values():
            params, results = (
                [VALUES[value] for value in part] for part in (function.type.params, function.type.results)
            )
            give = 0 if results else None
            linker.define_func(module.names[0], function.name, wasmtime.FuncType(params, results), lambda *_, r=give: r)
            lines.append(f'(import "{module.names[0]}" "{function.name}" (func {in_text(function)}))')
    linker.instantiate(store, wasmtime.Module(engine, wat(f"(module {' '.join(lines)})")))


def in_text(function: HostFunction) -> str:
    return f"(param {' '.join(function.type.params)}) (result {' '.join(function.type.results)})"


def test_wasi_types_are_those_of_a_real_wasi_host(contract: Contract) -> None:
    """wasmtime's own WASI resolves imports of the contract's types; a wrong type would not link."""
    engine = wasmtime.Engine()
    store, linker = wasmtime.Store(engine), wasmtime.Linker(engine)
    store.set_wasi(wasmtime.WasiConfig())
    linker.define_wasi()
    wasi = contract.modules[1]
    imports = [f'(import "{wasi.names[0]}" "{f.name}" (func {in_text(f)}))' for f in wasi.functions.values()]
    module = wat(f'(module {" ".join(imports)} (memory (export "memory") 1))')
    linker.instantiate(store, wasmtime.Module(engine, module))


@pytest.mark.parametrize("name", ["orama.json", "wasi_host.json"])
def test_shipped_files_load_by_path_as_well(name: str) -> None:
    contract = load_contract(SHIPPED.with_name(name))
    assert contract.default_kind.mode == "command"
    assert contract.source.endswith(name)


def test_the_page_about_the_format_names_every_field_and_its_example_loads() -> None:
    page = SHIPPED.with_name("CONTRACT.md").read_text(encoding="utf-8")
    example = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert example is not None
    assert read_contract(example[1].encode(), "example").default_kind.name == "plugin"
    for key in keys_of(json.loads(SHIPPED.read_text(encoding="utf-8"))):
        assert key in page, key


def keys_of(value: object) -> set[str]:
    """Field names of a contract; names of functions are not fields."""
    if isinstance(value, list):
        return {key for item in value for key in keys_of(item)}
    if not isinstance(value, dict):
        return set()
    inner = {key for name, item in value.items() if name != "functions" for key in keys_of(item)}
    functions = value.get("functions", {})
    return set(value) | inner | {key for item in functions.values() for key in keys_of(item)}


def test_the_least_contract_is_accepted() -> None:
    contract = read(least())
    assert contract.modules == ()
    assert contract.say("unknown_module", module="x") == "the host has no module x"


BROKEN: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda c: c.pop("format"), "format"),
    (lambda c: c.update(format=2), "format"),
    (lambda c: c.update(format=True), "format"),
    (lambda c: c.pop("host"), "host: missing"),
    (lambda c: c.update(host=3), "host: a number, where a string belongs"),
    (lambda c: c.update(surprise=1), "surprise: no such field"),
    (lambda c: c.pop("runtime"), "runtime: missing"),
    (lambda c: c.update(runtime=[]), "runtime: an array, where an object belongs"),
    (lambda c: c["runtime"].update(memory_pages=1.5), "runtime.memory_pages"),
    (lambda c: c["runtime"].update(features=["a", 1]), "runtime.features[1]"),
    (lambda c: c.update(kinds=[]), "kinds: missing or empty"),
    (lambda c: c.update(kinds=[1]), "kinds[0]: a number, where an object belongs"),
    (lambda c: c["kinds"][0].update(mode="both"), 'kinds[0].mode: "both" is not known here'),
    (lambda c: c["kinds"][0].update(when="x"), "kinds: not exactly one kind without `when`"),
    (lambda c: c["kinds"].append(dict(c["kinds"][0])), "kinds: the kind"),
    (lambda c: c["kinds"][0].update(steps=[]), "kinds[0].steps: missing or empty"),
    (lambda c: c["kinds"][0]["steps"][0].update(exports=["a"]), "kinds[0].steps[0].params: missing"),
    (lambda c: c["kinds"][0]["steps"][0].update(exports=["a"], params=["i33"], results=[]), "params[0]"),
    (lambda c: c["kinds"][0].update(memory="yes"), "kinds[0].memory: a string, where true or false belongs"),
    (lambda c: c.update(modules=[{"names": []}]), "modules[0].functions: missing"),
    (lambda c: c.update(modules=[{"names": [], "functions": {}}]), "modules[0].names: missing or empty"),
    (lambda c: c.update(modules=[{"names": ["m"], "functions": {"f": {"params": []}}}]), "functions.f.results"),
    (
        lambda c: c.update(
            modules=[{"names": ["m"], "functions": {"f": {"params": [], "results": [], "prefer": "g"}}}]
        ),
        "functions.f.prefer: no such function",
    ),
    (lambda c: c.update(modules=[{"names": ["m", "m"], "functions": {}}]), 'module name "m" is given twice'),
    (lambda c: c.update(words={"signature": "{nobody}"}), "words.signature: a place that nothing fills"),
    (lambda c: c.update(words={"signature": "{guest!r}"}), "words.signature: a place that nothing fills"),
    (lambda c: c.update(words={"signature": "{"}), "words.signature: not a template"),
    (lambda c: c.update(words={"other": "x"}), "words.other: no such field"),
    (lambda c: c.update(config={"rules": [{"maximum": 3}]}), "config.rules[0].key: missing"),
    (lambda c: c.update(config={"rules": [{"key": "k", "refusal": "{v}"}]}), "config.rules[0].refusal"),
    (lambda c: c.update(config={"no_effect": [{"key": "k", "why": "w", "kinds": ["x"]}]}), "no_effect[0].kinds"),
    (lambda c: c.update(allocator={"names": ["a"]}), "allocator.params: missing"),
]


@pytest.mark.parametrize(("damage", "where"), BROKEN, ids=[where for _, where in BROKEN])
def test_a_damaged_contract_is_refused_with_its_place(damage: Callable[[dict[str, Any]], Any], where: str) -> None:
    contract = least()
    damage(contract)
    with pytest.raises(ContractError) as caught:
        read(contract)
    assert where in str(caught.value)
    assert str(caught.value).startswith("host.json: ")
    assert "; " in str(caught.value)  # and what to do
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1 column 1: not JSON"),
        (b'{\n  "format": 1\n  "name": 2\n}', "line 3"),
        (b"[]", "not a JSON object"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"format": 1, "format": 1}', 'the key "format" is given twice'),
        (b'{"format": NaN}', "NaN is not a JSON number"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_json_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ContractError) as caught:
        read_contract(content, "host.json")
    assert said in str(caught.value)


def test_a_missing_file_is_a_contract_error(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="No such file"):
        load_contract(tmp_path / "none.json")
    with pytest.raises(ContractError, match="Is a directory"):
        load_contract(tmp_path)


def test_a_function_newer_than_the_host_is_not_offered(contract: Contract) -> None:
    older = json.loads(SHIPPED.read_text(encoding="utf-8"))
    older["version"] = "0.199.9"
    function = contract.modules[0].functions["cache_delete"]
    assert contract.offers(function)
    assert not read(older).offers(function)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_a_contract_or_a_contract_error(value: object) -> None:
    with pytest.raises(ContractError):
        read_contract(json.dumps(value).encode(), "any")


PLACES: list[tuple[Any, ...]] = [
    ("runtime",),
    ("kinds",),
    ("kinds", 0),
    ("kinds", 0, "steps", 0),
    ("modules", 0),
    ("words",),
    ("config",),
]
JUNK: st.SearchStrategy[object] = st.none() | st.integers() | st.text() | st.just([]) | st.just({}) | st.just(["x"])


@given(st.sampled_from(PLACES), st.data())
def test_the_shipped_contract_with_one_value_replaced_loads_or_says_where(
    path: tuple[Any, ...], data: st.DataObject
) -> None:
    whole = json.loads(SHIPPED.read_text(encoding="utf-8"))
    target = whole
    for part in path:
        target = target[part]
    keys = sorted(target) if isinstance(target, dict) else range(len(target))
    target[data.draw(st.sampled_from(keys))] = data.draw(JUNK)
    problem = problem_of(whole)
    assert problem is None or problem.where


def problem_of(whole: dict[str, Any]) -> ContractError | None:
    try:
        read(whole)
    except ContractError as error:
        return error
    return None
