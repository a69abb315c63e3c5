"""What is kept of functions is what a fresh reading tells, or it is not used."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.assessment.workspaces import lay_out
from tests.monorepo import GO_MOD, SOURCE, module
from tests.settings.store.test_any_json import anything
from tui.assessment.assess import assess, stated
from tui.assessment.assessment import Assessment
from tui.assessment.kept.kept import _REST_NAMES, _STATE, STATES, Kept, _rests, kept_of
from tui.assessment.kept.witness import SETTLED_NS, Eye, Places
from tui.assessment.terms import Terms, terms_here
from tui.workspace.find import find_functions
from tui.workspace.function import Function

OLD = 1_700_000_000


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def settle(*folders: Path) -> None:
    """Wait until what was written is surely older than what reads it."""
    newest = max(
        path.stat().st_ctime_ns for folder in folders for path in (folder, *folder.rglob("*")) if path.exists()
    )
    while time.time_ns() < newest + 2 * SETTLED_NS:
        time.sleep(0.002)


def with_kept(root: Path) -> Terms:
    return terms_here(kept=kept_of(os.fspath(root)))


def known(function: Function, terms: Terms) -> tuple[Assessment | None, Assessment | None]:
    assert terms.kept is not None
    return terms.kept.whole(function, terms), terms.kept.stated(function, terms)


def timeless(found: Assessment) -> dict[str, object]:
    return {field.name: getattr(found, field.name) for field in fields(found) if field.name not in ("at", "module")}


def make(directory: Path, name: str = "fn") -> Function:
    directory.mkdir(parents=True)
    for file, text in (("function.yaml", f"name: {name}\n"), ("function.go", SOURCE), ("go.mod", GO_MOD)):
        (directory / file).write_text(text)
    (directory / "function.wasm").write_bytes(module(3000, reactor=False, sockets=False))
    for place, path in enumerate(sorted(directory.iterdir())):
        os.utime(path, (OLD + place, OLD + place))
    return Function(name, directory, has_yaml=True, has_go=True)


def test_every_field_is_kept() -> None:
    assert {*_STATE, *_REST_NAMES} == {field.name for field in fields(Assessment)} - {"function", "imports"}


@pytest.mark.slow
def test_functions_in_every_state_come_back_as_they_were(tmp_path: Path, echo_command: bytes) -> None:
    root = tmp_path / "ws"
    lay_out(root, echo_command)
    settle(root, tmp_path.parent)
    functions = find_functions(root)[0]
    terms = with_kept(root)
    fresh = {function.path: assess(function, terms) for function in functions}
    assert terms.kept is not None
    assert terms.kept.close() is None
    again = with_kept(root)
    kept = {function.path: known(function, again) for function in functions}
    assert sum(whole is not None for whole, _ in kept.values()) > 20
    for path, (whole, state) in kept.items():
        if whole is not None:
            assert timeless(whole) == timeless(fresh[path])
            outlined = again.kept.outlined(fresh[path].function, again) if again.kept is not None else None
            assert outlined is not None
            assert (outlined.is_whole, outlined.told) == (False, whole.told)
            assert (outlined.state, outlined.verdict_word) == (whole.state, whole.verdict_word)
            assert (whole.module is None) == (fresh[path].module is None)
        if state is not None:
            plain = stated(fresh[path].function, terms_here())
            assert (state.state, state.reading, state.plan, state.staleness, state.ended, state.verdict, state.ran) == (
                plain.state, plain.reading, plain.plan, plain.staleness, plain.ended, plain.verdict, plain.ran
            )  # fmt: skip


def test_a_module_comes_back_whole(tmp_path: Path, persistent_reactor: bytes) -> None:
    function = make(tmp_path / "ws" / "fn")
    (function.directory / "function.wasm").write_bytes(persistent_reactor)
    settle(tmp_path)
    terms = with_kept(tmp_path / "ws")
    fresh = assess(function, terms).module
    assert terms.kept is not None
    terms.kept.save()
    whole = known(function, terms)[0]
    assert fresh is not None
    assert whole is not None
    assert whole.module is not None
    assert len(fresh.data_segments) == 1000
    assert whole.module.data_segments == fresh.data_segments
    assert whole.module.data_segments[-1] == fresh.data_segments[-1]
    assert list(whole.module.body_offsets) == list(fresh.body_offsets)
    for field in fresh._fields:
        if field not in ("data_segments", "body_offsets"):
            assert getattr(whole.module, field) == getattr(fresh, field)


def test_a_module_is_known_by_its_stamp_whatever_else_changed(tmp_path: Path) -> None:
    function = make(tmp_path / "ws" / "fn")
    settle(tmp_path)
    terms = with_kept(tmp_path / "ws")
    fresh = assess(function, terms)
    kept = terms.kept
    assert kept is not None
    kept.save()
    outlined = kept.outlined(function, terms)
    assert outlined is not None
    assert outlined.module is None
    (function.directory / "function.go").write_text(SOURCE + "\n")
    assert kept.outlined(function, terms) is None
    found = kept.module(outlined)
    assert found is not None
    assert found.sections == (fresh.module.sections if fresh.module is not None else None)
    assert kept.module(replace(outlined, stamp=(1, 2, 3))) is None


def test_what_is_read_while_it_changes_is_not_kept(tmp_path: Path) -> None:
    function = make(tmp_path / "ws" / "fn")
    settle(tmp_path)
    terms = with_kept(tmp_path / "ws")
    assert terms.kept is not None
    begun = terms.kept.begin(function)
    assert begun is not None
    found = assess(function, terms_here())
    (function.directory / "function.yaml").write_text("name: another\n")
    terms.kept.keep(found, begun, terms)
    terms.kept.save()
    settle(tmp_path)
    assert known(function, terms) == (None, None)


def test_what_was_written_a_moment_ago_is_read_again(tmp_path: Path) -> None:
    function = make(tmp_path / "ws" / "fn")
    settle(tmp_path)
    terms = with_kept(tmp_path / "ws")
    (function.directory / "function.yaml").write_text("name: fn\n")
    assess(function, terms)
    assert terms.kept is not None
    terms.kept.save()
    assert known(function, terms) == (None, None)


def saved(tmp_path: Path) -> tuple[Function, Terms, Kept]:
    """A function whose assessment is kept."""
    function = make(tmp_path / "ws" / "fn")
    settle(tmp_path)
    terms = with_kept(tmp_path / "ws")
    assess(function, terms)
    assert terms.kept is not None
    terms.kept.save()
    return function, terms, terms.kept


def restored(path: Path, text: str) -> None:
    """Another text of the same size, and the time that was."""
    before = path.stat()
    path.write_text(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def vendored(folder: Path) -> None:
    (folder / "vendor").mkdir()
    (folder / "vendor" / "modules.txt").write_text("# x\n")


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "function.yaml").write_text("name: fn\nmemory: lots\n"),
        lambda folder: restored(folder / "function.yaml", "name: fm\n"),
        lambda folder: (folder / "more.go").write_text(SOURCE),
        lambda folder: (folder / "function.go").unlink(),
        lambda folder: (folder / "function.wasm").rename(folder / "gone"),
        lambda folder: (folder.parent / "go.work").write_text("go 1.22\n\nuse ./fn\n"),
        lambda folder: (folder.parent.parent / "go.mod").write_text("module above\n"),
        vendored,
        lambda folder: os.utime(folder / "function.go", (OLD + 9_000, OLD + 9_000)),
    ],
)
def test_a_change_is_seen(tmp_path: Path, change: Callable[[Path], object]) -> None:
    function, terms, _ = saved(tmp_path)
    assert known(function, terms)[0] is not None
    change(function.directory)
    assert known(function, with_kept(tmp_path / "ws")) == (None, None)


def test_another_contract_compiler_or_wish_to_validate_is_another_question(tmp_path: Path) -> None:
    function, terms, kept = saved(tmp_path)
    others = (
        terms_here(kept=kept, contract_id="another"),
        terms_here(kept=kept, compiler="go"),
        terms_here(kept=kept, validate=True),
    )
    for other in others:
        assert kept.whole(function, other) is None
    assert kept.whole(function, terms) is not None


@pytest.mark.parametrize("name", ["go.work", "go.work.sum", "vendor/modules.txt"])
@pytest.mark.parametrize("is_member", [True, False])
def test_of_a_workspace_that_is_chosen_the_files_count_wherever_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_member: bool
) -> None:
    function = make(tmp_path / "ws" / "fn")
    work = tmp_path / "elsewhere" / "go.work"
    (work.parent / "vendor").mkdir(parents=True)
    work.write_text(f"go 1.22\n\nuse {function.directory}\n" if is_member else "go 1.22\n")
    settle(tmp_path)
    monkeypatch.setenv("GOWORK", str(work))
    terms = with_kept(tmp_path / "ws")
    fresh = assess(function, terms)
    assert terms.kept is not None
    terms.kept.save()
    whole = known(function, with_kept(tmp_path / "ws"))[0]
    assert whole is not None
    assert timeless(whole) == timeless(fresh)
    with (work.parent / name).open("a") as file:
        file.write("// more\n")
    assert known(function, with_kept(tmp_path / "ws")) == (None, None)
    monkeypatch.setenv("GOWORK", "off")
    assert known(function, with_kept(tmp_path / "ws")) == (None, None)


def test_nothing_is_kept_by_a_go_work_that_is_another_in_each_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = make(tmp_path / "ws" / "fn")
    settle(tmp_path)
    monkeypatch.setenv("GOWORK", "go.work")
    terms = with_kept(tmp_path / "ws")
    assess(function, terms)
    assert terms.kept is not None
    terms.kept.save()
    assert known(function, terms) == (None, None)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """What is written of one function: the first value and the second."""
    root = tmp_path_factory.mktemp("written")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(root / "cache"))
        patch.setenv("XDG_STATE_HOME", str(root / "state"))
        function = make(root / "ws" / "fn")
        settle(root)
        terms = with_kept(root / "ws")
        found = assess(function, terms)
        assert terms.kept is not None
        (_, _, state), (_, _, rest) = terms.kept._new
        assert found.verdict is not None
        yield json.loads(json.dumps(STATES.encode(state))), json.loads(json.dumps(_rests().encode(rest)))


@given(data=st.data(), other=anything)
def test_whatever_stands_in_a_part_is_refused_or_is_of_its_kind(
    written: tuple[dict[str, object], dict[str, object]], data: st.DataObject, other: object
) -> None:
    which = data.draw(st.integers(0, 1))
    document = json.loads(json.dumps(written[which]))
    here, key = document, "kept"
    while isinstance(here[key], list | dict) and here[key] and data.draw(st.booleans()):
        here = here[key]
        key = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
    here[key] = other
    table = (STATES, _rests())[which]
    value = table.decode(document)
    assert value is None or table.decode(json.loads(json.dumps(table.encode(value)))) == value


def test_escapes_in_what_is_shown_as_it_is_are_refused(written: tuple[dict[str, object], dict[str, object]]) -> None:
    text = json.dumps(written[1])
    assert "exit" in text
    assert _rests().decode(json.loads(text)) is not None
    assert _rests().decode(json.loads(text.replace('"exit"', '"\\u001b]0;x\\u0007"'))) is None


def test_a_look_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    function = make(tmp_path / "fn")
    assert Eye().witness(str(function.directory), Places()) is not None
    monkeypatch.setattr("tui.assessment.kept.witness.MOST", 3)
    assert Eye().witness(str(function.directory), Places()) is None


def test_a_tree_with_a_link_to_a_folder_is_more_than_can_be_held(tmp_path: Path) -> None:
    function = make(tmp_path / "fn")
    tree = function.directory / "data"
    (tree / "inner").mkdir(parents=True)
    places = Places(trees=(str(tree),))
    first = Eye().witness(str(function.directory), places)
    assert first is not None
    (tree / "inner" / "file").write_text("x")
    second = Eye().witness(str(function.directory), places)
    assert second is not None
    assert second.digest != first.digest
    (tree / "link").symlink_to(tmp_path)
    assert Eye().witness(str(function.directory), places) is None


def test_kept_needs_no_database(tmp_path: Path) -> None:
    function = make(tmp_path / "ws" / "fn")
    settle(tmp_path)
    (tmp_path / "cache").write_text("no folder")
    terms = with_kept(tmp_path / "ws")
    assert isinstance(terms.kept, Kept)
    assert assess(function, terms).state == assess(function, terms_here()).state
    problem = terms.kept.close()
    assert problem is not None
    assert "cannot use the database" in problem
