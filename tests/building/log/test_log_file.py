from __future__ import annotations

import os
from pathlib import Path

from tui.building.log.log_file import FILES_KEPT, TURN_FILES, LogFile, build_log, prune


def test_no_bytes_no_file(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log")
    log.close()
    assert log.path is None
    assert list(tmp_path.iterdir()) == []


def test_private_and_readable_while_it_grows(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "logs/a.log")
    log.write(b"one\n", 0.0)
    log.write(b"two\n", 1.0)
    assert log.path is not None
    assert log.path.read_bytes() == b"one\ntwo\n"
    assert log.path.stat().st_mode & 0o077 == 0
    log.close()
    log.write(b"late", 2.0)
    assert log.path.read_bytes() == b"one\ntwo\n"


def test_bounded_in_size_with_a_note(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", limit=10)
    for _ in range(5):
        log.write(b"1234\n", 0.0)
    log.close()
    assert log.path is not None
    assert log.path.read_bytes().startswith(b"1234\n1234\n\n[fn-tui: the log file ends after 10 bytes")
    assert log.problem is not None


def test_a_disk_that_takes_nothing_is_a_word(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = LogFile(tmp_path / "file/a.log")
    log.write(b"x", 0.0)
    log.write(b"y", 0.0)
    log.close()
    assert log.path is None
    assert log.problem is not None
    assert "cannot write the log file" in log.problem


def test_a_full_disk_is_a_word(small_disk: Path) -> None:
    log = LogFile(small_disk / "a.log")
    log.write(b"x" * 1_000_000, 0.0)
    log.close()
    assert log.problem is not None
    assert "No space left" in log.problem


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.log").symlink_to(tmp_path / "elsewhere")
    log = LogFile(tmp_path / "a.log")
    log.write(b"x", 0.0)
    assert log.problem is not None
    assert not (tmp_path / "elsewhere").exists()


def test_the_oldest_go_by_number_and_by_size(tmp_path: Path) -> None:
    for number in range(10):
        path = tmp_path / name_of(number)
        path.write_bytes(b"x" * 10)
        os.utime(path, (number, number))
    (tmp_path / "other.log").write_text("a person's")
    prune(tmp_path, files=5)
    assert sorted(path.name for path in tmp_path.iterdir()) == [*(name_of(n) for n in range(5, 10)), "other.log"]
    prune(tmp_path, total=25)
    assert sorted(path.name for path in tmp_path.iterdir()) == [name_of(8), name_of(9), "other.log"]


def test_many_builds_keep_as_many_logs_as_few(tmp_path: Path) -> None:
    """The folder is looked through now and then, and holds no more for that."""
    folder = tmp_path / "logs"
    for number in range(FILES_KEPT + 3 * TURN_FILES):
        log = LogFile(folder / f"chat-0123456789abcdef-20261126-1{number:05}-000-77.log")
        log.write(b"x", 0.0)
        log.close()
        os.utime(log._path, (number, number))
        assert len([*folder.iterdir()]) <= FILES_KEPT
    assert len([*folder.iterdir()]) > FILES_KEPT - TURN_FILES
    assert max(folder.iterdir()) == log._path


def name_of(number: int) -> str:
    return f"chat-0123456789abcdef-20261126-10000{number}-000-77.log"


def test_logs_behind_a_link_are_left(tmp_path: Path) -> None:
    """A folder of logs that is a link is somebody else's: nothing is written there, nothing removed."""
    (tmp_path / "theirs").mkdir()
    for number in range(10):
        (tmp_path / "theirs" / name_of(number)).touch()
    (tmp_path / "logs").symlink_to("theirs")
    log = LogFile(tmp_path / "logs" / name_of(11))
    log.write(b"x", 0.0)
    assert log.problem == f"cannot write the log file {log._path}: it is a link, and fn-tui writes through none"
    assert len(list((tmp_path / "theirs").iterdir())) == 10


def test_the_name_says_which_function(private_home: Path) -> None:
    log = build_log(Path("/w/chat"))
    log.write(b"x", 0.0)
    log.close()
    assert log.path is not None
    assert log.path.name.startswith("chat-")
    assert log.path.is_relative_to(private_home)
