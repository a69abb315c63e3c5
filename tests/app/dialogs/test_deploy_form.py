from __future__ import annotations

import json

import pytest

from tests.app.samples import HOSTILE, UNSAFE
from tests.app.screens import StyledApp, shot_text
from tui.app.dialogs.deploy_form import DeployFormScreen
from tui.app.messages import CopyRequested
from tui.app.rows.glyphs import Glyphs
from tui.workspace.config import load_config
from tui.workspace.deploy_form import deploy_form
from tui.workspace.function import FunctionConfig

SOURCE = b"name: chat\npublic: true\nenv:\n  API_TOKEN: sk-abcdef123456\n  LEVEL: <debug>\nws_persistent: yes\n"
READ = load_config(SOURCE).config
assert READ is not None
CONFIG: FunctionConfig = READ


class FormApp(StyledApp):
    """Stands in for the program: it copies what dialogs ask for."""

    def __init__(self, config: FunctionConfig, glyphs: Glyphs | None = None) -> None:
        super().__init__()
        self.form = DeployFormScreen(config, glyphs=glyphs)
        self.copied: list[tuple[str, str]] = []

    def on_mount(self) -> None:
        self.push_screen(self.form)

    def on_copy_requested(self, message: CopyRequested) -> None:
        self.copied.append((message.text, message.what))


async def test_fields_in_order_and_the_json_to_the_letter() -> None:
    app = FormApp(CONFIG)
    async with app.run_test(size=(110, 30)) as pilot:
        await pilot.pause()
        shown = shot_text(app)
        places = [shown.index(f" {name} ") for name, _ in deploy_form(CONFIG).fields]
        assert places == sorted(places)
        assert "is_public            true" in shown
        assert "sk-abcdef" not in shown
        assert '"API_TOKEN":"••••••••","LEVEL":"\\u003cdebug\\u003e"' in shown
        await pilot.press("u")
        await pilot.pause()
        assert deploy_form(CONFIG).metadata in "".join(line.strip(" │▌▐▂▆▁") for line in shot_text(app).splitlines())
        assert "exactly as it is sent" in shot_text(app)


async def test_copying_takes_what_is_sent() -> None:
    app = FormApp(CONFIG)
    async with app.run_test(size=(110, 30)) as pilot:
        await pilot.pause()
        await pilot.press("y", "G", "y", "Y")
        assert app.copied[0] == ("chat", "name")
        assert app.copied[1] == (deploy_form(CONFIG).metadata, "the metadata JSON")
        assert json.loads(app.copied[1][0])["env_vars"]["API_TOKEN"] == "sk-abcdef123456"
        lines = app.copied[2][0].splitlines()
        assert lines[0] == "name=chat"
        assert lines[-1] == f"metadata={deploy_form(CONFIG).metadata}"
        await pilot.press("escape")
        assert app.screen is not app.form


async def test_without_metadata_none_is_sent() -> None:
    app = FormApp(FunctionConfig("plain"))
    async with app.run_test(size=(110, 30)) as pilot:
        await pilot.pause()
        assert "none is sent" in shot_text(app)
        assert "secrets" not in shot_text(app)


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_hostile_text_is_shown_harmlessly(ascii_only: bool) -> None:
    app = FormApp(CONFIG, Glyphs(ascii_only))
    async with app.run_test(size=(60, 30)) as pilot:
        for text in (text.replace("\udfff", "") for text in HOSTILE):  # which cannot come from octets
            config = CONFIG._replace(name=text, env={text: text, "TOKEN": text}, ws_auth=text)
            app.push_screen(DeployFormScreen(config, glyphs=Glyphs(ascii_only)))
            await pilot.pause()
            await pilot.press("u")
            shown = shot_text(app)
            assert not UNSAFE & set(shown)
            assert shown.isascii() or not ascii_only
            app.pop_screen()
