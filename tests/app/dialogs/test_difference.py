from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.samples import HOSTILE, UNSAFE
from tests.app.screens import StyledApp, shot_text
from tui.app.dialogs.difference import DiffScreen
from tui.app.dialogs.difference_rows import MOST, diff_rows
from tui.app.dialogs.whole_text import TextScreen
from tui.app.messages import CopyRequested
from tui.app.rows.glyphs import Glyphs
from tui.wasm.diff import ExternChange, ModuleDiff, SizeChange, diff_modules
from tui.wasm.module import DecodeNote

SMALL = ModuleDiff(
    SizeChange("file", 100_000, 112_500),
    ("command", "reactor"),
    ("TinyGo 0.35.0", "Go 1.27"),
    (SizeChange("code", 90_000, 100_000), SizeChange("name", None, 2_500)),
    (ExternChange("env.log_info", "func", None, "(i32,i32)->()"),),
    (ExternChange("_start", "func", "()->()", None), ExternChange("f", "func", "()->()", "()->i32")),
    (SizeChange("fmt", 5_000, None),),
    (SizeChange("fmt.Println", 5_000, None, "fmt"),),
)


class DiffApp(StyledApp):
    """Stands in for the program: it copies what dialogs ask for."""

    def __init__(self, found: ModuleDiff, glyphs: Glyphs | None = None) -> None:
        super().__init__()
        self.diff = DiffScreen(found, "chat", glyphs=glyphs)
        self.copied: list[tuple[str, str]] = []

    def on_mount(self) -> None:
        self.push_screen(self.diff)

    def on_copy_requested(self, message: CopyRequested) -> None:
        self.copied.append((message.text, message.what))


async def drawn(found: ModuleDiff, width: int = 110, glyphs: Glyphs | None = None) -> str:
    app = DiffApp(found, glyphs)
    async with app.run_test(size=(width, 50)) as pilot:
        await pilot.pause()
        return shot_text(app)


async def test_the_summary_and_each_group_by_weight() -> None:
    shown = await drawn(SMALL)
    assert "100 KB → 112 KB   +12 KB  +12.5 %" in shown
    assert "export mode  command → reactor" in shown
    assert "made by  TinyGo 0.35.0 → Go 1.27" in shown
    assert "+ env.log_info  (i32,i32)→()" in shown
    assert "- _start  ()→()" in shown
    assert "~ f  ()→() → ()→i32" in shown
    code, name = (next(line for line in shown.splitlines() if f" {n}  " in line) for n in ("code", "name"))
    assert "+10 KB" in code
    assert "+11.1 %" in code
    assert "████████████" in code
    assert "new" in name
    assert "gone" in next(line for line in shown.splitlines() if "fmt.Println" in line)


async def test_no_difference_is_said() -> None:
    same = ModuleDiff(SizeChange("file", 5, 5), ("command", "command"), (None, None), (), (), (), (), ())
    assert "✓ no difference in anything that is compared" in await drawn(same)


async def test_groups_fold_and_names_are_shown_and_copied_whole() -> None:
    app = DiffApp(SMALL)
    async with app.run_test(size=(110, 50)) as pilot:
        await pilot.pause()
        await pilot.press("j", "enter")
        assert "env.log_info" not in shot_text(app)
        await pilot.press("enter", "j", "y")
        assert app.copied == [("env.log_info", "the name")]
        await pilot.press("enter")
        assert isinstance(app.screen, TextScreen)
        await pilot.press("escape", "Y")
        assert "gone" in app.copied[-1][0]


async def test_real_modules(echo_command: bytes, persistent_reactor: bytes) -> None:
    found = diff_modules(echo_command, persistent_reactor)
    for width in (40, 80, 120):
        shown = await drawn(found, width)
        assert "_initialize" in shown
        assert "Sections" in shown
    app = DiffApp(found)
    async with app.run_test(size=(110, 50)) as pilot:
        await pilot.press("G")
        await pilot.pause()
        assert "▸ Functions" in shot_text(app)


def test_what_is_too_much_is_counted() -> None:
    many = tuple(SizeChange(f"f{n}", n, n + 1) for n in range(MOST + 50))
    rows = diff_rows(replace(SMALL, functions=many), Glyphs(), 80)
    assert rows[-1].cells[0][0].text == "and 50 more"


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_hostile_names_are_shown_harmlessly(ascii_only: bool) -> None:
    app = DiffApp(SMALL, Glyphs(ascii_only))
    async with app.run_test(size=(60, 50)) as pilot:
        for text in HOSTILE:
            app.push_screen(DiffScreen(hostile_difference(text), "chat", glyphs=Glyphs(ascii_only)))
            await pilot.pause()
            shown = shot_text(app)
            assert not UNSAFE & set(shown)
            assert shown.isascii() or not ascii_only
            app.pop_screen()


def hostile_difference(text: str) -> ModuleDiff:
    change = SizeChange(text, 5, 6, text)
    extern = ExternChange(text, text, text, text)
    note = (DecodeNote(1, text),)
    return ModuleDiff(
        change, SMALL.mode, (text, None), (change,), (extern,), (extern,), (change,), (change,), note, note
    )
