"""Whether the gateway resolves a module's imports, in its engine's words. It does so at every instantiation."""

from __future__ import annotations

from tui.gateway.checks.imports import type_code
from tui.gateway.contract.model import Contract
from tui.wasm.model import FuncType, Import, Module

_KINDS = {"func": "func", "global": "global", "memory": "memory", "table": "table"}


def refused_import(module: Module, contract: Contract) -> str | None:
    """The words for the first import that does not resolve, modules in the order of their first import; else None.

    Where several are wrong the engine names any one of them: it walks a map.
    """
    by_module: dict[str, list[Import]] = {}
    for one in module.imports:
        by_module.setdefault(one.module, []).append(one)
    words = (_refusal(one, contract) for imports in by_module.values() for one in imports)
    return next((one for one in words if one is not None), None)


def _refusal(one: Import, contract: Contract) -> str | None:
    table = contract.module(one.module)
    if table is None:
        return f"module[{one.module}] not instantiated"
    function = table.functions.get(one.name)
    if function is None:
        return f"{go_quoted(one.name)} is not exported in module {go_quoted(one.module)}"
    if one.kind != "func":
        return f"export {go_quoted(one.name)} in module {go_quoted(one.module)} is a func, not a {_KINDS[one.kind]}"
    guest = one.type if isinstance(one.type, FuncType) else FuncType()
    if guest == function.type:
        return None
    codes = f"{type_code(guest)} != {type_code(function.type)}"
    return f"import func[{one.module}.{one.name}]: signature mismatch: {codes}"


def go_quoted(text: str) -> str:
    """A string as Go's %q writes it."""
    return '"' + "".join(_go_character(one) for one in text) + '"'


_SHORT = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def _go_character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if character.isprintable():
        return character
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def host_type_index(one: Import, contract: Contract) -> int:
    """The index of a host function's type among the different types of its module, in the module's own order.

    The gateway's engine stumbles over it where a module exports a host function as one of its own.
    """
    table = contract.module(one.module)
    types = list(dict.fromkeys(function.type for function in table.functions.values())) if table is not None else []
    function = table.functions.get(one.name) if table is not None else None
    return types.index(function.type) if function is not None else 0
