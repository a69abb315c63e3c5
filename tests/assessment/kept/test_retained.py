from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.wasm.binary import body, function_names, module, section, vec
from tui.assessment.kept import retained as room
from tui.assessment.kept.retained import RETAINED, keep_retained, known_retained
from tui.settings.store.files import default_store
from tui.wasm.decode.decode import decode
from tui.wasm.sizes.retained import retained_sizes

SOURCE = module(
    section(1, vec(b"\x60\0\0")),
    section(3, vec(b"\0", b"\0", b"\0")),
    section(8, b"\0"),  # the first one starts: it calls the second, and nothing the third
    section(10, vec(body(b"\x10\x01"), body(b""), body(b""))),
    function_names({0: "main.main", 1: "main.help", 2: "main.dead"}),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_what_was_found_out_of_a_module_is_known_of_the_same_bytes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = retained_sizes(SOURCE, decode(SOURCE))
    assert found.functions[0] > found.functions[1] > 0
    assert known_retained(SOURCE) is None
    assert keep_retained(SOURCE, found) is None
    assert known_retained(SOURCE) == found
    assert known_retained(SOURCE + b"\0\2\1x") is None
    monkeypatch.setattr(room, "code_mark", lambda: ((1,), 2))
    assert known_retained(SOURCE) is None  # another fn-tui may see it otherwise


@pytest.mark.parametrize(
    "damage",
    [
        {"functions": [1, 2]},
        {"functions": [1, 2, "3"]},
        {"functions": [1, 2, -3]},
        {"dominators": [-1, 0, -2]},
        {"first": -1},
        {"rows": {"main": "much"}},
        {"rows": []},
        {"seconds": None},
        {"note": 1},
    ],
)
def test_what_is_damaged_is_worked_out_again(damage: dict[str, object]) -> None:
    keep_retained(SOURCE, retained_sizes(SOURCE, decode(SOURCE)))
    path = default_store().path(RETAINED, room._key(SOURCE))
    path.write_text(json.dumps(json.loads(path.read_text()) | damage))
    assert known_retained(SOURCE) is None
