from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import pytest

from tui.assessment.assess import watched
from tui.assessment.terms import terms_here
from tui.building.watch.planner import ChangePlan, WatchPlanner
from tui.workspace.find import find_functions

GO = "package main\n\nfunc main() {}\n"
USES_SHARED = 'package main\n\nimport _ "example.com/ws/shared"\n\nfunc main() {}\n'


def add(root: Path, name: str, source: str = GO, yaml: str = "name: fn\n") -> Path:
    directory = root / name
    directory.mkdir(parents=True)
    (directory / "function.go").write_text(source)
    (directory / "function.yaml").write_text(yaml)
    return directory


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """chat and push import a shared package, echo does not."""
    root = tmp_path / "ws"
    (root / "shared").mkdir(parents=True)
    (root / "shared/shared.go").write_text("package shared\n")
    (root / "go.mod").write_text("module example.com/ws\n\ngo 1.24\n")
    for name, source in {"chat": USES_SHARED, "push": USES_SHARED, "echo": GO}.items():
        add(root, name, source)
    return root


@pytest.fixture
def planner(workspace: Path) -> WatchPlanner:
    planner = WatchPlanner(workspace, partial(watched, terms=terms_here()))
    planner.learn()
    return planner


def told(plan: ChangePlan) -> list[tuple[str, str]]:
    return [(rebuild.directory.name, rebuild.trigger) for rebuild in plan.rebuild]


def change(path: Path, text: str = "// more\n") -> Path:
    path.write_text(path.read_text() + text if path.exists() else text)
    return path


def test_a_source_rebuilds_its_function_alone(planner: WatchPlanner, workspace: Path) -> None:
    plan = planner.plan([change(workspace / "echo/function.go")])
    assert told(plan) == [("echo", "function.go changed")]
    assert plan.rebuild[0].file == workspace / "echo/function.go"


def test_the_same_content_rebuilds_nothing(planner: WatchPlanner, workspace: Path) -> None:
    os.utime(workspace / "echo/function.go")
    assert not planner.plan([workspace / "echo/function.go"])
    changed = [change(workspace / "echo/function.go")]
    assert planner.plan(changed)
    assert not planner.plan(changed)  # told once


def test_a_shared_package_rebuilds_what_imports_it(planner: WatchPlanner, workspace: Path) -> None:
    plan = planner.plan([change(workspace / "shared/shared.go")])
    assert told(plan) == [("chat", "../shared/shared.go changed"), ("push", "../shared/shared.go changed")]
    plan = planner.plan([change(workspace / "shared/more.go", "package shared\n")])
    assert told(plan) == [("chat", "../shared/more.go is new"), ("push", "../shared/more.go is new")]
    (workspace / "shared/more.go").unlink()
    plan = planner.plan([workspace / "shared/more.go"])
    assert told(plan) == [("chat", "../shared/more.go was removed"), ("push", "../shared/more.go was removed")]


def test_go_mod_rebuilds_all_below_it(planner: WatchPlanner, workspace: Path) -> None:
    plan = planner.plan([change(workspace / "go.mod")])
    assert [name for name, _ in told(plan)] == ["chat", "echo", "push"]


@pytest.mark.parametrize(
    "name", ["echo/function.wasm", "echo/function_test.go", "echo/notes.md", "README.md", "echo/x_windows.go"]
)
def test_what_is_no_input_rebuilds_nothing(planner: WatchPlanner, workspace: Path, name: str) -> None:
    assert not planner.plan([change(workspace / name, "package main\n")])


def test_a_new_import_names_the_file_that_was_saved(planner: WatchPlanner, workspace: Path) -> None:
    (workspace / "echo/function.go").write_text(USES_SHARED)
    assert told(planner.plan([workspace / "echo/function.go"])) == [("echo", "function.go changed")]
    plan = planner.plan([change(workspace / "shared/shared.go")])
    assert [name for name, _ in told(plan)] == ["chat", "echo", "push"]


def test_function_yaml_rebuilds_only_if_the_plan_changes(planner: WatchPlanner, workspace: Path) -> None:
    yaml = workspace / "echo/function.yaml"
    yaml.write_text("name: other\nmemory: 128\n")
    assert not planner.plan([yaml])
    yaml.write_text("name: other\nreactor: true\n")
    assert told(planner.plan([yaml])) == [("echo", "function.yaml changed the plan")]
    yaml.write_text("name: [\n")
    assert told(planner.plan([yaml])) == []
    yaml.write_text("name: other\nreactor: true\n")
    assert told(planner.plan([yaml])) == [("echo", "function.yaml changed the plan")]


def test_embedded_files(planner: WatchPlanner, workspace: Path) -> None:
    source = 'package main\n\nimport "embed"\n\n//go:embed static\nvar files embed.FS\n\nfunc main() {}\n'
    (workspace / "echo/static").mkdir()
    (workspace / "echo/static/a.html").write_text("<p>")
    (workspace / "echo/function.go").write_text(source)
    assert told(planner.plan([workspace / "echo/function.go"])) == [("echo", "function.go changed")]
    assert told(planner.plan([change(workspace / "echo/static/a.html")])) == [("echo", "static/a.html changed")]


def test_functions_come_and_go(planner: WatchPlanner, workspace: Path) -> None:
    new = add(workspace, "sub/new")
    plan = planner.plan([workspace / "sub", new, new / "function.go", new / "function.yaml"])
    assert plan.appeared == (new,)
    assert told(plan) == [("new", "it is new")]
    renamed = new.rename(workspace / "renamed")
    plan = planner.plan([new, renamed])
    assert (plan.appeared, plan.vanished) == ((renamed,), (new,))
    for path in renamed.iterdir():
        path.unlink()
    renamed.rmdir()
    plan = planner.plan([renamed, renamed / "function.go"])
    assert (plan.appeared, plan.vanished, plan.rebuild) == ((), (renamed,), ())


def test_a_function_without_sources_is_not_built_when_it_appears(planner: WatchPlanner, workspace: Path) -> None:
    (workspace / "empty").mkdir()
    (workspace / "empty/function.yaml").write_text("name: fn\n")
    plan = planner.plan([workspace / "empty/function.yaml"])
    assert plan.appeared == (workspace / "empty",)
    assert plan.rebuild == ()


def test_a_workspace_that_goes_away(planner: WatchPlanner, workspace: Path) -> None:
    workspace.rename(workspace.with_name("away"))
    assert [path.name for path in planner.plan([workspace]).vanished] == ["chat", "echo", "push"]
    workspace.with_name("away").rename(workspace)
    assert [path.name for path in planner.plan([workspace]).appeared] == ["chat", "echo", "push"]


def test_folders_outside_are_named(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/lib.go").write_text("package lib\n")
    (tmp_path / "go.mod").write_text("module m\n")
    add(tmp_path / "ws", "fn", 'package main\n\nimport _ "m/lib"\n')
    planner = WatchPlanner(tmp_path / "ws", partial(watched, terms=terms_here()))
    planner.learn()
    assert planner.outside == (tmp_path, tmp_path / "lib")
    assert told(planner.plan([change(tmp_path / "lib/lib.go")])) == [("fn", "../../lib/lib.go changed")]


@pytest.mark.parametrize("elsewhere", ["../outside", "shared/common"])
def test_a_save_where_a_link_leads_is_a_save_of_the_link(workspace: Path, elsewhere: str) -> None:
    folder = workspace / elsewhere
    folder.mkdir()
    for name, text in {"common.yaml": "name: fn\n", "more.go": "package main\n"}.items():
        (folder / name).write_text(text)
        for function in ("chat", "echo"):
            link = workspace / function / name.replace("common", "function")
            link.unlink(missing_ok=True)
            link.symlink_to(os.path.relpath(folder / name, link.parent))
    by_link = workspace.with_name("by-link")
    by_link.symlink_to(workspace)
    planner = WatchPlanner(by_link, partial(watched, terms=terms_here()))
    planner.learn()
    assert planner.outside == ((folder.resolve(),) if elsewhere == "../outside" else ())
    folder = Path(os.path.normpath(by_link / elsewhere))
    both = ("chat", "echo")
    assert told(planner.plan([change(folder / "more.go")])) == [(name, "more.go changed") for name in both]
    assert not planner.plan([change(folder / "common.yaml", "memory: 128\n")])
    plan = planner.plan([change(folder / "common.yaml", "reactor: true\n")])
    assert told(plan) == [(name, "function.yaml changed the plan") for name in both]
    own = by_link / "echo/more.go"
    own.unlink()
    own.write_text("package main\n\n// its own now\n")
    assert told(planner.plan([own])) == [("echo", "more.go changed")]
    (by_link / "echo/README").touch()
    assert not planner.plan([by_link / "echo/README"])
    assert told(planner.plan([change(folder / "more.go")])) == [("chat", "more.go changed")]


def test_a_save_that_makes_function_yaml_invalid_is_told_and_builds_nothing(
    planner: WatchPlanner, workspace: Path
) -> None:
    yaml = workspace / "echo/function.yaml"
    yaml.write_text("name: fn\nmemory: lots\n")
    plan = planner.plan([yaml, change(workspace / "echo/function.go")])
    assert told(plan) == []
    (refused,) = plan.refused
    assert refused.directory == workspace / "echo"
    assert refused.words.startswith("function.yaml:2 is refused, so nothing is built: ")
    assert refused.words.endswith("line 2: cannot unmarshal !!str `lots` into int")
    os.utime(yaml)
    assert not planner.plan([yaml])  # said once
    yaml.write_text("name: fn\nmemory: 128\n")
    assert [name for name, _ in told(planner.plan([yaml]))] == ["echo"]  # what was saved meanwhile is built


def test_the_workspace_is_walked_only_where_functions_may_have_come_or_gone(
    planner: WatchPlanner, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks: list[Path] = []

    def walked(root: Path) -> object:
        walks.append(root)
        return find_functions(root)

    monkeypatch.setattr("tui.building.watch.planner.find_functions", walked)
    (workspace / "echo/more.go").write_text("package main\n")
    planner.plan([workspace / "echo/more.go"])
    (workspace / "echo/more.go").unlink()
    for name in ("echo/function.go", "echo/function.yaml", "echo/Makefile", "LICENSE", "echo/more.go", "gone"):
        if name not in ("echo/more.go", "gone"):
            change(workspace / name, "\n")
        planner.plan([workspace / name])
    assert walks == []
    (workspace / "echo/function.go").unlink()
    assert told(planner.plan([workspace / "echo/function.go"])) == [("echo", "function.go was removed")]
    assert walks == []
    (workspace / "echo/function.yaml").unlink()
    assert planner.plan([workspace / "echo/function.yaml"]).vanished == (workspace / "echo",)
    assert len(walks) == 1
    (workspace / "folder.d").mkdir()
    planner.plan([workspace / "folder.d"])
    assert len(walks) == 2


@pytest.mark.parametrize(
    ("name", "text", "told_of"),
    [
        ("echo/function.go", "// more\n", [("echo", "function.go changed")]),
        (
            "shared/shared.go",
            "// more\n",
            [("chat", "../shared/shared.go changed"), ("push", "../shared/shared.go changed")],
        ),
        ("echo/function.yaml", "ws_persistent: true\n", [("echo", "function.yaml changed the plan")]),
    ],
)
def test_what_is_saved_before_the_first_look_at_it_is_rebuilt(
    workspace: Path, name: str, text: str, told_of: list[tuple[str, str]]
) -> None:
    """Of thousands of functions the first look takes seconds, in which it is followed already."""
    since = time.time()
    for path in workspace.rglob("*.*"):
        os.utime(path, (since - 60, since - 60))
    planner = WatchPlanner(workspace, partial(watched, terms=terms_here()), since=since)
    changed = change(workspace / name, text)
    planner.learn()
    assert told(planner.plan([changed])) == told_of
    assert not planner.plan([changed])
    os.utime(workspace / "push/function.go")
    assert not planner.plan([workspace / "push/function.go"])
