"""What is told of many functions in a moment never leaves out one that a change concerns."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui.building.inputs.inputs import Inputs
from tui.building.watch.nearness import Nearness
from tui.building.watch.planner import Seen, WatchPlanner

NAMES = ("a", "b", "lib")
FILES = ("x.go", "x_test.go", "x.c", "go.mod", "go.work", "function.yaml", "data", "b")
folders = st.lists(st.sampled_from(NAMES), max_size=3).map(lambda parts: Path("/w", *parts))
paths = st.tuples(folders, st.sampled_from(FILES)).map(lambda pair: pair[0] / pair[1])


@given(
    directory=folders,
    packages=st.lists(folders, max_size=2),
    roots=st.lists(folders, max_size=1),
    files=st.lists(st.sampled_from(("x.go", "../lib/x.go", "../../go.mod", "../data")), max_size=3),
    changed=st.lists(paths | folders, min_size=1, max_size=4),
)
def test_no_function_that_a_change_concerns_is_passed_over(
    directory: Path, packages: list[Path], roots: list[Path], files: list[str], changed: list[Path]
) -> None:
    manifest = dict.fromkeys(files, "digest")
    inputs = Inputs(directory, manifest, (directory, *packages), tuple(roots), None, 0.0)
    planner = WatchPlanner(Path("/w"), lambda _: Seen(inputs, None))
    planner._see(directory)
    touching = planner._touching(directory, changed)
    near = {path for path in changed if directory in planner._nearness.near(path)}
    assert near >= set(touching)
    one_by_one = [
        path
        for path in changed
        if path == directory / "function.yaml" or inputs.concerns(path) or directory.is_relative_to(path)
    ]
    assert touching == one_by_one


@given(
    known=st.lists(folders, max_size=6),
    gone=st.lists(folders, max_size=3),
    folder=folders,
)
def test_what_lies_below_a_folder(known: list[Path], gone: list[Path], folder: Path) -> None:
    nearness = Nearness()
    for directory in known:
        nearness.put(Inputs(directory, {"x.go": "digest"}, (directory,), (), None, 0.0))
    nearness.below("/w")
    for directory in set(gone) & set(known):
        nearness.drop(directory)
    left = set(known) - set(gone)
    assert nearness.below(str(folder)) == {path for path in left if path.is_relative_to(folder)}
    assert nearness.near(folder / "x.go") == left & {folder} | {path for path in left if path == folder / "x.go"}
