"""The host's contract, read from a data file. CONTRACT.md beside this file describes the format and shows another host.

The contract of the Orama gateway is shipped as `orama.json`. Nothing that a check compares with is written in code:
modules, functions and types, export kinds, limits, config rules and the host's words all come from the file.
"""

from __future__ import annotations

import json
from _blake2 import blake2b
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.gateway.contract.contract import (
    Allocator,
    ConfigNeed,
    ConfigRule,
    Contract,
    ContractError,
    HostFunction,
    HostModule,
    Kind,
    KindStep,
    NoEffect,
    Runtime,
)
from tui.gateway.contract.fields import Fields
from tui.gateway.engine.engines import ENGINES
from tui.reading import read_whole

if TYPE_CHECKING:
    from tui.wasm.mode import ExportMode

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).with_name("orama.json")
MAX_BYTES: Final = 4_000_000  # a contract is text that people write; more is a wrong file

_WHY: Final = frozenset({"why"})
# situation -> (the words where the contract gives none, the places that they may hold)
_WORDS: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "unknown_module": ("the host has no module {module}", frozenset({"module"})),
    "unknown_function": ("the host has no function {name} in module {module}", frozenset({"module", "name"})),
    "signature": (
        "{module}.{name} has another type: {guest} != {host}",
        frozenset({"module", "name", "guest", "host"}),
    ),
    "not_function": (
        "{module}.{name} is a function, not a {kind}",
        frozenset({"module", "name", "kind"}),
    ),
    "memory_limit": ("the module needs {needs} MB and may have {limit} MB", frozenset({"name", "needs", "limit"})),
    "hidden_memory": ("the module needs {needs} MB and may have {limit} MB", frozenset({"bytes", "needs", "limit"})),
    "load": ("{why}", _WHY),
    "invalid_module": ("the module is invalid: {why}", frozenset({"why"})),
    "stale": ("the old module runs", frozenset()),
    "refused": ("refused at deploy", frozenset()),
}
_MODES: Final[dict[str, ExportMode]] = {"command": "command", "reactor": "reactor", "library": "library"}


def load_contract(path: Path | None = None) -> Contract:
    """The contract in a file, or the shipped one of the Orama gateway. Raises ContractError."""
    return _load(SHIPPED) if path is None else _load.__wrapped__(path)


@lru_cache(maxsize=1)
def _load(path: Path) -> Contract:
    try:
        content = read_whole(path, MAX_BYTES)
    except OSError as error:
        raise ContractError(str(path), "", error.strerror or str(error), "give the path of a contract file") from error
    return read_contract(content, str(path))


def contract_id(file: Path | None) -> str:
    """What tells a contract from others: "" for the shipped one, else the digest of what it says."""
    if file is None:
        return ""
    try:
        return blake2b(read_whole(file, MAX_BYTES), digest_size=16).hexdigest()
    except OSError:
        return "cannot be read"


def read_contract(content: bytes, source: str) -> Contract:
    """The contract that JSON text holds. `source` names the file in errors. Raises ContractError."""
    try:
        parsed = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise ContractError(source, where, f"not JSON: {error.msg}", "correct the line") from error
    except UnicodeDecodeError as error:
        raise ContractError(source, f"byte {error.start}", "not UTF-8", "save the file as UTF-8") from error
    except RecursionError as error:
        raise ContractError(source, "", "nested too deep", "write the fields that CONTRACT.md describes") from error
    except ValueError as error:
        raise ContractError(source, "", str(error), "correct the file") from error
    if not isinstance(parsed, dict):
        raise ContractError(source, "", "not a JSON object", "start the file with {")
    return _contract(Fields(source, "", parsed))


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'the key "{twice}" is given twice in one object')
    return content


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")


def _contract(top: Fields) -> Contract:
    top.only("format", "host", "version", "runtime", "allocator", "config", "words", "kinds", "modules")
    if top.number("format") != FORMAT:
        top.fail("format", f"{top.content.get('format')!r:.40} is not a format that is known here", f"write {FORMAT}")
    config = top.object("config")
    config.only("memory_key", "rules", "no_effect")
    modules = tuple(_module(fields) for fields in top.objects("modules"))
    kinds = tuple(_kind(fields) for fields in top.objects("kinds", required=True))
    _consistent_modules(top, modules)
    _consistent_kinds(top, kinds)
    return Contract(
        host=top.text("host"),
        version=top.text("version"),
        runtime=_runtime(top.object("runtime", required=True)),
        modules=modules,
        kinds=kinds,
        allocator=_allocator(top.object("allocator")) if "allocator" in top.content else None,
        rules=tuple(_rule(fields) for fields in config.objects("rules")),
        no_effect=tuple(_no_effect(fields, kinds) for fields in config.objects("no_effect")),
        memory_key=config.optional_text("memory_key"),
        words=_words(top.object("words")),
        source=top.source,
    )


def _words(fields: Fields) -> Mapping[str, str]:
    fields.only(*_WORDS)
    return {name: fields.template(name, default, places) for name, (default, places) in _WORDS.items()}


def _runtime(fields: Fields) -> Runtime:
    fields.only("name", "version", "features", "refusal", "init_seconds", "memory_pages")
    name = fields.text("name")
    known = ENGINES.get(name)
    given = frozenset(fields.texts("features"))
    return Runtime(
        name,
        known.features if known is not None and "features" not in fields.content else given,
        fields.text("refusal", "the module does not compile"),
        fields.number("init_seconds"),
        fields.number("memory_pages"),
        fields.text("version", known.version if known is not None else ""),
    )


def _allocator(fields: Fields) -> Allocator:
    fields.only("names", "params", "results", "without")
    return Allocator(fields.texts("names", required=True), fields.type(), fields.text("without", "the call fails"))


def _module(fields: Fields) -> HostModule:
    fields.only("names", "functions")
    functions = fields.named("functions", _function)
    module = HostModule(fields.texts("names", required=True), functions)
    for name, function in functions.items():
        if function.prefer is not None and function.prefer not in functions:
            fields.fail(f"functions.{name}.prefer", "no such function in this module", "name one that is there")
    return module


def _function(name: str, fields: Fields) -> HostFunction:
    fields.only("params", "results", "does", "returns_bytes", "prefer", "why", "since", "needs", "succeeds_with_one")
    needs = fields.object("needs")
    needs.only("key", "otherwise")
    return HostFunction(
        name,
        fields.type(),
        fields.text("does", ""),
        fields.flag("returns_bytes"),
        fields.optional_text("prefer"),
        fields.text("why", ""),
        fields.optional_text("since"),
        ConfigNeed(needs.text("key"), needs.text("otherwise")) if needs.content else None,
        fields.flag("succeeds_with_one"),
    )


def _kind(fields: Fields) -> Kind:
    fields.only(*Kind._fields)
    mode = fields.text("mode")
    fields.one_of("mode", mode, _MODES)
    return Kind(
        name=fields.text("name"),
        when=fields.optional_text("when"),
        mode=_MODES[mode],
        steps=tuple(_step(step) for step in fields.objects("steps", required=True)),
        about=fields.text("about", ""),
        detect=fields.texts("detect"),
        forbids=fields.texts("forbids"),
        memory=fields.flag("memory"),
        allocator=fields.texts("allocator"),
        enforces_memory=fields.flag("enforces_memory"),
        failure=fields.text("failure", "the call fails"),
        wrong_build=fields.text("wrong_build", "the call fails"),
        any_memory=fields.flag("any_memory"),
        no_memory=fields.text("no_memory", ""),
        no_allocator=fields.text("no_allocator", ""),
        without_allocator=fields.text("without_allocator", ""),
        load=fields.template("load", "", _WHY | {"function"}),
        no_room=fields.text("no_room", ""),
        allocator_fails=fields.template("allocator_fails", "{why}", _WHY),
    )


def _step(fields: Fields) -> KindStep:
    fields.only(*(name for name in KindStep._fields if name != "type"), "params", "results")
    exports, result = fields.texts("exports"), fields.text("result", "")
    fields.one_of("result", result, ("", "needed", "zero"))
    return KindStep(
        fields.text("label"),
        exports,
        fields.type() if exports else None,
        fields.text("does", ""),
        fields.flag("repeats"),
        fields.text("more", ""),
        missing=fields.text("missing", ""),
        fails=fields.template("fails", "{why}", _WHY | {"export", "function"}),
        optional=fields.text("optional", ""),
        unnoticed=fields.text("unnoticed", ""),
        closed=fields.template("closed", "", _WHY | {"export", "function"}),
        exits=fields.flag("exits"),
        rejects=fields.template("rejects", "", frozenset({"value"})),
        unreadable=fields.text("unreadable", ""),
        result=result,
    )


def _rule(fields: Fields) -> ConfigRule:
    fields.only("key", "minimum", "maximum", "one_of", "not_with", "refusal")
    return ConfigRule(
        fields.text("key"),
        fields.number("minimum"),
        fields.number("maximum"),
        fields.texts("one_of") if "one_of" in fields.content else None,
        fields.optional_text("not_with"),
        fields.template("refusal", "", frozenset({"value"})),
    )


def _no_effect(fields: Fields, kinds: tuple[Kind, ...]) -> NoEffect:
    fields.only("key", "why", "kinds", "harmless")
    rule = NoEffect(fields.text("key"), fields.text("why"), fields.texts("kinds"), fields.flag("harmless"))
    for name in rule.kinds:
        fields.one_of("kinds", name, (kind.name for kind in kinds))
    return rule


def _consistent_modules(top: Fields, modules: tuple[HostModule, ...]) -> None:
    names = [name for module in modules for name in module.names]
    for name in names:
        if names.count(name) > 1:
            top.fail("modules", f'the module name "{name}" is given twice', "keep one")


def _consistent_kinds(top: Fields, kinds: tuple[Kind, ...]) -> None:
    names = [kind.name for kind in kinds]
    for name in names:
        if names.count(name) > 1:
            top.fail("kinds", f'the kind "{name}" is given twice', "keep one")
    if sum(kind.when is None for kind in kinds) != 1:
        top.fail("kinds", "not exactly one kind without `when`", "leave `when` out of the default kind, and only there")
