"""What the host would say of each import of a module: it resolves every one of them at each instantiation."""

from __future__ import annotations

from typing import Literal

from tui.facts import Fact
from tui.gateway.contract.contract import Contract, HostFunction, HostModule
from tui.gateway.engine.wazero.engine_module import quoted
from tui.text import printable
from tui.wasm.module import FuncType, Import, Module

ImportState = Literal["known", "wrong-type", "unknown", "wrong-module", "not-a-function"]
MAX_NAME = 120  # characters of a name from a module that reach the eye
MAX_NEAREST = 200  # imports for which a neighbour is looked up: it costs a millisecond each


class JudgedImport(Fact):
    """One import and what the host would say of it. Names are as in the module: escape them for display."""

    name: str
    state: ImportState
    guest: str  # the module's type as the engine prints it: "i32i32_i64", "v" for none; "memory", "?" where unknown
    host: str | None  # the host's type likewise; None where it has no such function
    does: str = ""  # what the host function does
    returns_bytes: bool = False  # needs an allocator in the module
    nearest: str | None = None  # the host's name that is nearest to an unknown one
    prefer: str | None = None  # the better function, for a deprecated one
    why: str = ""  # why the other is better
    since: str | None = None  # the host version that has it
    refusal: str = ""  # the host's words where it does not resolve
    function: HostFunction | None = None

    @property
    def ok(self) -> bool:
        """Whether the host resolves it."""
        return self.state == "known"


class ImportGroup(Fact):
    """The imports from one module name, in the order of the file."""

    module: str
    known: bool  # whether the host has a module of that name
    canonical: str | None  # the name that stands for the same table, where it is another
    imports: tuple[JudgedImport, ...]
    nearest: str | None = None  # the host's module name that is nearest to an unknown one

    @property
    def ok(self) -> bool:
        """Whether the host resolves all of them."""
        return all(judged.ok for judged in self.imports)


def type_code(type_: FuncType) -> str:
    """A function type as wazero prints it: types run together, `_` before the results, `v` for none."""
    return ("".join(type_.params) or "v") + "_" + ("".join(type_.results) or "v")


def judge_imports(module: Module, contract: Contract) -> tuple[ImportGroup, ...]:
    """Every import judged, grouped by module name in the order of their first appearance."""
    by_module: dict[str, list[Import]] = {}
    for entry in module.imports:
        by_module.setdefault(entry.module, []).append(entry)
    return tuple(_group(name, entries, contract) for name, entries in by_module.items())


def _group(name: str, entries: list[Import], contract: Contract) -> ImportGroup:
    table = contract.module(name)
    if table is None:
        judged = tuple(_from_nowhere(entry, contract) for entry in entries)
        return ImportGroup(name, False, None, judged, nearest(name, contract.module_names))
    canonical = table.names[0] if table.names[0] != name else None
    offered = {key: function for key, function in table.functions.items() if contract.offers(function)}
    names = tuple(offered)
    judged = tuple(_judge(entry, table, offered, contract) for entry in entries)
    near = {one.name: nearest(one.name, names) for one in judged[:MAX_NEAREST] if one.state == "unknown"}
    named = tuple(one._replace(nearest=near[one.name]) if near.get(one.name) else one for one in judged)
    return ImportGroup(name, True, canonical, named)


def guest_code(entry: Import) -> str:
    """The type of an import as the module gives it: a function's code, the kind of anything else, `?` if unknown."""
    if entry.kind != "func":
        return entry.kind
    return type_code(entry.type) if isinstance(entry.type, FuncType) else "?"


def _from_nowhere(entry: Import, contract: Contract) -> JudgedImport:
    refusal = contract.say("unknown_module", module=printable(entry.module, MAX_NAME))
    return JudgedImport(entry.name, "wrong-module", guest_code(entry), None, refusal=refusal)


def _judge(entry: Import, table: HostModule, offered: dict[str, HostFunction], contract: Contract) -> JudgedImport:
    function = offered.get(entry.name)
    if function is None:
        return _unknown(entry, table, contract)
    guest, host = guest_code(entry), type_code(function.type)
    state: ImportState = "known" if guest == host else "wrong-type" if entry.kind == "func" else "not-a-function"
    refusal = ""
    if state == "not-a-function":
        refusal = contract.say("not_function", module=entry.module, name=entry.name, kind=entry.kind)
    elif state != "known":
        refusal = contract.say("signature", module=entry.module, name=entry.name, guest=guest, host=host)
    return JudgedImport(
        entry.name,
        state,
        guest,
        host,
        function.does,
        function.returns_bytes,
        prefer=function.prefer,
        why=function.why,
        since=function.since,
        refusal=refusal,
        function=function,
    )


def _unknown(entry: Import, table: HostModule, contract: Contract) -> JudgedImport:
    newer = table.functions.get(entry.name)
    name = printable(quoted(entry.name)[1:-1], MAX_NAME)  # the words have the quotes
    module = printable(entry.module, MAX_NAME)
    return JudgedImport(
        entry.name,
        "unknown" if entry.kind == "func" else "not-a-function",
        guest_code(entry),
        None,
        does=newer.does if newer else "",
        since=newer.since if newer else None,
        refusal=contract.say("unknown_function", module=module, name=name),
    )


def nearest(name: str, names: tuple[str, ...]) -> str | None:
    """The known name that is nearest to an unknown one, or None where nothing is near."""
    if not name or len(name) > MAX_NAME:
        return None
    folded = name.lower().replace("-", "_").replace(".", "_")
    flat = {known.replace("_", ""): known for known in names}
    exact = flat.get(folded.replace("_", ""))
    if exact is not None:
        return exact
    from difflib import get_close_matches  # 10 ms of start-up, for modules with an unknown import only

    # 0.72: `db_querry` and `cache_put` find a neighbour, `storage_put` does not claim to be `storage_fetch_cap_mint`.
    return next(iter(get_close_matches(folded, names, n=1, cutoff=0.72)), None)
