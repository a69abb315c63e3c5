"""The reader: names first, what they hold afterwards, what is looked at before the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from tui.app.reading import Reader
from tui.app.store import Change, Store
from tui.app.survey import SurveyTerms
from tui.gateway.contract import load_contract


def workspace(folder: Path, count: int) -> Path:
    for number in range(count):
        directory = folder / f"function{number:03}"
        directory.mkdir()
        (directory / "function.yaml").write_text(f"name: function{number}\nmemory: 64\n")
    return folder


async def until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not fact():
            await asyncio.sleep(0.005)


def reader() -> Reader:
    contract = load_contract(None)
    return Reader(Store(), lambda: SurveyTerms(contract))


def test_nothing_is_read_before_the_names_are_on_screen(tmp_path: Path) -> None:
    async def read() -> None:
        ours = reader()
        ours.find(workspace(tmp_path, 30))
        await until(lambda: not ours.searching)
        await asyncio.sleep(0.05)  # a reader that does not wait would have read some by now
        assert (ours.store.counts["loading"], ours.pending) == (30, 30)
        ours.begin()
        await until(lambda: not ours.store.counts["loading"])
        assert ours.store.counts["absent"] == 30
        ours.close()

    asyncio.run(read())


def test_a_search_goes_on_where_the_first_glance_ended(tmp_path: Path) -> None:
    async def search() -> None:
        ours = reader()
        changes: list[Change] = []
        ours.store.listen(changes.append)
        workspace(tmp_path, 40)
        ours.glance(tmp_path, 0)
        assert len(ours.store) < 40
        ours.glance(tmp_path, 30)
        assert len(ours.store) == 40
        seen = dict.fromkeys(ours.store.paths)
        ours.find(tmp_path)
        await until(lambda: not ours.searching)
        assert all(ours.store.function(path) is not None for path in seen)
        assert [len(change.paths) for change in changes] == [40]  # told of nothing twice
        ours.close()

    asyncio.run(search())


def test_what_is_looked_at_is_read_first(tmp_path: Path) -> None:
    async def read() -> None:
        ours = reader()
        order: list[str] = []
        ours.store.listen(lambda change: order.extend(path for path in change.paths if not change.membership))
        ours.find(workspace(tmp_path, 200))
        await until(lambda: not ours.searching)
        ours.prefer(["function150"])
        ours.begin()
        await until(lambda: bool(order))
        assert order[0] == "function150" or ours.store.state("function150") == "absent"
        await until(lambda: not ours.store.counts["loading"])
        ours.close()

    asyncio.run(read())


def test_functions_that_are_gone_leave_at_the_end_of_a_search(tmp_path: Path) -> None:
    async def search() -> None:
        ours = reader()
        ours.find(workspace(tmp_path, 3))
        await until(lambda: not ours.searching)
        (tmp_path / "function001/function.yaml").unlink()
        ours.find(tmp_path)
        await until(lambda: not ours.searching)
        assert ours.store.paths == ["function000", "function002"]
        ours.close()

    asyncio.run(search())
