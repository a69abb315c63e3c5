"""Full validation of the module that is looked at, in a process of its own, where the extra is installed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.app.desk.record import FunctionRecord
    from tui.app.desk.store import Store
    from tui.wasm.model import Module

PAUSE: Final = 0.4  # seconds that a function is looked at before its module is validated


class Validator:
    """One validation at a time: that of the function that is looked at."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.task: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._module: Module | None = None
        self._done: dict[str, Module] = {}

    def look(self, record: FunctionRecord | None) -> None:
        """Validate this function's module, unless that was done or is under way."""
        module = record.module if record is not None else None
        if record is None or module is None or self._done.get(record.path) is module or self._module is module:
            return
        self.stop()
        self._module = module
        self.task = asyncio.get_running_loop().create_task(self._validate(record, module))

    def stop(self) -> None:
        """Give up what is under way; its process ends with it."""
        self._module = None
        if self.task is not None:
            self.task.cancel()
            self._ending.add(self.task)
            self.task.add_done_callback(self._ending.discard)
            self.task = None

    async def close(self) -> None:
        """Give up, and wait until the process is gone."""
        self.stop()
        if self._ending:
            await asyncio.wait(self._ending)
            await asyncio.sleep(0)  # its transport is closed by the loop's next round

    async def _validate(self, record: FunctionRecord, module: Module) -> None:
        from tui.wasm.background import WorkerError, validate_in_background
        from tui.wasm.decode.read import read_bytes

        await asyncio.sleep(PAUSE)
        try:
            source = await asyncio.to_thread(read_bytes, record.wasm)
            verdict = await validate_in_background(source)
        except (OSError, WorkerError):
            return  # the file went away, or the worker died: what the decoder said still stands
        self._done[record.path] = module
        self._module = None
        now = self.store.get(record.path)
        if now is not None and now.module is module:
            self.store.change(record.path, validation=verdict)
