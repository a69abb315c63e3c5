"""What is served under which name, and which module answers for it now."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tui.building.record.runs import Stamp, stamp_of
from tui.running.answer import DrivenAs, Target
from tui.running.gather import WASM, target_of
from tui.running.local.events import FunctionState, Offer, Serving
from tui.running.local.pool.nursery import Nursery
from tui.running.local.pool.pool import Pool
from tui.text import first_line
from tui.wasm.decode.read import read_bytes
from tui.workspace.config import read_config
from tui.workspace.function import FunctionConfig

SHOWN_DIGITS: Final = 12  # of a module's hash


@dataclass(frozen=True, slots=True)
class Build:
    """One module as it is served."""

    digest: str
    target: Target
    pool: Pool


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What lies in a function's directory now."""

    offer: Offer
    wasm: bytes | None
    digest: str = ""
    fault: str = ""  # why a module that is there is not read
    stamp: Stamp | None = None  # of the module's file


class Entry:
    """One function: its module of now, and whether a build is under way."""

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.build: Build | None = None
        self.stamp: Stamp | None = None  # of the file that its module was read from, while that is there
        self.building = True  # the first build, or the look that finds it needless, is still to come
        self.failure = ""  # the first error of the last build, where it failed
        self.called = False  # by anybody, ever
        self.warmed: Build | None = None  # what was loaded ahead of calls
        self._settled = asyncio.Event()

    @property
    def name(self) -> str:
        """The name under which it is served."""
        return self.offer.config.name

    def began(self) -> None:
        """A build is under way, or about to be."""
        self.building = True
        self._settled.clear()

    def ended(self, failure: str) -> None:
        """A build is over; `failure` says why it failed, "" where it did not."""
        self.building = False
        self.failure = failure
        self._settled.set()

    async def settled(self, seconds: float) -> bool:
        """Wait for the build under way, if there is one; False where it took longer."""
        try:
            async with asyncio.timeout(seconds):
                await self._settled.wait()
        except TimeoutError:
            return False
        return True

    @property
    def error(self) -> str:
        """Why it is not as it should be."""
        return self.offer.error or self.failure


class Shelf:
    """All functions of a workspace. Two of one name are both told, and neither is served."""

    def __init__(self, workspace: Path, nursery: Nursery) -> None:
        self._workspace = workspace
        self._nursery = nursery
        self._entries: dict[Path, Entry] = {}
        self._by_name: dict[str, list[Entry]] = {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All functions, sorted by directory."""
        return tuple(self._entries[path] for path in sorted(self._entries))

    def at(self, directory: Path) -> Entry | None:
        """The function in a directory."""
        return self._entries.get(directory)

    def find(self, name: str) -> Entry | None:
        """The function that is served under a name; a version behind @ is passed over, for there is one only."""
        found = self._by_name.get(name) or self._by_name.get(name.partition("@")[0], [])
        return found[0] if len(found) == 1 else None

    def twins(self, name: str) -> tuple[str, ...]:
        """The directories of functions that share a name; none where it is one function's."""
        found = self._by_name.get(name, [])
        return tuple(self.shown(one.offer.directory) for one in found) if len(found) > 1 else ()

    def put(self, found: OnDisk) -> Entry:
        """What was found in a directory is served from now on. A module that is gone is served on."""
        directory = found.offer.directory
        entry = self._entries.get(directory)
        if entry is None:
            entry = self._entries[directory] = Entry(found.offer)
        elif found.offer.error:
            entry.offer = replace(entry.offer, error=found.offer.error)
        else:
            entry.offer = found.offer
        if not found.offer.error:
            self._serve(entry, found)
        is_served = entry.build is not None and found.digest == entry.build.digest
        entry.stamp = found.stamp if is_served else None
        self._sort()
        return entry

    def _serve(self, entry: Entry, found: OnDisk) -> None:
        before = entry.build
        wasm, digest = found.wasm, found.digest
        if wasm is None:
            if before is None:
                return
            wasm, digest = before.target.wasm, before.digest
        target = target_of(entry.offer.config, wasm)
        if before is not None and before.target == target:
            return
        entry.build = Build(digest, target, Pool(self._nursery, target))
        if before is not None:
            before.pool.retire()

    def drop(self, directory: Path) -> None:
        """A function is gone."""
        entry = self._entries.pop(directory, None)
        if entry is not None and entry.build is not None:
            entry.build.pool.retire()
        self._sort()

    def _sort(self) -> None:
        self._by_name = {}
        for entry in self.entries:
            self._by_name.setdefault(entry.name, []).append(entry)

    def sweep(self) -> None:
        """Let processes go that nobody has needed for a while."""
        for entry in self._entries.values():
            if entry.build is not None:
                entry.build.pool.sweep()

    def shown(self, directory: Path) -> str:
        """A directory as a person knows it: relative to the workspace."""
        return os.path.relpath(directory, self._workspace)

    def serving(self) -> tuple[Serving, ...]:
        """All functions as they are offered now."""
        return tuple(self.told(entry) for entry in self.entries)

    def told(self, entry: Entry) -> Serving:
        """One function as it is offered now."""
        twins = self.twins(entry.name)
        config, build = entry.offer.config, entry.build
        error = f"{' and '.join(twins)} have one name, {entry.name}: neither is served" if twins else entry.error
        kind: DrivenAs = "persistent" if config.ws_persistent else "reactor" if config.reactor else "command"
        return Serving(
            entry.name,
            self.shown(entry.offer.directory),
            "twice" if twins else _state(entry),
            kind,
            config.public,
            config.internal,
            build.digest[:SHOWN_DIGITS] if build is not None else "",
            len(build.target.wasm) if build is not None else 0,
            first_line(error),
        )


def _state(entry: Entry) -> FunctionState:
    if entry.building:
        return "building"
    if entry.offer.error:
        return "refused"
    return "failed" if entry.failure or entry.build is None else "ready"


def look_at(directory: Path) -> OnDisk:
    """Read what lies in a function's directory; in a thread. Raises nothing for what is there."""
    reading = read_config(directory)
    config = reading.config or FunctionConfig(directory.name)
    error = reading.error.text if reading.error is not None else ""
    stamp = stamp_of(directory / WASM)  # before it is read: a later one is another's
    try:
        wasm = read_bytes(directory / WASM)
    except FileNotFoundError:
        return OnDisk(Offer(directory, config, error), None)
    except OSError as fault:
        return OnDisk(Offer(directory, config, error), None, fault=f"{WASM} is not read: {fault.strerror or fault}")
    return OnDisk(Offer(directory, config, error), wasm, hashlib.sha256(wasm).hexdigest(), stamp=stamp)


def look_at_all(directories: Iterable[Path]) -> list[OnDisk]:
    """The same for several."""
    return [look_at(directory) for directory in directories]
