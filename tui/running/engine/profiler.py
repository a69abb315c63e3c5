"""Where the time of a run goes: the guest's stack looked at a thousand times a second, by wasmtime's own profiler."""

from __future__ import annotations

import ctypes
import json
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any, Final

import wasmtime
from wasmtime import _ffi

from tui.running.engine.native import plain_function

INTERVAL: Final = 0.001  # seconds between two looks
MOST_SAMPLES: Final = 120_000
Stacks = Counter[tuple[str, ...]]  # functions outermost first -> how many looks found them

_P: Final = ctypes.c_void_p
_CONTINUE: Final = 0
_Callback: Final = ctypes.CFUNCTYPE(
    ctypes.c_size_t, _P, _P, ctypes.POINTER(ctypes.c_uint64), ctypes.POINTER(ctypes.c_uint8)
)
_new: Final = plain_function("wasmtime_guestprofiler_new", _P, _P, _P, ctypes.c_uint64, _P, ctypes.c_size_t)
_sample: Final = plain_function("wasmtime_guestprofiler_sample", None, _P, _P, ctypes.c_uint64)
_finish: Final = plain_function("wasmtime_guestprofiler_finish", _P, _P, _P)
_on_epoch: Final = plain_function("wasmtime_store_epoch_deadline_callback", None, _P, _Callback, _P, _P)


class Profiler:
    """Looks at one store's stack until `stop`, at each tick of the epochs. It has to live as long as the store."""

    def __init__(
        self, engine: wasmtime.Engine, store: wasmtime.Store, module: wasmtime.Module, too_late: Callable[[], bool]
    ) -> None:
        self._engine = engine
        self._store = ctypes.cast(store.ptr(), _P)
        self._too_late = too_late  # asked at each tick; true where the guest has to end
        self._samples = 0
        self._last = monotonic()
        self._running = True
        name = _name(b"module")
        modules = (_ffi.wasmtime_guestprofiler_modules_t * 1)()
        modules[0].name, modules[0].mod = ctypes.pointer(name), module.ptr()
        self._profiler = _new(engine.ptr(), ctypes.byref(name), int(INTERVAL * 1e9), modules, 1)
        self._callback = _Callback(self._look)  # kept: C calls it
        _on_epoch(self._store, self._callback, None, None)
        self._ticker = threading.Thread(target=self._tick, name="profiler", daemon=True)
        self._ticker.start()

    def _tick(self) -> None:
        while self._running:
            sleep(INTERVAL)
            self._engine.increment_epoch()

    def _look(self, _context: object, _data: object, delta: Any, kind: Any) -> int:
        """At a tick: note the stack, and end the guest where its time is over."""
        now = monotonic()
        if self._running and self._samples < MOST_SAMPLES:
            self._samples += 1
            _sample(self._profiler, self._store, int((now - self._last) * 1e9))
        self._last = now
        if self._too_late():
            return _error()
        delta[0], kind[0] = 1, _CONTINUE
        return 0

    def stop(self) -> Stacks:
        """End looking; gives what was seen."""
        self._running = False
        self._ticker.join()
        out = _ffi.wasm_byte_vec_t()
        error = _finish(self._profiler, ctypes.byref(out))
        if error:
            return Counter()
        try:
            return _folded(json.loads(bytes(_ffi.to_bytes(out))))
        finally:
            _ffi.wasm_byte_vec_delete(ctypes.byref(out))


def _name(text: bytes) -> Any:
    made = _ffi.wasm_byte_vec_t()
    _ffi.wasm_byte_vec_new(ctypes.byref(made), len(text), (ctypes.c_uint8 * len(text)).from_buffer_copy(text))
    return made


_error_new: Final = plain_function("wasmtime_error_new", _P, ctypes.c_char_p)


def _error() -> int:
    made = _error_new(b"deadline")
    assert isinstance(made, int)  # noqa: S101 -- C gives a pointer
    return made


def _folded(profile: Any) -> Stacks:
    """The stacks of a profile in the Firefox profiler's form: samples name the end of a chain of frames."""
    thread = profile["threads"][0]
    strings = profile.get("shared", thread)["stringArray"]
    stacks, frames, functions = thread["stackTable"], thread["frameTable"]["func"], thread["funcTable"]["name"]
    chains: list[tuple[str, ...]] = []
    for prefix, frame in zip(stacks["prefix"], stacks["frame"], strict=True):
        above = () if prefix is None else chains[prefix]
        chains.append((*above, strings[functions[frames[frame]]]))
    return Counter(chains[index] for index in thread["samples"]["stack"] if index is not None)
