from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tui.workspace.find import find_functions, iter_functions
from tui.workspace.function import FindProblem, Function
from tui.workspace.names import module_command


def put(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")


def paths(root: Path) -> list[str]:
    return [function.path for function in find_functions(root)[0]]


def test_a_function_is_a_folder_with_a_yaml_or_a_go_file(tmp_path: Path) -> None:
    put(tmp_path, "a/function.yaml", "b/function.go", "c/function.yaml", "c/function.go", "d/main.go")
    functions, problems = find_functions(tmp_path)
    assert functions == [
        Function("a", tmp_path / "a", has_yaml=True, has_go=False),
        Function("b", tmp_path / "b", has_yaml=False, has_go=True),
        Function("c", tmp_path / "c", has_yaml=True, has_go=True),
    ]
    assert problems == []


def test_the_workspace_itself_and_nested_functions_count(tmp_path: Path) -> None:
    put(tmp_path, "function.yaml", "a/function.yaml", "a/b/c/function.yaml")
    assert paths(tmp_path) == [".", "a", "a/b/c"]


def test_sorted_as_a_tree_is_read(tmp_path: Path) -> None:
    put(tmp_path, "a-b/function.go", "a/z/function.go", "a/function.go", "B/function.go", "a.b/function.go")
    assert paths(tmp_path) == ["B", "a", "a/z", "a-b", "a.b"]
    assert [found.path for found in iter_functions(tmp_path)] == ["B", "a", "a/z", "a-b", "a.b"]


@pytest.mark.parametrize("folder", [".git", ".hidden", "node_modules", "vendor", "x/vendor/y", "x/.cache"])
def test_foreign_folders_are_skipped(tmp_path: Path, folder: str) -> None:
    put(tmp_path, f"{folder}/function.yaml", "ok/function.yaml")
    assert paths(tmp_path) == ["ok"]


def test_a_workspace_inside_a_hidden_folder_is_searched(tmp_path: Path) -> None:
    put(tmp_path, ".work/vendor/a/function.yaml")
    assert paths(tmp_path / ".work" / "vendor") == ["a"]


def test_a_relative_root_gives_absolute_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a/function.yaml")
    monkeypatch.chdir(tmp_path)
    assert find_functions(Path())[0][0].directory == tmp_path / "a"


def test_symlink_loops_are_survived_and_reported(tmp_path: Path) -> None:
    put(tmp_path, "w/a/function.yaml")
    (tmp_path / "w/a/up").symlink_to("..")
    (tmp_path / "w/a/here").symlink_to(".")
    (tmp_path / "w/above").symlink_to("../..")
    (tmp_path / "w/self").symlink_to("self")
    functions, problems = find_functions(tmp_path / "w")
    assert [function.path for function in functions] == ["a"]
    assert [problem.path for problem in problems] == ["a/here", "a/up", "above", "self"]
    assert all("symbolic link" in problem.message for problem in problems)


def test_a_link_within_the_workspace_adds_no_second_entry(tmp_path: Path) -> None:
    put(tmp_path, "real/function.yaml")
    (tmp_path / "alias").symlink_to("real")
    assert find_functions(tmp_path)[0] == [Function("real", tmp_path / "real", has_yaml=True, has_go=False)]


def test_a_link_to_what_is_skipped_inside_is_followed(tmp_path: Path) -> None:
    put(tmp_path, ".store/fn/function.yaml")
    (tmp_path / "fn").symlink_to(".store/fn")
    assert paths(tmp_path) == ["fn"]


def test_a_link_out_of_the_workspace_is_followed_once(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/fn/function.yaml", "w/own/function.yaml")
    for name in ("one", "two"):
        (tmp_path / "w" / name).symlink_to(tmp_path / "elsewhere")
    functions, problems = find_functions(tmp_path / "w")
    assert len(functions) == 2
    assert functions[1].path == "own"
    assert functions[0].path in {"one/fn", "two/fn"}
    assert problems == []


def test_links_that_cross_between_two_outside_folders_end(tmp_path: Path) -> None:
    put(tmp_path, "x/function.yaml", "y/function.yaml", "w/function.yaml")
    (tmp_path / "x/to-y").symlink_to(tmp_path / "y")
    (tmp_path / "y/to-x").symlink_to(tmp_path / "x")
    (tmp_path / "w/x").symlink_to(tmp_path / "x")
    functions, _ = find_functions(tmp_path / "w")
    assert [function.path for function in functions] == [".", "x", "x/to-y"]


def test_a_dangling_config_link_is_a_function_still(tmp_path: Path) -> None:
    (tmp_path / "function.yaml").symlink_to("nowhere")
    assert paths(tmp_path) == ["."]


def test_a_missing_root_is_a_problem(tmp_path: Path) -> None:
    functions, problems = find_functions(tmp_path / "none")
    assert functions == []
    assert [(problem.path, "no such folder" in problem.message) for problem in problems] == [(".", True)]


def test_a_file_as_root_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "file")
    assert [problem.message for problem in find_functions(tmp_path / "file")[1]] == ["not a directory"]


def test_a_folder_that_vanishes_during_the_search_is_reported(tmp_path: Path) -> None:
    put(tmp_path, "a/function.yaml", "b/c/function.yaml", "d/function.yaml")
    found: list[Function | FindProblem] = []
    for thing in iter_functions(tmp_path):
        found.append(thing)
        if thing.path == "a":
            shutil.rmtree(tmp_path / "b")
    assert [thing.path for thing in found] == ["a", "b", "d"]
    assert isinstance(found[1], FindProblem)
    assert "vanished" in found[1].message


def test_an_unreadable_folder_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a/function.yaml", "locked/x/function.yaml", "z/function.yaml")
    real_scandir = os.scandir

    def scandir(path: str) -> object:
        # Root reads everything, so the refusal is made here.
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return real_scandir(path)

    monkeypatch.setattr(os, "scandir", scandir)
    functions, problems = find_functions(tmp_path)
    assert [function.path for function in functions] == ["a", "z"]
    assert problems == [FindProblem("locked", "permission denied")]


def test_names_that_are_not_utf8_are_found(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff[x]\x1b")
    put(tmp_path, f"{name}/function.yaml")
    assert paths(tmp_path) == [name]


def test_folders_nested_beyond_the_recursion_limit_are_searched(tmp_path: Path) -> None:
    depth = 1200
    folders = [os.open(tmp_path, os.O_RDONLY)]
    try:
        for _ in range(depth):
            os.mkdir("d", dir_fd=folders[-1])
            folders = [*folders[-1:], os.open("d", os.O_RDONLY, dir_fd=folders[-1])]
            os.close(folders.pop(0))
        os.close(os.open("function.yaml", os.O_CREAT | os.O_WRONLY, dir_fd=folders[-1]))
        assert paths(tmp_path) == ["/".join("d" * depth)]
    finally:
        os.close(folders.pop())
        remove_deep(tmp_path / "d")


def remove_deep(folder: Path) -> None:
    """Remove a chain of folders that is too deep for a recursive removal, such as pytest's own of old runs."""
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_the_search_is_lazy(tmp_path: Path) -> None:
    put(tmp_path, "a/function.yaml")
    search = iter_functions(tmp_path)
    assert next(search).path == "a"
    put(tmp_path, "never/function.yaml")
    assert list(search) == []


@pytest.mark.parametrize("name", ["", ".", "..", "-x", "_x", "a b", "日本語", "rocket-🚀", "a$(b)"])
def test_the_command_that_makes_a_go_mod_is_one_that_go_takes(name: str) -> None:
    assert module_command("pay-2_x") == "go mod init pay-2_x"
    assert module_command(name) == "go mod init function"
