"""The options of canonical functions: which may stand together, and what each asks of the core item that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.cursor import invalid
from tui.wasm.module import FuncType, MemoryType

if TYPE_CHECKING:
    from tui.wasm.decode.component.cursor import Cursor
    from tui.wasm.decode.component.scope import Scope

ENCODINGS: Final = ("utf8", "utf16", "latin1+utf16")
NAMES: Final = (*ENCODINGS, "memory", "realloc", "post-return", "async", "callback", "core-type", "gc")
WITH_INDEX: Final = frozenset({"memory", "realloc", "post-return", "callback", "core-type"})
CALLBACKS: Final = (FuncType(("i32",) * 3, ("i32",)), FuncType(("i32",), ("i32",)))


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one canonical function. `pointer` is the type of addresses in its memory."""

    pointer: str = "i32"
    memory: int | None = None
    realloc: int | None = None
    post_return: int | None = None
    callback: int | None = None
    is_async: bool = False
    gc: bool = False
    core_type: int | None = None

    def need_memory(self, at: int) -> None:
        """Raise Malformed without a memory."""
        if self.memory is None:
            raise invalid(at, "the option memory is missing: something passes through it")

    def need_realloc(self, at: int) -> None:
        """Raise Malformed without a memory and what makes room in it."""
        self.need_memory(at)
        if self.realloc is None:
            raise invalid(at, "the option realloc is missing: something takes room in the memory")

    def refuse(self, at: int, what: str, *names: str) -> None:
        """Raise Malformed where one of these options is there."""
        given = {"post-return": self.post_return is not None, "callback": self.callback is not None}
        given |= {"realloc": self.realloc is not None, "async": self.is_async, "core-type": self.core_type is not None}
        for name in names:
            if given[name]:
                raise invalid(at, f"{what} cannot have the option {name}")


def read_options(cursor: Cursor, scope: Scope) -> Options:
    """The options of a canonical function. Raises Malformed where they do not go together."""
    at = cursor.at
    found: dict[str, int] = {}
    for _ in cursor.each("options"):
        name = NAMES[cursor.one_of("an option (0 to 9)", range(len(NAMES)))]
        kind = "an encoding" if name in ENCODINGS else name
        if kind in found:
            raise invalid(at, f"the option {kind} is there twice")
        found[kind] = cursor.number() if name in WITH_INDEX else 0
    _check_together(found, at)
    made = Options(
        pointer=memory_pointer(scope, found["memory"], at) if "memory" in found else "i32",
        memory=found.get("memory"),
        realloc=found.get("realloc"),
        post_return=found.get("post-return"),
        callback=found.get("callback"),
        is_async="async" in found,
        gc="gc" in found,
        core_type=found.get("core-type"),
    )
    _check_items(scope, made, at)
    return made


def _check_together(found: dict[str, int], at: int) -> None:
    if "callback" in found and "async" not in found:
        raise invalid(at, "a callback without async")
    if "async" in found and "post-return" in found:
        raise invalid(at, "post-return with async")
    if "core-type" in found and "gc" not in found:
        raise invalid(at, "core-type without gc")
    if "realloc" in found and "memory" not in found:
        raise invalid(at, "realloc without a memory")


def _check_items(scope: Scope, options: Options, at: int) -> None:
    if options.realloc is not None:
        own = options.pointer
        wanted = FuncType((own,) * 4, (own,))
        check_core(scope.core_function(options.realloc, at), wanted, f"realloc, core func {options.realloc:,},", at)
    if options.core_type is not None and not isinstance(scope.core_types.at(options.core_type, at), FuncType):
        raise invalid(at, f"core type {options.core_type:,} is not that of a function")


def memory_pointer(scope: Scope, index: int, at: int) -> str:
    """The type of addresses in a memory, which must not be shared. Raises Malformed."""
    found = scope.core["memory"].at(index, at).type
    if isinstance(found, MemoryType) and found.limits.shared:
        raise invalid(at, f"core memory {index:,} is shared")
    return "i64" if isinstance(found, MemoryType) and found.limits.is64 else "i32"


def check_core(declared: FuncType | None, wanted: FuncType, what: str, at: int) -> None:
    """Hold a core function against the type that it must have. Raises Malformed."""
    if declared is not None and declared != wanted:
        raise invalid(at, f"{what} is of type {declared}, it must be {wanted}")


def check_lift(scope: Scope, options: Options, own: FuncType | None, at: int) -> None:
    """What the options of a lifted function ask of other core functions. Raises Malformed."""
    if options.post_return is not None:
        found = scope.core_function(options.post_return, at)
        if own is not None:
            check_core(found, FuncType(own.results), f"post-return, core func {options.post_return:,},", at)
    if options.callback is not None:
        found = scope.core_function(options.callback, at)
        if found is not None and found not in CALLBACKS:
            raise invalid(at, f"callback, core func {options.callback:,}, is of type {found}, not {CALLBACKS[0]}")
    options.refuse(at, "a lifted function", "core-type")
