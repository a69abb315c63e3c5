"""The last known states of a workspace are what was left, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from tests.settings.store.test_any_json import anything
from tui.assessment.kept.last import LAST, keep_states, last_states
from tui.lines.states import STATES, State
from tui.settings.store.files import default_store


def test_states_come_back_but_for_those_of_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    states: dict[str, State] = {f"{place}/{state}": state for state in STATES for place in ("a", "b\udcff")}
    assert last_states(tmp_path / "ws") == {}
    assert keep_states(tmp_path / "ws", states) is None
    kept = last_states(tmp_path / "ws")
    assert kept == {path: state for path, state in states.items() if state not in ("reading", "building", "queued")}
    assert last_states(tmp_path / "other") == {}
    default_store().path(LAST, str(tmp_path / "ws")).write_text("{")
    assert last_states(tmp_path / "ws") == {}


@given(document=anything)
def test_whatever_stands_there_is_refused_or_comes_to_states(document: object) -> None:
    for read in (document, {"ready": document}, {"ready": [document], "blocked": ["x"]}, {"building": [document]}):
        found = LAST.decode(json.loads(json.dumps(read))) if isinstance(read, dict) else None
        assert found is None or set(found.values()) <= set(STATES)
