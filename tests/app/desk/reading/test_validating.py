from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tui.app.desk.reading import validating
from tui.app.desk.reading.validating import Validator
from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Store
from tui.building.record.validations import Validations
from tui.wasm import background
from tui.wasm.decode.decode import decode
from tui.workspace.function import Function

pytest.importorskip("wasmtime")


@pytest.fixture
def store(tmp_path: Path, echo_command: bytes, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(validating, "PAUSE", 0.0)
    store = Store()
    store.find([Function("fn", tmp_path, has_yaml=True, has_go=True)])
    (tmp_path / "function.wasm").write_bytes(echo_command)
    store.change("fn", module=decode(echo_command))
    return store


def fn(store: Store) -> FunctionRecord:
    return store["fn"]


async def test_what_is_looked_at_is_validated_once(store: Store) -> None:
    validator = Validator(store)
    validator.opened(fn(store))
    end = time.monotonic() + 30
    while fn(store).validation is None:
        assert time.monotonic() < end
        await asyncio.sleep(0.01)
    validation = fn(store).validation
    assert validation is not None
    done = validator.task
    validator.opened(fn(store))
    assert validator.task is done
    await validator.close()


async def test_close_leaves_no_task_and_no_process(store: Store) -> None:
    validator = Validator(store)
    for _ in range(3):
        validator.opened(fn(store))
        await asyncio.sleep(0)  # it begins
        module = fn(store).module
        assert module is not None
        store.change("fn", module=module._replace())
    await validator.close()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
    assert validator.task is None


async def test_a_module_that_goes_away_meanwhile_is_passed_over(store: Store) -> None:
    validator = Validator(store)
    fn(store).wasm.unlink()
    validator.opened(fn(store))
    assert validator.task is not None
    await validator.task
    assert fn(store).validation is None
    validator.opened(None)
    await validator.close()


async def test_what_was_found_out_is_remembered_and_the_function_judged_anew(
    store: Store, echo_command: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    validations, again = Validations(), list[str]()
    validator = Validator(store, validations, again.append)
    validator.opened(fn(store))
    assert validator.task is not None
    await validator.task
    assert again == ["fn"]
    known = validations.known(echo_command)
    assert known is not None
    assert known.ok

    async def never(_: bytes) -> None:
        raise AssertionError("validated twice")

    monkeypatch.setattr(background, "validate_in_background", never)
    for without in (None, Path("where it would lie")):  # what it was judged without; None: with all that is known
        store.change("fn", validation=None, unvalidated=without)
        other = Validator(store, validations, again.append)
        other.opened(fn(store))
        assert other.task is not None
        await other.task
        assert fn(store).validation == known
        assert len(again) == (1 if without is None else 2)
