"""What a person comes for, counted in keys."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import BROKEN_SOURCE, add_function
from tests.flows.stage import Stage, opened
from tests.monorepo import make_function

pytestmark = pytest.mark.slow


class Counted:
    """Keys pressed on a stage, counted."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.keys = 0

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await self.stage.press(*keys)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that puts the file right, and says with what it was opened."""
    told = tmp_path / "told"
    (tmp_path / "right.go").write_text(ECHO_SOURCE)
    program = tmp_path / "vim"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}"\nfor file; do :; done\ncat "{tmp_path}/right.go" > "$file"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(program))
    return told


async def test_the_failing_one_of_sixty_is_found_mended_and_ready_in_seven_keys(
    tmp_path: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "ws"
    for number in range(59):
        make_function(root / f"services/team-{number % 7}/function-{number}", "", number)
    add_function(root, "services/team-3/invite", "name: invite\n", BROKEN_SOURCE)
    failing = "services/team-3/invite"
    async with opened(root) as stage:
        stage.app.bench.builds.build([failing])
        await stage.until(lambda: stage.state(failing) == "failed", "it fails")
        monkeypatch.setattr(type(stage.app), "suspend", lambda _app: nullcontext())
        task = Counted(stage)
        await task.press("n")
        await stage.shows("undefined: bodyy")
        await task.press("enter")
        await stage.until(editor.exists, "the editor was there")
        line = next(n for n, text in enumerate(BROKEN_SOURCE.splitlines(), 1) if "bodyy" in text)
        assert f"+{line}" in editor.read_text() or f"+call cursor({line}," in editor.read_text()
        await task.press("b")
        await stage.until(lambda: stage.state(failing) in ("ready", "warnings"), "it is ready")
        assert task.keys <= 7


async def test_why_chat_is_blocked_is_read_and_mended_in_three_keys(workspace: Path) -> None:
    async with opened(workspace) as stage:
        task = Counted(stage)
        await stage.shows("every export traps", "b rebuilds it as a reactor")
        await task.press("b")
        await stage.until(lambda: stage.state("chat") in ("ready", "warnings"), "chat fits")
        assert task.keys <= 3
