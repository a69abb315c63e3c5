"""The tree of functions by its keys: folding, order, filter, marks, and what is remembered of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import BROKEN_SOURCE, add_function
from tests.flows.stage import Stage, opened
from tests.small import COMMAND, assembled
from tui.app.shell import main_screen
from tui.settings.state import State, load_state


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Six functions in folders: one is refused, one does not compile, one was never built."""
    root = tmp_path / "acme"
    for name in ("billing/invoice", "billing/refund", "catalog/search", "catalog/stock"):
        add_function(root / "services", name, "name: fn\n", ECHO_SOURCE, assembled(COMMAND))
    add_function(root, "services/billing/ledger", "name: fn\nmemory: lots\n", BROKEN_SOURCE)
    add_function(root, "hello", "name: hello\n", ECHO_SOURCE)
    return root


def rows(stage: Stage) -> list[str]:
    return [row.key for row in stage.app.main.boxes.functions.listing.rows]


def cursor(stage: Stage) -> str | None:
    return stage.app.main.boxes.functions.listing.key


async def test_folders_fold_sum_up_and_say_what_they_hold(shop: Path) -> None:
    async with opened(shop) as stage:
        await stage.shows("▾ services", "▾ billing", "3 ✗1", "by path")
        assert cursor(stage) == "hello"
        await stage.press("G", "h")
        assert cursor(stage) == "services/catalog/"
        await stage.shows("a folder with 2 functions: b builds them, enter folds it")
        await stage.press("enter")
        await stage.shows("▸ catalog")
        assert rows(stage)[-1] == "services/catalog/"
        await stage.press("l", "l")
        assert cursor(stage) == "services/catalog/search"
        await stage.press("Z")
        assert rows(stage) == ["hello", "services/"]
        await stage.press("Z", "grave_accent")
        await stage.shows("by path, flat", "services/billing/invoice")
        assert "services/" not in rows(stage)


async def test_order_and_folds_are_there_again_after_a_restart(shop: Path) -> None:
    async with opened(shop, remember=True) as stage:
        await stage.press("o")
        await stage.shows("by state")
        assert rows(stage)[:3] == ["services/", "services/billing/", "services/billing/ledger"]
        assert cursor(stage) == "hello"
        await stage.press("g", "l", "enter")
        assert cursor(stage) == "services/billing/"
    async with opened(shop, remember=True, state=load_state()[0]) as stage:
        await stage.shows("by state", "▸ billing")
        assert cursor(stage) == "services/billing/"


async def test_one_is_where_one_was_however_fast_the_names_come(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_screen, "FRAME", 3600)  # seconds: the search ends before the next frame
    state = State().with_last(shop, "services/billing/ledger")
    async with opened(shop, state=state) as stage:
        assert cursor(stage) == "services/billing/ledger"


async def test_the_filter_finds_letters_and_states_and_says_how_many(shop: Path) -> None:
    async with opened(shop) as stage:
        await stage.press("slash", *"rfnd")
        await stage.shows("1 of 6")
        assert rows(stage) == ["services/billing/refund"]
        await stage.press("escape", "slash", *"refused")
        await stage.shows("1 of 6", "services/billing/ledger")
        await stage.press("escape", "slash", *"command bill")
        await stage.shows("2 of 6")
        await stage.press("enter", "h", "asterisk")
        await stage.shows("2 of 6 · ◆ 2")
        await stage.press("escape")
        assert len(stage.app.bench.store.marked) == 2
        await stage.press("escape")
        assert stage.app.bench.store.marked == []


async def test_a_range_and_a_folder_are_marked_and_the_header_narrows(shop: Path) -> None:
    async with opened(shop) as stage:
        await stage.press("G", "V", "k")
        await stage.shows("2 marked…")
        await stage.press("V", "h", "space")
        assert stage.app.bench.store.marked == []  # all of the folder were: their marks go
        line = stage.text.split("\n", maxsplit=1)[0]
        await stage.pilot.click("Header", offset=(line.index("✗ 1"), 0))
        await stage.shows("1 of 6", "/ refused")
        await stage.pilot.click("Header", offset=(line.index("6 functions"), 0))
        await stage.until(lambda: len(rows(stage)) == 9, "all rows again")


async def test_a_folder_is_built_and_a_row_never_says_less_than_is_known(shop: Path) -> None:
    async with opened(shop) as stage:
        seen: list[str] = []
        store = stage.app.bench.store
        store.listen(lambda _: seen.append(store.state("hello")))
        await stage.press("b")
        await stage.until(lambda: store.state("hello") == "ready", "hello is ready")
        assert [state for state, before in zip(seen, ["", *seen], strict=False) if state != before] in (
            ["queued", "building", "ready"],
            ["building", "ready"],
        )
        await stage.shows("built hello in")
        await stage.press("slash", *"catalog", "enter", "g", "b")
        await stage.until(lambda: stage.app.bench.builds.progress is None, "all are built")
        assert {store[path].last is not None for path in ("services/catalog/search", "services/catalog/stock")} == {
            True
        }
        assert store["services/billing/refund"].last is None
