from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tui.files import keep_newest, open_own, remove_same, replace_file, replace_in, write_named, write_new

OURS = re.compile(r"log-\d+\.txt")


def test_makes_the_folder_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a/b/c.json"
    assert replace_file(path, b"one") is None
    assert replace_file(path, b"two") is None
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["c.json"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_failure_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "c.json").mkdir()
    problem = replace_file(tmp_path / "c.json", b"x")
    assert problem is not None
    assert "c.json" in problem
    assert [entry.name for entry in tmp_path.iterdir()] == ["c.json"]


def test_a_link_is_replaced_and_its_target_left(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"a person's")
    (tmp_path / "c.json").symlink_to("target")
    assert replace_file(tmp_path / "c.json", b"ours") is None
    assert (tmp_path / "target").read_bytes() == b"a person's"
    assert not (tmp_path / "c.json").is_symlink()


@pytest.mark.parametrize("inside", [True, False], ids=["to a folder", "to nothing"])
def test_a_folder_of_ours_that_is_a_link_is_not_written_through(tmp_path: Path, inside: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    if inside:
        elsewhere.mkdir()
    (tmp_path / "state").symlink_to(elsewhere)
    problem = replace_file(tmp_path / "state/c.json", b"x")
    assert problem is not None
    assert problem.startswith(f"cannot write {tmp_path}/state/c.json: ")
    assert not inside or list(elsewhere.iterdir()) == []
    assert inside or not elsewhere.exists()


def test_a_folder_above_may_be_a_link(tmp_path: Path) -> None:
    """Many a person's ~/.cache is one."""
    (tmp_path / "disk").mkdir()
    (tmp_path / ".cache").symlink_to("disk")
    assert replace_file(tmp_path / ".cache/fn-tui/c.json", b"x") is None
    assert (tmp_path / "disk/fn-tui/c.json").read_bytes() == b"x"


def test_write_new_takes_no_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a person's")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "nowhere").symlink_to("missing")
    for name in ("file", "link", "nowhere"):
        with pytest.raises(FileExistsError):
            write_new(tmp_path / name, b"ours")
    assert (tmp_path / "file").read_bytes() == b"a person's"
    assert not (tmp_path / "missing").exists()
    write_new(tmp_path / "new", b"ours", 0o600)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_no_part(small_disk: Path) -> None:
    (small_disk / "kept").write_bytes(b"whole")
    with pytest.raises(OSError, match="No space left"):
        write_new(small_disk / "new", b"x" * 1_000_000)
    opened = open_own(small_disk)
    with pytest.raises(OSError, match="No space left"):
        replace_in(opened, "kept", b"x" * 1_000_000)
    os.close(opened)
    assert [path.name for path in small_disk.iterdir()] == ["kept"]
    assert (small_disk / "kept").read_bytes() == b"whole"


def test_remove_same(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    status = path.stat()
    known = status.st_dev, status.st_ino
    assert not remove_same(path, (known[0], known[1] + 1))
    assert remove_same(path, known)
    assert not remove_same(path, known)
    assert not path.exists()


def test_keep_newest(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"log-{number}.txt").write_bytes(b"x" * 10)
        os.utime(tmp_path / f"log-{number}.txt", (number, number))
    (tmp_path / "log-7.txt.bak").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "target").touch()
    (tmp_path / "log-8.txt").symlink_to("target")
    keep_newest(tmp_path, OURS, most=4)
    logs = ["log-2.txt", "log-3.txt", "log-4.txt", "log-5.txt"]
    rest = ["log-7.txt.bak", "log-8.txt", "notes.txt", "target"]
    assert sorted(path.name for path in tmp_path.iterdir()) == logs + rest
    keep_newest(tmp_path, OURS, most=4, total=25)
    assert sorted(path.name for path in tmp_path.iterdir()) == logs[2:] + rest


def test_what_is_from_the_future_goes_first(tmp_path: Path) -> None:
    """A clock that was wrong once would have all that is kept from then on removed at once."""
    for number in range(6):
        (tmp_path / f"log-{number}.txt").touch()
        moment = time.time() + (4e8 if number % 2 else 60)
        os.utime(tmp_path / f"log-{number}.txt", (moment, moment))
    keep_newest(tmp_path, OURS, most=3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log-0.txt", "log-2.txt", "log-4.txt"]


def test_keep_newest_removes_nothing_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    for number in range(3):
        (tmp_path / f"theirs/log-{number}.txt").touch()
    (tmp_path / "logs").symlink_to("theirs")
    with pytest.raises(NotADirectoryError):
        keep_newest(tmp_path / "logs", OURS, most=1)
    assert len(list((tmp_path / "theirs").iterdir())) == 3


def test_what_a_person_named_is_replaced_and_no_link_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"a person's")
    (tmp_path / "report").symlink_to("target")
    for _ in range(2):
        write_named(tmp_path / "report", b"ours")
        assert (tmp_path / "report").read_bytes() == b"ours"
    assert (tmp_path / "target").read_bytes() == b"a person's"


def test_a_stream_that_a_person_named_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="No such device"):  # nobody reads: an error, no wait
        write_named(tmp_path / "pipe", b"ours")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_named(tmp_path / "pipe", b"ours")
    assert os.read(reader, 100) == b"ours"
    os.close(reader)
    code = "from tui.files import write_named\nwrite_named('/dev/stdout', b'report')"
    with (tmp_path / "out").open("wb") as out:
        out.write(b"before ")
        out.flush()
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True)
    assert (tmp_path / "out").read_bytes() == b"before report"
    write_named("/dev/null", b"ours")
    assert not Path("/dev/null").is_file()
