from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.building.faking import wait_until
from tui.building.process.guard import Guard, process_guard
from tui.building.process.guard_process import Registrations, marked_processes, remove_tree, restore, signature, sweep

SLEEPER = "import time; time.sleep(600)"


def alive(process: int) -> bool:
    try:
        return b"State:\tZ" not in Path(f"/proc/{process}/status").read_bytes()
    except OSError:
        return False


def test_what_is_registered_is_cleared_when_the_pipe_closes(tmp_path: Path) -> None:
    private, output = tmp_path / ".fn-tui-x", tmp_path / "function.wasm"
    private.mkdir()
    (private / ".kept").write_bytes(b"good")
    before = "1.2.3"  # not what the output is: somebody wrote to it
    output.write_bytes(b"half")
    guard = Guard()
    ident = guard.new_build()
    guard.register_folder(ident, private, private / ".kept", output, before)
    marked = {**os.environ, **guard.environment(ident)}
    stays = subprocess.Popen([sys.executable, "-c", SLEEPER], env=marked, start_new_session=True)
    leaves = subprocess.Popen([sys.executable, "-c", SLEEPER], env=marked, start_new_session=True)
    guard.register_group(ident, stays.pid)  # `leaves` is found by its environment alone
    guard.close()
    assert (stays.wait(5), leaves.wait(5)) == (-9, -9)
    assert output.read_bytes() == b"good"
    assert not private.exists()


def test_what_was_released_is_left_alone(tmp_path: Path) -> None:
    guard = Guard()
    ident = guard.new_build()
    guard.register_folder(ident, tmp_path, tmp_path / ".kept", tmp_path / "function.wasm", "-")
    (tmp_path / "function.wasm").write_bytes(b"new")
    guard.release(ident)
    guard.close()
    assert (tmp_path / "function.wasm").read_bytes() == b"new"


def test_a_guard_that_was_killed_is_replaced_and_told_everything(tmp_path: Path) -> None:
    private = tmp_path / ".fn-tui-x"
    private.mkdir()
    guard = Guard()
    first, second = guard.new_build(), guard.new_build()
    guard.register_folder(first, private, private / ".kept", tmp_path / "function.wasm", "-")
    assert guard.pid is not None
    killed = guard.pid
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not alive(killed), "the guard lives")
    guard.register_group(second, 2**22 - 1)
    assert guard.pid != killed
    guard.close()
    assert not private.exists()


def test_the_guard_ignores_what_ends_other_processes() -> None:
    guard = Guard()
    ident = guard.new_build()
    sleeper = subprocess.Popen(
        [sys.executable, "-c", SLEEPER], env={**os.environ, **guard.environment(ident)}, start_new_session=True
    )
    guard.register_group(ident, sleeper.pid)
    assert guard.pid is not None
    process = guard.pid
    # Ignored signals show once the guard has set them: SigIgn holds INT (bit 1) and HUP (bit 0) and TERM (bit 14).
    wait_until(lambda: ignored(process) & 0x4003 == 0x4003, "the guard does not ignore signals")
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        os.kill(process, number)
    guard.close()
    assert sleeper.wait(5) == -9


def ignored(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("SigIgn:")[1].split()[0], 16)


def test_one_guard_a_process() -> None:
    assert process_guard() is process_guard()


def test_sweep_finds_only_its_own() -> None:
    marker = f"X_{os.urandom(8).hex()}=1"
    name, _, value = marker.partition("=")
    own = subprocess.Popen([sys.executable, "-c", SLEEPER], env={**os.environ, name: value})
    other = subprocess.Popen([sys.executable, "-c", SLEEPER])
    wait_until(lambda: marked_processes(marker.encode()) == [own.pid], "not found")
    assert sweep(marker.encode()) == 0
    assert own.wait(5) == -9
    assert other.poll() is None
    other.kill()
    other.wait()


def test_restore(tmp_path: Path) -> None:
    kept, output = str(tmp_path / "kept"), str(tmp_path / "output")
    Path(kept).write_bytes(b"old")
    restore(kept, output, "-")  # there was none, there is none
    Path(output).write_bytes(b"new")
    restore(kept, output, signature(output))  # untouched
    assert Path(output).read_bytes() == b"new"
    restore(kept, output, "1.2.3")
    assert Path(output).read_bytes() == b"old"
    restore(kept, output, "-")
    assert not Path(output).exists()
    restore(kept, output, "1.2.3")  # what was kept is gone too: nothing to do, no error


def test_remove_tree(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").touch()
    root = tmp_path / "root"
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "file").touch()
    (root / "link").symlink_to(outside)
    (root / "a").chmod(0o500)
    remove_tree(str(root))
    assert not root.exists()
    assert (outside / "file").exists()
    remove_tree(str(root))


@pytest.mark.parametrize("line", ["group 1 77\n", "dir 1 2f61 2f62 2f63 1.2.3\n"])
def test_lines_of_the_protocol(line: str) -> None:
    registrations = Registrations()
    registrations.take(line)
    assert len(registrations.groups) + len(registrations.folders) == 1
    registrations.take("done 1\n")
    assert not registrations.groups
    assert not registrations.folders
