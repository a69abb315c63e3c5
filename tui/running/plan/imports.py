"""Whether the gateway resolves a module's imports, in its engine's words. It does so at every instantiation."""

from __future__ import annotations

from tui.running.plan.outline import Outline
from tui.running.plan.table import HostTable
from tui.wasm.module import FuncType, Import

_KINDS = {"func": "func", "global": "global", "memory": "memory", "table": "table"}


def refused_import(outline: Outline, host: HostTable) -> str | None:
    """The words for the first import that does not resolve, modules in the order of their first import; else None.

    Where several are wrong the engine names any one of them: it walks a map.
    """
    by_module: dict[str, list[Import]] = {}
    for one in outline.imports:
        by_module.setdefault(one.module, []).append(one)
    words = (_refusal(one, host) for imports in by_module.values() for one in imports)
    return next((one for one in words if one is not None), None)


def _refusal(one: Import, host: HostTable) -> str | None:
    table = host.get(one.module)
    if table is None:
        return f"module[{one.module}] not instantiated"
    type_ = table.get(one.name)
    if type_ is None:
        return f"{go_quoted(one.name)} is not exported in module {go_quoted(one.module)}"
    if one.kind != "func":
        return f"export {go_quoted(one.name)} in module {go_quoted(one.module)} is a func, not a {_KINDS[one.kind]}"
    guest = one.type if isinstance(one.type, FuncType) else FuncType()
    if guest == type_:
        return None
    codes = f"{_code(guest)} != {_code(type_)}"
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


def host_type_index(one: Import, host: HostTable) -> int:
    """The index of a host function's type among the different types of its module, in the module's own order.

    The gateway's engine stumbles over it where a module exports a host function as one of its own.
    """
    table = host.get(one.module, {})
    types = list(dict.fromkeys(table.values()))
    return types.index(table[one.name]) if one.name in table else 0


def _code(type_: FuncType) -> str:
    """A function type as the engine prints it: types run together, `_` before the results, `v` for none."""
    return ("".join(type_.params) or "v") + "_" + ("".join(type_.results) or "v")
