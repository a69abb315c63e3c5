"""Every dialog, given names and texts from outside: shown as they are, never read as markup, never raw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.screen import ModalScreen, Screen

from tests.app.screens import StyledApp, shot_text
from tui.app.desk.builds.recalling import Said
from tui.app.desk.running.kept import Remembered
from tui.app.desk.running.model import Draft
from tui.app.desk.store import Store
from tui.app.dialogs.builds import BuildsScreen, SaidScreen
from tui.app.dialogs.call_name import CallNameScreen
from tui.app.dialogs.choices.compiler import stand_in_screen
from tui.app.dialogs.choices.palette import palette_screen
from tui.app.dialogs.choices.recall import recall_screen
from tui.app.dialogs.choices.theme import theme_screen
from tui.app.dialogs.deploy_form import DeployFormScreen
from tui.app.dialogs.dialog import Dialog, open_dialog
from tui.app.dialogs.difference import DiffScreen
from tui.app.dialogs.help import HelpScreen
from tui.app.dialogs.messages import MessagesScreen
from tui.app.dialogs.new_function import NewFunctionScreen
from tui.app.dialogs.quitting import QuitScreen
from tui.app.dialogs.trust import TrustScreen
from tui.app.dialogs.whole_text import TextScreen
from tui.app.keys.actions import ACTIONS, Action, action_by_id, with_keys
from tui.app.log.bar import LogBar
from tui.app.messages import CopyRequested, EditRequested
from tui.app.notices import Notice, Notices
from tui.app.options import ScreenOptions, TrustQuestion
from tui.app.rows.glyphs import Glyphs
from tui.building.compilers.compiler import Found, Tool
from tui.building.compilers.toolchain import Toolchain
from tui.building.events import BuildResult, Diagnostic
from tui.building.record.history import BuildRecord
from tui.settings.keys import BY_NAME, Settings
from tui.settings.settings import Entry
from tui.settings.toml_file import TomlFile
from tui.settings.trust import WorkspaceFile
from tui.wasm.diff import ExternChange, ModuleDiff, SizeChange
from tui.workspace.function import Function, FunctionConfig

EVIL = "[/x] \x1b[2J\u202e\u200b漢字 \\[red] {}"
Make = Callable[[Glyphs], Dialog[Any]]


def hostile_store() -> Store:
    store = Store()
    store.find([Function(f"{EVIL}/fn", Path("/") / EVIL, has_yaml=True, has_go=True)])
    return store


def hostile_tools() -> Toolchain:
    tool = Tool("tinygo", "/bin/tinygo", EVIL, ok=False, message=EVIL, advice=EVIL)
    return Toolchain((Found(tool, (tool,)), Found(tool._replace(name="go"))))


def hostile_question() -> TrustQuestion:
    file = TomlFile(Path("/") / EVIL / ".fn-tui.toml", b"", {"theme": "dark", "contract": EVIL, "keys": {EVIL: "x"}})
    entries = [Entry(BY_NAME["theme"], EVIL), Entry(BY_NAME["contract"], Path("/") / EVIL)]
    entries += [Entry(BY_NAME["keys"], (EVIL,), EVIL)]
    return TrustQuestion(WorkspaceFile(file, tuple(entries), None), Settings(keys={EVIL: (EVIL,)}), ())


HERE = Path("/") / EVIL
FAILED = BuildRecord(1e9, 2.0, "failed", argv=("tinygo", EVIL), error=EVIL, trigger=EVIL)
FOUND = BuildResult(HERE, "failed", 1, 2.0, diagnostics=(Diagnostic("error", EVIL, "function.go", 3, 2),))
DIFFERENCE = ModuleDiff(
    SizeChange("file", 100_000, 112_500),
    ("command", "reactor"),
    (EVIL, EVIL),
    (SizeChange(EVIL, 90_000, 100_000),),
    (ExternChange(EVIL, "func", None, "()->()"),),
    (),
    (SizeChange(EVIL, 5_000, None),),
    (SizeChange(EVIL, 5_000, None, EVIL),),
)

DIALOGS: dict[str, Make] = {
    "builds": lambda glyphs: BuildsScreen(EVIL, HERE, [FAILED, FAILED], glyphs),
    "difference": lambda glyphs: DiffScreen(DIFFERENCE, EVIL, glyphs=glyphs),
    "said": lambda glyphs: SaidScreen(EVIL, FAILED, Said(FOUND), HERE, glyphs),
    "theme": lambda glyphs: theme_screen("textual-dark", print, glyphs),
    "text": lambda glyphs: TextScreen(EVIL, f"{EVIL}\n{EVIL}", glyphs),
    "palette": lambda glyphs: palette_screen(ACTIONS, hostile_store(), [Path("/w/[/x]\x1b[2J")], glyphs),
    "compiler": lambda glyphs: stand_in_screen(hostile_tools(), "tinygo", "go", glyphs),
    "form": lambda glyphs: DeployFormScreen(FunctionConfig(EVIL, env={"API_KEY": EVIL}), glyphs=glyphs),
    "messages": lambda glyphs: MessagesScreen((Notices().add(Notice(EVIL, "error", EVIL)),), glyphs),
    "new": lambda glyphs: NewFunctionScreen(Path("/") / EVIL, glyphs),
    "help": lambda glyphs: HelpScreen(ACTIONS, "list", glyphs),
    "trust": lambda glyphs: TrustScreen(ScreenOptions(Path("/")), hostile_question(), glyphs),
    "quit": lambda glyphs: QuitScreen(2, glyphs),
    "name": lambda glyphs: CallNameScreen(EVIL, glyphs),
    "recall": lambda glyphs: recall_screen(Remembered((EVIL,), (Draft(EVIL, EVIL),), EVIL), None, glyphs),
}


MANY = {f"NAME_{number}": "text" for number in range(40)}
LARGE: dict[str, Make] = {
    "builds": lambda glyphs: BuildsScreen("fn", HERE, [FAILED] * 50, glyphs),
    "form": lambda glyphs: DeployFormScreen(FunctionConfig("fn", env=MANY), glyphs=glyphs),
    "messages": lambda glyphs: MessagesScreen(tuple(Notices().add(Notice("said")) for _ in range(40)), glyphs),
    "text": lambda glyphs: TextScreen("it", "line\n" * 200, glyphs),
}


class DialogApp(StyledApp):
    """One dialog over nothing."""

    def __init__(self, screen: ModalScreen[Any]) -> None:
        super().__init__()
        self.dialog = screen

    def on_mount(self) -> None:
        self.push_screen(self.dialog)


@pytest.mark.parametrize("name", sorted(DIALOGS))
@pytest.mark.parametrize(
    "size", [(80, 24), *(pytest.param(size, marks=pytest.mark.long) for size in ((30, 8), (1, 1)))]
)
async def test_hostile_text_is_harmless_in_every_dialog(
    name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, layouts, lay_out = BelowApp(), list[Screen[Any]](), Screen._refresh_layout

    def counted(screen: Screen[Any], *arguments: Any, **named: Any) -> None:
        layouts.append(screen)
        lay_out(screen, *arguments, **named)

    monkeypatch.setattr(Screen, "_refresh_layout", counted)
    async with app.run_test(size=size) as pilot:
        for ascii_only in (False, True):
            app.push_screen(DIALOGS[name](Glyphs(ascii_only)))
            await pilot.press("j", "k")
            if name in ("palette", "new"):
                await pilot.press(*"[/x]")
            text = shot_text(app)
            assert not set(text) & {"\x1b", "\u202e", "\u200b"}
            if size == (80, 24) and name in ("text", "compiler", "form"):
                assert "[/x]" in text
            layouts.clear()
            await pilot.pause()
            assert len(layouts) <= 5, "it is laid out again and again"
            await app.pop_screen()


@pytest.mark.parametrize("name", sorted(DIALOGS))
@pytest.mark.parametrize("size", [(60, 15), (80, 24), (140, 20), (48, 18), (120, 40)])
async def test_what_a_dialog_s_keys_are_is_in_sight_in_few_rows(name: str, size: tuple[int, int]) -> None:
    app = BelowApp()
    async with app.run_test(size=size) as pilot:
        for make in (DIALOGS, LARGE):
            if name not in make:
                continue
            dialog = make[name](Glyphs())
            open_dialog(dialog, app.screen)
            await pilot.pause()
            await pilot.pause()
            screen, box, hints = app.screen.region, dialog.query_one("#dialog").region, dialog.query("#dialog-hints")
            body = dialog.query_one("#dialog-body").region
            assert screen.contains_region(box)
            assert box.contains_region(body), "its lower edge is in sight"
            assert all(body.contains_region(each.region) and each.region.height for each in hints)
            await dialog.dismiss(None)


class BelowApp(StyledApp):
    """Nothing, to open dialogs over; it hears what they want copied or edited."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[CopyRequested | EditRequested] = []

    def on_copy_requested(self, message: CopyRequested) -> None:
        self.asked.append(message)

    def on_edit_requested(self, message: EditRequested) -> None:
        self.asked.append(message)


# Keys of one's own for all that a dialog can say of a key; those of others are as they are.
OWN = with_keys({action.id: (f"f{number}",) for number, action in enumerate(ACTIONS, 30)})


# Of one's own keys, `test_dialogs_follow_a_person_s_own_keys` asks one dialog in the short form.
@pytest.mark.parametrize("table", [ACTIONS, pytest.param(OWN, marks=pytest.mark.long)], ids=["usual", "own"])
@pytest.mark.parametrize("name", sorted(DIALOGS))
async def test_each_key_that_a_dialog_shows_does_something_there(
    name: str, table: tuple[Action, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, left = BelowApp(), list[object]()
    monkeypatch.setattr(app, "exit", left.append)
    async with app.run_test(size=(100, 30)) as pilot:

        async def looked(*keys: str) -> tuple[object, ...]:
            """What is to be seen of the dialog, opened anew, after these keys."""
            answers: list[object] = []
            app.asked.clear()
            dialog = DIALOGS[name](Glyphs(table=table))
            assert open_dialog(dialog, app.screen, answers.append, table)
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            seen = (shot_text(app), len(answers), len(app.asked), app.focused.id if app.focused else None, len(left))
            scrolled = tuple(widget.scroll_offset for widget in dialog.query("*"))
            while isinstance(app.screen, Dialog):  # it, and what its key opened
                await app.screen.dismiss(None)
            return (*seen, scrolled)

        untouched = await looked()
        for word in " ".join(words for words, _ in DIALOGS[name](Glyphs(table=table)).hints).split():
            action = action_by_id(word, table)
            if word != "cursor-up":  # there is nothing above the first
                assert await looked(action.keys[0] if action is not None else word) != untouched, word


def burst(app: App[Any], *keys: str) -> None:
    """Keys that come in one write: all are on their way before the first has done anything."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize("name", sorted(DIALOGS))
async def test_two_keys_in_one_moment_close_one_dialog(name: str) -> None:
    app = BelowApp()
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in ("enter enter", "escape escape", "q q", "y y", "escape enter"):
            answers: list[object] = []
            dialog = DIALOGS[name](Glyphs())
            assert open_dialog(dialog, app.screen, answers.append)
            await pilot.pause()
            burst(app, *keys.split())
            await pilot.pause()
            await pilot.pause()
            opened = name in ("builds", "difference") and keys == "enter enter"  # one dialog more, by the first of them
            assert len(answers) <= 1, keys
            assert len(app.screen_stack) == 2 - len(answers) + opened, keys
            assert (dialog in app.screen_stack) is not bool(answers), keys
            while len(app.screen_stack) > 1:
                await app.pop_screen()


@pytest.mark.parametrize("name", ["palette", "compiler"])
async def test_a_double_click_chooses_once(name: str) -> None:
    app = BelowApp()
    answers: list[object] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        open_dialog(DIALOGS[name](Glyphs()), app.screen, answers.append)
        await pilot.pause()
        await pilot.click("DialogRows", offset=(3, 0), times=2)
        await pilot.pause()
        assert len(answers) == 1
        assert len(app.screen_stack) == 1


async def test_a_screen_below_a_dialog_opens_no_other() -> None:
    below = TextScreen("below", "", Glyphs())
    app = DialogApp(below)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert open_dialog(DIALOGS["help"](Glyphs()), below)
        assert not open_dialog(DIALOGS["help"](Glyphs()), below)
        assert len(app.screen_stack) == 3
        await pilot.pause()


async def test_a_dialog_below_another_does_not_close_it() -> None:
    below, above = TextScreen("below", "", Glyphs()), TextScreen("above", "", Glyphs())
    app = DialogApp(below)
    async with app.run_test() as pilot:
        await pilot.pause()
        open_dialog(above, below)
        await below.dismiss(None)
        assert app.screen is above
        assert not below.answered


async def test_two_enters_make_one_function(tmp_path: Path) -> None:
    app = BelowApp()
    answers: list[object] = []
    async with app.run_test(size=(80, 24)) as pilot:
        open_dialog(NewFunctionScreen(tmp_path, Glyphs()), app.screen, answers.append)
        await pilot.pause()
        burst(app, "a", "enter", "enter")
        await pilot.pause()
        await pilot.pause()
        assert answers == ["a"]
        assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("kind", range(3))
@pytest.mark.parametrize(
    ("typed", "made"), [("fn", "fn/"), ("shop/new", "shop/new/"), ("taken", "taken"), ("9", "'name' must start")]
)
async def test_a_new_function_is_what_was_promised(tmp_path: Path, typed: str, made: str, kind: int) -> None:
    """Also below a go.mod that the workspace is not in, and where something is there already."""
    workspace = tmp_path / "w"
    (workspace / "shop").mkdir(parents=True)
    (workspace / "shop/go.mod").write_text("module example.com/shop\n")
    (workspace / "taken").mkdir()
    (workspace / "taken/file").touch()
    app = BelowApp()
    answers: list[object] = []
    async with app.run_test(size=(140, 30)) as pilot:
        open_dialog(NewFunctionScreen(workspace, Glyphs()), app.screen, answers.append)
        await pilot.pause()
        title = app.screen.query_one("#dialog-title").region
        await pilot.press(*typed, "tab", *["down"] * kind)
        await pilot.pause()
        assert app.screen.query_one("#dialog-title").region == title  # what is said moves nothing
        said = next(line for line in shot_text(app).splitlines() if made in line)
        before = {path.name for path in (workspace / "shop").iterdir()}
        await pilot.press("enter")
        await pilot.pause()
        if "makes" in said:
            assert answers == [typed]
            files = sorted(path.name for path in (workspace / typed).iterdir())
            assert sorted(said.split(": ")[1].strip(" │").split(", ")) == files
        else:
            assert answers == []
            assert {path.name for path in (workspace / "shop").iterdir()} == before


async def test_a_long_text_is_scrolled_by_the_keys_of_lists() -> None:
    app = DialogApp(TextScreen("it", "\n".join(f"line {number}" for number in range(200)), Glyphs()))
    async with app.run_test(size=(60, 20)) as pilot:
        assert "line 0" in shot_text(app)
        await pilot.press("ctrl+d", "ctrl+d")
        await pilot.pause()
        assert "line 20" in shot_text(app)
        assert "line 0\n" not in shot_text(app)


async def test_dialogs_follow_a_person_s_own_keys() -> None:
    own = {"cursor-down": ("n",), "back": ("f9",), "copy": ("c",)}
    table = with_keys(own)
    app, answers = BelowApp(), list[object]()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = DeployFormScreen(FunctionConfig("fn"), glyphs=Glyphs())
        open_dialog(dialog, app.screen, answers.append, table)
        await pilot.pause()
        assert "c copies" in shot_text(app)
        assert "F9 closes" in shot_text(app)
        was = dialog.rows.cursor.place
        await pilot.press("j", "y")
        assert dialog.rows.cursor.place == was
        assert not app.asked
        await pilot.press("n", "c")
        assert dialog.rows.cursor.place > was
        assert app.asked
        await pilot.press("escape")
        assert not answers
        await pilot.press("f9")
        assert answers == [None]


async def test_the_log_s_bar_can_be_asked_before_it_stands() -> None:
    app = BelowApp()
    async with app.run_test():
        bar = LogBar()
        mounted = app.mount(bar)
        bar.ask("search", "text")
        bar.say("a word", is_error=True)
        await mounted
        assert bar.display
