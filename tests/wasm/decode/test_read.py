from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.wasm.binary import HEADER, body, custom, functions, module
from tui.reading import read_descriptor
from tui.wasm.decode import read
from tui.wasm.decode.decode import decode
from tui.wasm.decode.read import ModuleChangedError, read_bytes, read_module


def test_a_file_is_read_as_it_is(tmp_path: Path, echo_command: bytes) -> None:
    path = tmp_path / "function.wasm"
    path.write_bytes(echo_command)
    assert read_bytes(path) == echo_command
    assert read_bytes(str(path)) == echo_command
    assert read_module(path) == decode(echo_command)


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.touch()
    assert read_bytes(path) == b""
    assert read_module(path).kind == "not-wasm"


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="not a regular file"):
        read_bytes(pipe)
    with pytest.raises(OSError, match="not a regular file"):
        read_bytes(Path("/dev/zero"))
    with pytest.raises(IsADirectoryError):
        read_bytes(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_bytes(tmp_path / "missing")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OSError, match="symbolic links"):
        read_bytes(loop)


def interrupted(monkeypatch: pytest.MonkeyPatch, change: Callable[[], None], times: int) -> list[int]:
    """Lets `change` happen between opening a file and reading it, the first `times` times; gives the count."""
    happened = [0]
    plain = read_descriptor

    def reading(descriptor: int, size: int) -> bytes:
        happened[0] += 1
        if happened[0] <= times:
            change()
        return plain(descriptor, size)

    monkeypatch.setattr(read, "read_descriptor", reading)
    monkeypatch.setattr(read, "PAUSE", 0.001)
    return happened


def test_a_file_that_is_cut_while_it_is_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(HEADER * 100)

    def cut() -> None:
        os.truncate(path, 8)

    happened = interrupted(monkeypatch, cut, 1)
    assert read_bytes(path) == HEADER
    assert happened == [2]


def test_a_file_that_grows_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(HEADER)
    rest = custom("late")

    def grow() -> None:
        with path.open("ab") as file:
            file.write(rest)

    interrupted(monkeypatch, grow, 2)
    assert read_bytes(path) == HEADER + rest + rest


def test_a_file_that_never_rests_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(HEADER)
    interrupted(monkeypatch, lambda: os.truncate(path, path.stat().st_size + 1), 1000)
    with pytest.raises(ModuleChangedError, match="keeps changing"):
        read_bytes(path)


def test_a_file_replaced_meanwhile_gives_one_of_the_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.wasm"
    old, new = module(functions(body())), module(custom("new"))
    path.write_bytes(old)

    def replace() -> None:
        other = tmp_path / "other"
        other.write_bytes(new)
        other.replace(path)

    interrupted(monkeypatch, replace, 1)
    assert read_bytes(path) in (old, new)


def test_a_file_that_goes_away_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(HEADER * 2)

    def remove() -> None:
        os.truncate(path, 1)
        path.unlink()
        threading.Timer(0.05, path.write_bytes, [HEADER]).start()

    interrupted(monkeypatch, remove, 1)
    monkeypatch.setattr(read, "PAUSE", 0.2)
    assert read_bytes(path) == HEADER


def test_a_compiler_that_writes_over_the_file_never_gives_a_mixture(tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    versions = [module(custom(letter, letter.encode() * 400_000)) for letter in "ab"]
    path.write_bytes(versions[0])
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for version in versions:
                path.write_bytes(version)
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(30):
            try:
                found = read_bytes(path)
            except ModuleChangedError:
                continue
            # Opening to write empties the file, and what is written comes in pieces: for a moment, a part is true.
            assert any(version.startswith(found) for version in versions)
    finally:
        stop.set()
        writer.join()


def test_more_than_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(HEADER)
    os.truncate(path, (1 << 30) + 1)  # a hole: it takes no room on disk
    with pytest.raises(OSError, match="Larger than any engine takes"):
        read_bytes(path)
