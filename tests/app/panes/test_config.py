from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.app.samples import HOSTILE, UNSAFE, make_record
from tests.app.screens import PaneApp, pane_text, rows_copied, texts_in_turn
from tui.app.desk.record import FunctionRecord
from tui.app.messages import EditRequested
from tui.app.panes.config import ConfigContent
from tui.app.panes.errors.excerpt import drawn_excerpt
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.workspace.config import load_config
from tui.workspace.function import ConfigProblem, ConfigReading, ConfigWarning

GOOD = b"""name: chat
memory: 64.9
retry: {count: 3}
env:
  API_TOKEN: sk-abcdef123456
  LEVEL: debug
ws_persistent: yes
"""
BAD = b"""name: chat
public: "TRUE"
env:
  API_TOKEN: sk-abcdef123456
memory: lots
"""


def record_of(source: bytes, **fields: object) -> FunctionRecord:
    reading = load_config(source)._replace(**fields)  # type: ignore[arg-type]
    return replace(make_record(None, reading.config), reading=reading, source=source)


SECRET = record_of(GOOD, secrets=frozenset({"API_TOKEN"}))
WARNED = record_of(
    GOOD,
    warnings=(
        ConfigWarning("fraction", "memory: 64.9 becomes 64", "write 64", "memory", 2, 9),
        ConfigWarning("documents", "a second document is ignored", "remove it", None, 8),
    ),
)
REFUSED = record_of(BAD)


async def test_each_key_shows_value_and_where_it_is_given() -> None:
    lines = [line.split() for line in (await pane_text(ConfigContent(), SECRET)).splitlines()]
    assert ["memory", "64", "MB", "written", "64.9", "line", "2"] in lines
    assert ["retry.count", "3", "line", "3"] in lines
    assert ["retry.delay", "5", "s", "default"] in lines
    assert ["ws_persistent", "true", "written", "yes", "line", "7"] in lines
    assert ["timeout", "30", "s", "default"] in lines
    assert ["LEVEL", "debug", "line", "6"] in lines


async def test_secrets_are_masked_until_a_key_shows_them() -> None:
    app = PaneApp(ConfigContent(), SECRET)
    async with app.run_test(size=(80, 30)) as pilot:
        from tests.app.screens import shot_text

        assert "sk-abcdef" not in shot_text(app)
        assert "••••••••" in shot_text(app)
        assert "u shows secrets" in shot_text(app)
        await pilot.press("u")
        await pilot.pause()
        assert "sk-abcdef123456" in shot_text(app)
        app.pane.show(replace(SECRET, function=SECRET.function._replace(path="other")))
        await pilot.pause()
        assert "sk-abcdef" not in shot_text(app)


async def test_warnings_stand_beside_their_keys() -> None:
    lines = (await pane_text(ConfigContent(), WARNED)).splitlines()
    memory = next(number for number, line in enumerate(lines) if "memory" in line)
    assert "▲ memory: 64.9 becomes 64" in lines[memory + 1]
    assert "→ write 64" in lines[memory + 2]
    assert "▲ accepted, 2 warnings" in lines[0]
    assert any("▲ line 8: a second document is ignored" in line for line in lines)


async def test_enter_edits_at_the_line() -> None:
    app = PaneApp(ConfigContent(), WARNED)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("j", "j", "j", "enter", "j", "enter")
        places = [(m.place.path, m.place.line, m.place.column) for m in app.asked if isinstance(m, EditRequested)]
        assert places == [(Path("/w/chat/function.yaml"), 2, 1), (Path("/w/chat/function.yaml"), 2, 9)]


async def test_a_refusal_shows_the_offending_lines_with_carets() -> None:
    shown = await pane_text(ConfigContent(), REFUSED)
    assert "✗ function.yaml is refused: the deploy tool cannot parse it" in shown
    assert "failed to parse function.yaml: yaml: unmarshal errors:" in shown
    lines = shown.splitlines()
    place = next(number for number, line in enumerate(lines) if 'public: "TRUE"' in line)
    assert lines[place].split()[:2] == ["▶", "2"]
    assert lines[place + 1].index("^") == lines[place].index('"TRUE"')
    assert "cannot unmarshal !!str `TRUE` into bool" in lines[place + 1]
    assert "▶ 5" in shown
    assert "sk-abcdef" not in shown


async def test_a_refusal_opens_the_editor_at_its_line() -> None:
    app = PaneApp(ConfigContent(), REFUSED)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("enter")
        assert isinstance(app.asked[0], EditRequested)
        assert (app.asked[0].place.path, app.asked[0].place.line) == (Path("/w/chat/function.yaml"), 2)
    error = REFUSED.reading.error if REFUSED.reading else None
    assert error is not None
    assert (await rows_copied(ConfigContent(), REFUSED))["the error"] == error.text


async def test_each_stage_is_worded() -> None:
    assert "breaks a rule" in await pane_text(ConfigContent(), record_of(b"name: chat\nmemory: 999\n"))
    assert "breaks a rule" in await pane_text(ConfigContent(), record_of(b""))
    assert "reading function.yaml" in await pane_text(ConfigContent(), replace(REFUSED, reading=None))
    assert "no function is chosen" in await pane_text(ConfigContent(), None)


@pytest.mark.parametrize("width", [38, 76, 120])
async def test_every_width_shows_keys_and_problems(width: int) -> None:
    assert "64 MB" in await pane_text(ConfigContent(), WARNED, width)
    assert "64.9 becomes 64" in " ".join((await pane_text(ConfigContent(), WARNED, width)).split())
    assert "^" in await pane_text(ConfigContent(), REFUSED, width)


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_hostile_text_is_shown_harmlessly(ascii_only: bool) -> None:
    records = [record for text in HOSTILE for record in hostile_records(text)]
    for shown in await texts_in_turn(ConfigContent(Glyphs(ascii_only)), records, 60):
        assert not UNSAFE & set(shown)
        assert shown.isascii() or not ascii_only


def hostile_records(text: str) -> tuple[FunctionRecord, ...]:
    octets = text.encode("utf-8", "surrogateescape") if "\udfff" not in text else b"\xff\xfe"
    config = SECRET.reading.config._replace(env={text: text, "A": text}, ws_auth=text)  # type: ignore[union-attr]
    warnings = (ConfigWarning("c", text, text, "memory", 2), ConfigWarning("c", text, text))
    accepted = replace(SECRET, reading=ConfigReading(config, None, warnings))
    return accepted, record_of(b"name: x\npublic: '" + octets + b"'\nmemory: " + octets), record_of(octets)


def test_an_excerpt_leaves_out_what_is_far_from_problems() -> None:
    source = "\n".join(f"k{n}: v" for n in range(1, 41)).encode()
    drawn = [
        plain(line) for line in drawn_excerpt(source, (ConfigProblem("a", 3, 5), ConfigProblem("b", 30)), 60, Glyphs())
    ]
    assert [line.split()[0] for line in drawn if "k" in line] == ["1", "2", "▶", "4", "5", "28", "29", "▶", "31", "32"]
    assert any(line.strip() == "…" for line in drawn)


def test_an_excerpt_of_a_line_that_is_not_there_is_empty() -> None:
    assert drawn_excerpt(b"a: 1", (ConfigProblem("x", 9),), 60, Glyphs()) == []


def test_a_caret_far_to_the_right_stays_on_screen() -> None:
    drawn = drawn_excerpt(b"a: " + b"x" * 300, (ConfigProblem("the reason", 1, 250),), 60, Glyphs())
    assert all(len(plain(line)) <= 60 for line in drawn)
    assert "the reason" in " ".join(plain(line) for line in drawn)
