"""New functions build as they are, and nothing that was there is touched."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.disks import fill
from tests.gobuild import go_environment, go_executable
from tui.wasm.decode.decode import decode
from tui.wasm.module import Module
from tui.workspace.scaffold import KINDS, FunctionKind, ScaffoldError, create_function, module_above, name_problem

EXPORTS = {
    "command": {"memory", "_start"},
    "persistent": {"memory", "_initialize", "ws_open", "ws_frame", "ws_close", "orama_alloc"},
    "reactor": {"memory", "_initialize", "handle", "malloc"},
}


def build(directory: Path, *, shared: bool) -> Module:
    argv = [go_executable(), "build", "-o", "function.wasm", *(["-buildmode=c-shared"] if shared else []), "."]
    done = subprocess.run(argv, cwd=directory, env=go_environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    module = decode((directory / "function.wasm").read_bytes())
    assert module.ok, module.errors
    return module


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_builds_as_it_is(kind: FunctionKind, tmp_path: Path) -> None:
    made = create_function(tmp_path, "first-Try_1", kind)
    directory = tmp_path / "first-Try_1"
    assert {path.name for path in made} >= {"function.yaml", "function.go", "go.mod"}
    assert sorted(made) == sorted(directory.iterdir())
    config = yaml.safe_load((directory / "function.yaml").read_text())
    shared = bool(config.get("ws_persistent") or config.get("reactor"))
    assert (config["name"], shared) == ("first-Try_1", kind != "command")
    module = build(directory, shared=shared)
    assert module.mode == ("command" if kind == "command" else "reactor")
    assert {export.name for export in module.exports} == EXPORTS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_templates_are_formatted(kind: FunctionKind, tmp_path: Path) -> None:
    create_function(tmp_path, "f", kind)
    gofmt = Path(go_executable()).parent / "gofmt"
    assert subprocess.run([gofmt, "-l", tmp_path], capture_output=True, text=True, check=True).stdout == ""


def test_no_template_keeps_its_place_holder(tmp_path: Path) -> None:
    for kind in KINDS:
        for path in create_function(tmp_path, kind, kind):
            assert "NAME" not in path.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["internal", "main", "testdata", "null", "Yes", "x" * 200])
def test_odd_names_that_the_deploy_tool_takes_build_too(name: str, tmp_path: Path) -> None:
    create_function(tmp_path, name, "persistent")
    assert yaml.safe_load((tmp_path / name / "function.yaml").read_text())["name"] == name
    build(tmp_path / name, shared=True)


@given(name=st.one_of(st.text(max_size=8), st.text(alphabet="aZ0_-\n é", max_size=6)))
def test_names_are_judged_by_the_deploy_tools_pattern(name: str) -> None:
    accepted = re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_-]*", name) is not None
    assert (name_problem(name) is None) == accepted


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "'name' is required"),
        ("1st", "'name' must start with a letter and contain only letters, digits, hyphens, or underscores"),
        ("a/1b", "'name' must start with a letter"),
        ("..", "'name' must start with a letter"),
        ("a\n", "'name' must start with a letter"),
        ("vendor", "is never searched for functions"),
        ("x" * 300, "cannot be created: File name too long"),
    ],
)
def test_a_name_that_will_not_do(name: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match=words):
        create_function(tmp_path, name, "command")
    assert list(tmp_path.iterdir()) == []


def test_the_place_must_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ScaffoldError, match=r"directory does not exist: .*/none$"):
        create_function(tmp_path / "none", "f", "command")
    with pytest.raises(ScaffoldError, match="is not a directory"):
        create_function(tmp_path / "file", "f", "command")


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/function.go").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("full", "file", "link"):
        with pytest.raises(ScaffoldError, match="is there already"):
            create_function(tmp_path, name, "command")
    assert (tmp_path / "full/function.go").read_text() == (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full", "link"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    assert create_function(tmp_path, "f", "command")


@pytest.mark.parametrize("there", [True, False])
def test_a_failed_write_leaves_nothing(small_disk: Path, there: bool) -> None:
    if there:
        (small_disk / "f").mkdir()
    fill(small_disk)
    with pytest.raises(ScaffoldError, match="cannot be created: No space left on device"):
        create_function(small_disk, "f", "command")
    assert sorted(path.name for path in small_disk.iterdir()) == [*(["f"] if there else []), "filling"]
    assert not there or list((small_disk / "f").iterdir()) == []


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A module with a package that functions share."""
    (tmp_path / "go.mod").write_text("module example.com/shop\n\ngo 1.22\n")
    (tmp_path / "money").mkdir()
    (tmp_path / "money/money.go").write_text("package money\n\nconst Cent = 1\n")
    return tmp_path


@pytest.mark.slow
def test_below_a_go_mod_it_is_of_that_module_and_imports_its_packages(shop: Path) -> None:
    made = create_function(shop, "services/billing/charge", "command")
    directory = shop / "services/billing/charge"
    assert sorted(path.name for path in made) == ["function.go", "function.yaml"]
    assert "name: charge" in (directory / "function.yaml").read_text()
    source = (directory / "function.go").read_text()
    (directory / "function.go").write_text(source.replace("import (", 'import (\n\t_ "example.com/shop/money"', 1))
    build(directory, shared=False)


@pytest.mark.slow
def test_a_module_of_its_own_when_asked_for(shop: Path) -> None:
    made = create_function(shop, "charge", "command", "own")
    assert "go.mod" in [path.name for path in made]
    build(shop / "charge", shared=False)


def test_there_must_be_a_module_to_be_part_of(tmp_path: Path) -> None:
    if module_above(tmp_path / "x") is not None:
        pytest.skip("a go.mod lies above the temporary folder")
    with pytest.raises(ScaffoldError, match=r"no go\.mod above"):
        create_function(tmp_path, "a/x", "command", "shared")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a//x", ".git/x", "a/../x", "vendor/x", "a/", "a/1x", "a/\0/x"])
def test_no_path_leads_out_of_the_workspace_or_into_hidden_folders(path: str, tmp_path: Path) -> None:
    workspace = tmp_path / "ws"
    workspace.mkdir()
    with pytest.raises(ScaffoldError):
        create_function(workspace, path, "command")
    assert list(workspace.iterdir()) == []


def test_folders_are_not_made_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "ws/services").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ScaffoldError, match="is a link"):
        create_function(tmp_path / "ws", "services/x", "command")
    assert list((tmp_path / "elsewhere").iterdir()) == []
