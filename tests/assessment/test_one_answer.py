"""The screen, the text and the JSON of every command say the same of a function, whatever is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.assessment.workspaces import EXPECTED, lay_out
from tests.flows.stage import opened
from tests.small import COMMAND, assembled
from tui.assessment.assess import assess
from tui.assessment.assessment import BAD, UNCERTAIN
from tui.assessment.summary import summary_line
from tui.assessment.terms import terms_here
from tui.cli import main
from tui.demo.copy import copy_workspace
from tui.lines.states import STATES
from tui.workspace.find import find_functions


@pytest.fixture(params=["every kind", "demo"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    root = tmp_path / "functions"
    if request.param == "demo":
        copy_workspace(root)
    else:
        lay_out(root, assembled(COMMAND))
    return root


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def heads(text: str, names: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    """Name -> (sign, the words behind it), from lines that begin with a sign and a name."""
    found = {}
    for line in text.splitlines():
        sign, _, rest = line.partition(" ")
        name, _, words = rest.partition(" ")
        if name in names and len(sign) == 1:
            found[name] = (sign, words.strip())
    return found


async def on_screen(workspace: Path) -> dict[str, str]:
    async with opened(workspace, compiler="tinygo") as stage:
        store = stage.app.bench.store
        states = {path: stage.state(path) for path in store.paths}
        for path, state in states.items():
            assert store[path].state == state
        assert {state: store.counts[state] for state in STATES if store.counts[state]} == {
            state: list(states.values()).count(state) for state in set(states.values())
        }
        return states


async def test_one_answer(workspace: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    monkeypatch.setenv("COLUMNS", "200")
    terms = terms_here()
    functions = find_functions(workspace)[0]
    found = {function.path: assess(function, terms) for function in functions}
    states = {path: one.state for path, one in found.items()}
    verdicts = {path: one.verdict_word for path, one in found.items()}
    if "ready" in found:
        assert {path: (states[path], verdicts[path]) for path in found} == EXPECTED

    assert await on_screen(workspace) == states

    capfd.readouterr()
    code = main(["check", "--json"])
    checked = records(capfd.readouterr().out)
    assert {one["dir"]: (one["state"], one["verdict"]) for one in checked} == {
        path: (states[path], verdicts[path]) for path in found
    }
    assert code == (1 if set(verdicts.values()) & BAD else 0)

    main(["list", "--json"])
    assert {one["dir"]: one["state"] for one in records(capfd.readouterr().out)} == states

    main(["list"])
    listed = capfd.readouterr().out
    for path, (sign, words) in heads(listed, found).items():
        assert sign == STATES[states[path]].glyph
        assert states[path] in words
    assert listed.splitlines()[-1] == summary_line(states.values())

    main(["check"])
    printed = capfd.readouterr().out
    told = heads(printed, found)
    assert set(told) == set(found)
    for path, (sign, words) in told.items():
        assert sign == STATES[states[path]].glyph
        assert words.startswith((states[path], "· unbuilt" if states[path] == "unbuilt" else "✓ fits"))
    assert printed.splitlines()[-1] == summary_line(states.values())


def test_exit_codes(capfd: pytest.CaptureFixture[str], kinds: Path) -> None:
    for name, (_, verdict, *_) in EXPECTED.items():
        directory = str(kinds / name)
        assert main(["check", directory]) == (1 if verdict in BAD else 0), name
        assert main(["check", directory, "--strict"]) == (1 if verdict in BAD | UNCERTAIN else 0), name
    out = capfd.readouterr().out
    assert "Traceback" not in out


@pytest.fixture
def kinds(tmp_path: Path) -> Path:
    root = tmp_path / "functions"
    lay_out(root, assembled(COMMAND))
    return root


def test_build_stale_builds_what_the_others_do_not_call_up_to_date(kinds: Path) -> None:
    from tui.cli.commands.build import _workspace

    chosen, _, _ = _workspace(str(kinds), "tinygo", None)
    fresh = {name for name, (state, _) in EXPECTED.items() if state in ("ready", "warnings")}
    assert not fresh & {function.directory.name for function in chosen}
    assert {name for name, (state, _) in EXPECTED.items() if state in ("stale", "unbuilt", "failed")} <= {
        function.directory.name for function in chosen
    }
