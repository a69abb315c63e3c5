from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.building.record.history import (
    BUILDS_KEPT,
    MANIFEST_KEPT,
    BuildRecord,
    History,
    history_path,
    load_history,
    record_build,
)

FN = Path("/workspace/chat")


def built(size: int, finished: float = 1.0) -> BuildRecord:
    return BuildRecord(finished=finished, seconds=2.5, status="built", size=size, argv=("tinygo", "build"))


def failed(finished: float = 2.0) -> BuildRecord:
    return BuildRecord(finished=finished, seconds=0.5, status="failed", error="no")


def test_nothing_on_record() -> None:
    assert load_history(FN) == History()


def test_what_is_recorded_comes_back() -> None:
    first = BuildRecord(
        1.5, 3.25, "built", "go", "go1.27", "reactor", 82_000, "f" * 32, 12345, ("go",), None, "a.go changed"
    )
    assert record_build(FN, first, {"function.go": "ab"}) is None
    assert record_build(FN, failed()) is None
    found = load_history(FN)
    assert found.builds == (first, failed())
    assert found.manifest == {"function.go": "ab"}
    assert (found.last, found.last_built, found.expected_seconds) == (failed(), first, 3.25)
    assert found.problem is None


def test_functions_of_one_name_are_kept_apart() -> None:
    record_build(Path("/a/chat"), built(1))
    record_build(Path("/b/chat"), built(2))
    assert load_history(Path("/a/chat")).sizes == (1,)
    assert load_history(Path("/b/chat")).sizes == (2,)


def test_the_number_of_builds_is_bounded() -> None:
    for number in range(BUILDS_KEPT + 5):
        record_build(FN, built(number))
    assert load_history(FN).sizes == tuple(range(5, BUILDS_KEPT + 5))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b'{"version": 99, "builds": []}',
        b'{"version": 1}',
        b"\xff\xfe",
        b"[" * 200_000,
    ],
)
def test_a_damaged_file_is_survived_with_a_word_and_replaced(content: bytes) -> None:
    path = history_path(FN)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    found = load_history(FN)
    assert found.builds == ()
    assert found.problem is not None
    assert str(path) in found.problem
    assert record_build(FN, built(1)) is None
    assert load_history(FN) == History((built(1),))


def test_damaged_records_are_left_out_the_others_kept() -> None:
    record_build(FN, built(1))
    path = history_path(FN)
    content = json.loads(path.read_text())
    content["builds"] += [{"finished": "x", "seconds": 1, "status": "built"}, 7, {"status": "built"}]
    path.write_text(json.dumps(content))
    found = load_history(FN)
    assert found.builds == (built(1),)
    assert found.problem is not None


def test_records_of_a_newer_version_with_more_fields_are_read() -> None:
    record_build(FN, built(1))
    path = history_path(FN)
    content = json.loads(path.read_text())
    content["builds"][0]["colour"] = "blue"
    path.write_text(json.dumps(content))
    assert load_history(FN).builds == (built(1),)


def test_state_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    problem = record_build(FN, built(1))
    assert problem is not None
    assert "cannot keep the build history" in problem
    assert load_history(FN).builds == ()


def test_as_many_names_and_phases_as_are_kept_come_back() -> None:
    names = {f"{number}.go": "" for number in range(MANIFEST_KEPT)}
    phases = tuple((f"phase {number}", 1.0) for number in range(20))
    record_build(FN, built(10)._replace(phases=phases), names)
    assert (len(load_history(FN).manifest), load_history(FN).builds[0].phases) == (MANIFEST_KEPT, phases)
    record_build(FN, built(10)._replace(phases=(*phases, ("one more", 1.0))), {**names, "more.go": ""})
    assert (len(load_history(FN).manifest), load_history(FN).builds[1].phases) == (0, ())


def test_a_good_build_of_no_known_size_has_none_among_the_sizes() -> None:
    assert History((built(10), built(0)._replace(size=None), built(30))).sizes == (10, 30)


def test_a_file_that_cannot_be_read() -> None:
    history_path(FN).mkdir(parents=True)
    problem = load_history(FN).problem
    assert problem is not None
    assert "cannot read" in problem


def test_no_temporary_file_is_left() -> None:
    record_build(FN, built(1))
    names = {path.name for path in history_path(FN).parent.iterdir()}
    assert names == {".lock", history_path(FN).name}


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    path = history_path(FN)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert isinstance(load_history(FN), History)


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
)


@given(st.lists(st.dictionaries(st.sampled_from(BuildRecord._fields), SCALARS) | SCALARS, max_size=4))
def test_any_records(builds: list[object]) -> None:
    path = history_path(FN)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 1, "builds": builds, "manifest": builds}))
    found = load_history(FN)
    assert all(isinstance(build.seconds, int | float) for build in found.builds)
    assert all(isinstance(size, int) for size in found.sizes)
