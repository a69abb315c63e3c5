"""The host's functions by module and name, out of a contract's file, and no more of it: reading a whole contract with
all its checks costs as much as a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import tui.gateway.contract
from tui.wasm.module import FuncType

SHIPPED: Final = Path(tui.gateway.contract.__file__).parent / "orama.json"
HostTable = Mapping[str, Mapping[str, FuncType]]


def host_table(path: Path = SHIPPED) -> HostTable:
    """Function types by module name and function name, names of the same table alike. The file must be a contract's."""
    contract: dict[str, Any] = json.loads(path.read_bytes())
    found: dict[str, Mapping[str, FuncType]] = {}
    for module in contract["modules"]:
        functions = {name: _type(function) for name, function in module["functions"].items()}
        found |= dict.fromkeys(module["names"], functions)
    return found


def _type(function: Mapping[str, Any]) -> FuncType:
    return FuncType(tuple(function.get("params", ())), tuple(function.get("results", ())))
