"""Follows the record of runs: what runs in another terminal shows on screen as what is saved does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app.desk.store import Store


async def follow_runs(store: Store, stop: asyncio.Event, tell: Callable[[list[str]], None]) -> None:
    """Tell of functions that ran here, until `stop` is set. Where no record can be kept there is nothing to follow."""
    from tui.workspace.watch.also import Also
    from tui.workspace.watch.following import watch_folders

    folder = await asyncio.to_thread(_made_folder)
    if folder is None:
        return
    async for batch in watch_folders(Also([folder]), stop):
        touched = await asyncio.to_thread(_touched, store, {path.name for path in batch.paths})
        if touched:
            tell(touched)


def _made_folder() -> Path | None:
    """The folder of the records, made where it is not there yet."""
    from tui.building.record.runs import RUNS
    from tui.files import open_own
    from tui.settings.store.files import default_store

    folder = default_store().path(RUNS, "any").parent
    try:
        os.close(open_own(folder))
    except OSError:
        return None
    return folder


def _touched(store: Store, names: set[str]) -> list[str]:
    """The functions whose records have these names."""
    from tui.settings.store.files import file_name

    found = []
    for path in store.paths:
        record = store.get(path)
        if record is not None and file_name(str(record.function.directory)) in names:
            found.append(path)
    return found
