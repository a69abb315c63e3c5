"""Records and modules made by hand for tests of the panes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.app.desk.record import FunctionRecord
from tui.building.inputs.freshness import Staleness
from tui.gateway.contract.reading import load_contract
from tui.gateway.life.life import life
from tui.wasm.module import Export, FuncType, Import, Limits, MemoryType, Module, Section
from tui.workspace.function import ConfigReading, Function, FunctionConfig

if TYPE_CHECKING:
    from tui.wasm.mode import ExportMode

VOID = FuncType()
PAIR = ("i32", "i32")
WS = {
    "ws_open": FuncType(PAIR, ("i32",)),
    "ws_frame": FuncType(PAIR, ("i32",)),
    "ws_close": FuncType(PAIR, ()),
    "orama_alloc": FuncType(("i32",), ("i32",)),
}
CONTRACT = load_contract()
HOSTILE = (
    "[/x][red]",
    "\x1b[2J\x1b]0;title\x07",
    "a\u202eb\u200b\u200d\u2066",
    "漢字かな" * 40,
    "👩‍👩‍👧🏳️‍🌈" * 9,
    "\udc80\udfff",
    "\n\r\t\0",
    "x" * 100_000,
    "",
)
UNSAFE = frozenset("\x1b\x07\x00\r\t\u202e\u200b\u200d\u2066\udc80\udfff")


def make_module(mode: ExportMode, exports: dict[str, FuncType], *imports: Import, **fields: Any) -> Module:
    """A module with these functions exported, and a memory."""
    entries = [Export(name, "func", index, type_) for index, (name, type_) in enumerate(exports.items())]
    memory = MemoryType(Limits(2, 16))
    defaults: dict[str, Any] = {
        "size": 118_204,
        "sections": (Section(1, "type", 8, 2, 40, 6), Section(10, "code", 60, 4, 90_000, 120)),
        "memories": (memory,),
        "toolchain": "TinyGo 0.35.0",
    }
    return Module(
        kind="core",
        mode=mode,
        exports=(*entries, Export("memory", "memory", 0, memory)),
        imports=imports,
        **(defaults | fields),
    )


PROC_EXIT = Import("wasi_snapshot_preview1", "proc_exit", "func", FuncType(("i32",)))
PERSISTENT_AS_COMMAND = make_module("command", {"_start": VOID, **WS}, PROC_EXIT)
PERSISTENT = make_module("reactor", {"_initialize": VOID, **WS})
COMMAND = make_module("command", {"_start": VOID}, PROC_EXIT)


def make_record(
    module: Module | None = None,
    config: FunctionConfig | None = None,
    *,
    path: str = "chat",
    directory: Path = Path("/w/chat"),
    **fields: Any,
) -> FunctionRecord:
    """What the store would know of a function with that config and module."""
    config = config or FunctionConfig(path)
    record = FunctionRecord(
        Function(path, directory, has_yaml=True, has_go=True),
        reading=ConfigReading(config, None),
        module=module,
        modified=None if module is None else 1_700_000_000.0,
        life=life(config, module, CONTRACT),
        staleness=Staleness("absent" if module is None else "fresh"),
    )
    return replace(record, **fields)
