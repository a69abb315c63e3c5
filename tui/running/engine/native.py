"""wasmtime's C functions that take raw 64-bit slots, as the gateway's engine hands values over.

wasmtime-py converts each value by its type and looks the type up at every call (some 50 microseconds); raw slots take
one, and a float parameter receives the bits that it is given, which is what the gateway's engine does.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from typing import Any, Final

import wasmtime
from wasmtime import _ffi

_library: Final = os.stat(_ffi.filename)  # noqa: PTH116
# Tells one installed wasmtime from another: asking the package's metadata costs more than a run.
VERSION: Final = f"{_library.st_size:x}-{_library.st_mtime_ns:x}"
SLOTS: Final = 64  # 64-bit words of an argument buffer: two a value
MASK32: Final = 0xFFFF_FFFF

# (env, caller, slots, count of slots) -> a trap, or nothing. Each value takes two words of the slots.
HostCallback: Final = ctypes.CFUNCTYPE(
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint64), ctypes.c_size_t
)
_dll: Final[Any] = _ffi.dll


def plain_function(name: str, result: Any, *arguments: Any) -> Any:
    """A C function of its own object: the types set here do not touch wasmtime-py's."""
    found = _dll[name]  # unlike attribute access, gives a new object each time
    found.restype = result
    found.argtypes = arguments
    return found


_P, _SIZE = ctypes.c_void_p, ctypes.c_size_t
call_unchecked: Final = plain_function("wasmtime_func_call_unchecked", _P, _P, _P, _P, _SIZE, _P)
_new_unchecked: Final = plain_function("wasmtime_func_new_unchecked", None, _P, _P, HostCallback, _P, _P, _P)
memory_data: Final = plain_function("wasmtime_memory_data", _P, _P, _P)
memory_size: Final = plain_function("wasmtime_memory_data_size", _SIZE, _P, _P)
set_epoch_deadline: Final = plain_function("wasmtime_context_set_epoch_deadline", None, _P, ctypes.c_uint64)
_trap_new: Final = plain_function("wasmtime_trap_new_code", _P, ctypes.c_uint8)

_async_stack: Final = plain_function("wasmtime_config_async_stack_size_set", None, _P, ctypes.c_uint64)


def allow_stack(config: wasmtime.Config, size: int) -> None:
    """Let guests use that much stack; wasmtime wants to be told of a second one, which nothing here uses."""
    _async_stack(config.ptr(), size)
    config.max_wasm_stack = size


_TYPES: Final[dict[str, Callable[[], wasmtime.ValType]]] = {
    "i32": wasmtime.ValType.i32,
    "i64": wasmtime.ValType.i64,
}


def context_of(store: wasmtime.Store) -> int:
    """The address that C calls know a store by. Good as long as the store lives."""
    return ctypes.cast(store._context(), _P).value or 0


def host_function(
    context: int, params: tuple[str, ...], results: tuple[str, ...], callback: Any
) -> tuple[wasmtime.Func, object]:
    """A host function for one store, and what has to be kept alive as long as that lives."""
    type_ = wasmtime.FuncType([_TYPES[one]() for one in params], [_TYPES[one]() for one in results])
    raw = _ffi.wasmtime_func_t()
    _new_unchecked(context, type_.ptr(), callback, None, None, ctypes.byref(raw))
    return wasmtime.Func._from_raw(raw), (callback, type_, raw)


def new_trap() -> int:
    """A trap that a host callback returns to unwind the guest. Its code is not shown; one with words has no frames."""
    found = _trap_new(wasmtime.TrapCode.UNREACHABLE.value)
    assert isinstance(found, int)  # noqa: S101 -- C gives a pointer
    return found


def trap_of(pointer: int) -> wasmtime.Trap:
    """The trap behind a pointer; frees it when it is dropped."""
    return wasmtime.Trap._from_ptr(ctypes.cast(pointer, ctypes.POINTER(_ffi.wasm_trap_t)))


def error_words(pointer: int) -> str:
    """The words of an error behind a pointer."""
    return str(wasmtime.WasmtimeError._from_ptr(ctypes.cast(pointer, ctypes.POINTER(_ffi.wasmtime_error_t))))
