"""Private paths of a worker: one builder at a time, nothing left, and nothing of others touched."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building.faking import wait_until
from tui.building.guard.guard import Guard
from tui.building.inputs.sources import digest_of
from tui.cluster.blobs import SMALL, BlobError, Blobs
from tui.cluster.orders import SentFile
from tui.cluster.trees import SOURCES, VARIABLE, Base, claim, close, lay_out, make_folder_in, open_base, sweep

NAME = "0123abcd"


@pytest.fixture
def guard() -> Iterator[Guard]:
    made = Guard()
    yield made
    made.close()


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Base:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "builds"))
    return open_base(tmp_path)


def blobs(tmp_path: Path, *contents: bytes, room: int = 1 << 20) -> Blobs:
    folder = tmp_path / "blobs"
    folder.mkdir(exist_ok=True)
    store = Blobs(os.open(folder, os.O_RDONLY), room, room)
    for content in contents:
        store.put(digest_of(content), 0, content, last=True)
    return store


def sent(name: str, content: bytes) -> SentFile:
    return SentFile(name, digest_of(content), len(content))


def test_one_builder_at_a_time(base: Base, guard: Guard) -> None:
    tree = claim(base, NAME, guard)
    assert tree is not None
    assert claim(base, NAME, guard) is None
    other = claim(base, "45ef", guard)
    assert other is not None
    close(tree, guard)
    again = claim(base, NAME, guard)
    assert again is not None
    for each in (other, again):
        assert close(each, guard) is None
    assert list(base.path.iterdir()) == []


def test_what_a_power_cut_left_is_removed(base: Base, guard: Guard) -> None:
    (base.path / NAME / "src/deep").mkdir(parents=True)
    (base.path / NAME / "src/deep/left").write_text("left")
    tree = claim(base, NAME, guard)
    assert tree is not None
    assert list(tree.sources.iterdir()) == []
    close(tree, guard)


def test_what_a_power_cut_left_is_removed_when_a_worker_starts(base: Base, guard: Guard) -> None:
    used, left = claim(base, NAME, guard), claim(base, "45ef", guard)
    assert used is not None
    assert left is not None
    os.close(left.opened)  # as a kernel does it
    guard.release(left.ident)
    (base.path / "mine").mkdir()
    (base.path / "mine/file").write_text("a person's own")
    (base.path / "private").mkdir()
    (base.path / "private/private").write_bytes((used.path / "private").read_bytes())  # a copy is none

    def is_swept() -> bool:
        sweep(base)
        return not left.path.exists()

    wait_until(is_swept, "what is nobody's is left", 40)  # the guard lets go of it in its own time
    assert {path.name for path in base.path.iterdir()} == {NAME, "mine", "private"}
    close(used, guard)


def test_a_link_in_its_place_is_not_followed(base: Base, guard: Guard, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").write_text("kept")
    (base.path / NAME).symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match=r"symbolic link|Not a directory"):
        claim(base, NAME, guard)
    assert (tmp_path / "precious/file").read_text() == "kept"


@pytest.mark.parametrize("name", ["", "..", "a/b", "-"])
def test_a_name_stays_in_the_base(base: Base, guard: Guard, name: str) -> None:
    with pytest.raises(OSError, match="no name of a private path"):
        claim(base, name, guard)


def test_the_guard_removes_what_a_killed_worker_leaves(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom tui.building.guard.guard import process_guard\n"
        "from tui.cluster.trees import claim, open_base, own_folder\nguard = process_guard()\n"
        "own_folder(Path(sys.argv[1]), guard)\nclaim(open_base(Path(sys.argv[1])), 'abc', guard)\n"
        "print(os.listdir(sys.argv[1]), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, VARIABLE: str(tmp_path / "builds")}
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], env=environment, capture_output=True, text=True, check=False
    )
    assert "fn-tui-" in done.stdout, done.stderr
    wait_until(lambda: not list((tmp_path / "builds").iterdir()), "the private path is left", 40)
    wait_until(lambda: [each.name for each in tmp_path.iterdir()] == ["builds"], "its files are left", 40)


def test_a_base_of_others_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, mode in (("open", 0o777), ("group", 0o770)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
        monkeypatch.setenv(VARIABLE, str(tmp_path / name))
        found = open_base(tmp_path)
        assert found == Base(tmp_path / "builds", found.opened, shared=False)
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "link"))
    assert not open_base(tmp_path).shared


def test_files_are_laid_out_below_it(base: Base, guard: Guard, tmp_path: Path) -> None:
    tree = claim(base, NAME, guard)
    assert tree is not None
    files = [sent("a.go", b"a"), sent("deep/er/b.go", b"b"), sent("deep/c.go", b"a")]
    lay_out(tree, SOURCES, files, blobs(tmp_path, b"a", b"b"))
    make_folder_in(tree, "empty/folder")
    assert {str(path.relative_to(tree.sources)) for path in tree.sources.rglob("*") if path.is_file()} == {
        "a.go",
        "deep/er/b.go",
        "deep/c.go",
    }
    assert (tree.sources / "deep/er/b.go").read_bytes() == b"b"
    assert (tree.sources / "empty/folder").is_dir()
    close(tree, guard)


@pytest.mark.parametrize("name", ["../a", "/a", "a//b", "a/../../b", ".", "", "a/\0"])
def test_no_name_leads_out_of_it(base: Base, guard: Guard, tmp_path: Path, name: str) -> None:
    tree = claim(base, NAME, guard)
    assert tree is not None
    with pytest.raises(ValueError, match="is no name of what is built from"):
        lay_out(tree, SOURCES, [sent(name, b"a")], blobs(tmp_path, b"a"))
    if name != ".":  # the root of what is sent
        with pytest.raises(ValueError, match="is no name of what is built from"):
            make_folder_in(tree, name)
    close(tree, guard)


def test_a_file_is_asked_for_until_it_is_there(tmp_path: Path) -> None:
    store = blobs(tmp_path)
    files = [sent("a", b"aa"), sent("b", b"bb"), sent("c", b"aa")]
    assert store.missing(files) == [digest_of(b"aa"), digest_of(b"bb")]
    store.put(digest_of(b"aa"), 0, b"a", last=False)
    assert digest_of(b"aa") in store.missing(files)
    store.put(digest_of(b"aa"), 1, b"a", last=True)
    assert store.missing(files) == [digest_of(b"bb")]


def test_a_beginning_whose_rest_does_not_come_is_removed(tmp_path: Path) -> None:
    store = blobs(tmp_path)
    files = [sent("a", b"aa")]
    with store.pinned(files):
        assert store.is_pinned(files[0].digest)
        store.put(files[0].digest, 0, b"a", last=False)
        assert list((tmp_path / "blobs").iterdir())
    assert not store.is_pinned(files[0].digest)
    assert list((tmp_path / "blobs").iterdir()) == []


def test_what_comes_is_what_was_announced(tmp_path: Path) -> None:
    store = blobs(tmp_path)
    with pytest.raises(BlobError, match="what was sent as"):
        store.put(digest_of(b"a"), 0, b"b", last=True)
    store.put(digest_of(b"a"), 0, b"a", last=False)
    with pytest.raises(BlobError, match="is missing"):
        store.put(digest_of(b"a"), 5, b"a", last=True)
    with pytest.raises(BlobError, match="no digest"):
        store.put("../../etc", 0, b"a", last=True)
    assert store.missing([sent("a", b"a")])


@pytest.mark.parametrize(("size", "on_disk"), [(10, 0), (SMALL + 1, 2)])
def test_room_is_made_of_what_was_used_longest_ago(tmp_path: Path, size: int, on_disk: int) -> None:
    contents = [bytes([number]) * size for number in range(4)]
    store = blobs(tmp_path, *contents, room=2 * size)
    files = [sent(str(number), content) for number, content in enumerate(contents)]
    with store.pinned(files[:1]):
        with store.pinned(files[3:]):
            pass
        assert store.missing(files) == [files[1].digest, files[2].digest]
    assert len(list((tmp_path / "blobs").iterdir())) == on_disk
