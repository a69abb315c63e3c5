"""Full validation of the module that is looked at, in a process of its own, where the extra is installed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.app.desk.record import FunctionRecord
    from tui.app.desk.store import Store
    from tui.building.record.validations import Validations
    from tui.wasm.module import Module
    from tui.wasm.validate import Validation

PAUSE: Final = 0.4  # seconds that a function is looked at before its module is validated


class Validator:
    """One validation at a time: that of the function that is looked at."""

    def __init__(
        self, store: Store, validations: Validations | None = None, again: Callable[[str], None] = lambda _: None
    ) -> None:
        """`validations` remembers what was found out; `again` is told which function is to be judged anew."""
        self.store = store
        self.validations = validations
        self.again = again
        self.task: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._module: Module | None = None
        self._done: dict[str, Module] = {}

    def opened(self, record: FunctionRecord | None) -> None:
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
        from tui.wasm.background import WorkerError
        from tui.wasm.decode.read import read_bytes

        await asyncio.sleep(PAUSE)
        try:
            source = await asyncio.to_thread(read_bytes, record.wasm)
            verdict, is_news = await self._verdict(source)
        except (OSError, WorkerError):
            return  # the file went away, or the worker died: what the decoder said still stands
        self._done[record.path] = module
        self._module = None
        now = self.store.get(record.path)
        if now is not None and now.module is module:
            self.store.change(record.path, validation=verdict)
            if verdict is not None and (is_news or now.unvalidated is not None):  # else it was judged with that
                self.again(record.path)

    async def _verdict(self, source: bytes) -> tuple[Validation | None, bool]:
        """What is known of these bytes from before, else what the validator says now, which is remembered; whether it
        was not known.
        """
        from tui.wasm.background import validate_in_background

        if self.validations is None:
            return await validate_in_background(source), True
        known = await asyncio.to_thread(self.validations.known, source)
        if known is not None:
            return known, False
        found = await validate_in_background(source)
        await asyncio.to_thread(self.validations.note, source, found)
        return found, True
