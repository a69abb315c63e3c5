from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.building.faking import PATIENT, FakeCompiler, named_processes, wait_until
from tui.building.guard.guard import Guard, process_guard
from tui.building.guard.launcher import HELD, HELD_PATH, Order, write_order
from tui.building.guard.process import Child
from tui.building.workroom.kept import NONE, NOTHING, Stay, signature
from tui.building.workroom.own_folder import make_folder

GOOD = b"\0asm\1\0\0\0"


def alive(process: int) -> bool:
    try:
        return b"State:\tZ" not in Path(f"/proc/{process}/status").read_bytes()
    except OSError:
        return False


@contextmanager
def registered(guard: Guard, directory: Path, name: str = ".own") -> Iterator[str]:
    """A build that the guard knows, with its folder."""
    directory.mkdir(exist_ok=True)
    parent = os.open(directory, os.O_RDONLY)
    before = signature(parent, "function.wasm")
    stay = Stay(parent, name, "token", output="function.wasm", before=before, is_link=False)
    ident = guard.new_build()
    guard.register(ident, stay, ())
    os.close(make_folder(parent, name, "token"))
    if before != NONE:
        (directory / name / ".kept").write_bytes((directory / "function.wasm").read_bytes())
    yield ident
    os.close(parent)


async def started(guard: Guard, ident: str, *argv: str, held: bytes = b"") -> Child:
    child = Child()
    words = [os.fsencode(word) for word in argv]
    await child.start(guard, ident, write_order(b"/", words[0], guard.marker(ident), words, [b"A=b=c"], held=held))
    return child


def test_what_is_registered_is_cleared_when_the_socket_closes(tmp_path: Path) -> None:
    output = tmp_path / "function.wasm"
    output.write_bytes(GOOD)
    guard = Guard()
    with registered(guard, tmp_path):
        output.write_bytes(b"half")
        guard.close()
    assert output.read_bytes() == GOOD
    assert [path.name for path in tmp_path.iterdir()] == ["function.wasm"]


def test_what_was_released_is_left_alone(tmp_path: Path) -> None:
    guard = Guard()
    with registered(guard, tmp_path) as ident:
        (tmp_path / "function.wasm").write_bytes(b"new")
        guard.release(ident)
        guard.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".own", "function.wasm"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_guard_that_is_not_there_is_replaced_and_told_everything(
    tmp_path: Path, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.building.guard.guard._TAKES", 0.2)
    guard = Guard()
    with registered(guard, tmp_path):
        assert guard.pid is not None
        gone = guard.pid
        os.kill(gone, how)
        if how == signal.SIGKILL:
            wait_until(lambda: not alive(gone), "the guard lives")
        ident = guard.new_build()
        # A stopped guard takes messages until its socket is full; then it is given up.
        child = None
        while guard.pid == gone:
            child = Child()
            order = write_order(b"/", b"/bin/true", b"m", [b"true"], [b"A=" + b"x" * 50_000])
            task = asyncio.create_task(child.start(guard, ident, order))
            await asyncio.wait([task], timeout=0.05)
            task.cancel()
            await asyncio.wait([task])
            child.close()
        guard.close()
    assert list(tmp_path.iterdir()) == []


def test_the_guard_ignores_what_ends_other_processes(tmp_path: Path) -> None:
    guard = Guard()
    with registered(guard, tmp_path):
        assert guard.pid is not None
        process = guard.pid
        # Ignored signals show once the guard has set them: SigIgn holds INT (bit 1) and HUP (bit 0) and TERM (bit 14).
        wait_until(lambda: ignored(process) & 0x4003 == 0x4003, "the guard does not ignore signals")
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            os.kill(process, number)
        guard.close()
    assert list(tmp_path.iterdir()) == []


def ignored(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("SigIgn:")[1].split()[0], 16)


def test_one_guard_a_process() -> None:
    assert process_guard() is process_guard()


def test_an_order_comes_through() -> None:
    payload = write_order(b"/w\n", b"/bin/x", b"mark", [b"x", b"", b"a\nb"], [b"A=b=c", b"EMPTY="], held=b"/h")
    order = Order(payload)
    assert (order.directory, order.executable, order.marker, order.held) == (b"/w\n", b"/bin/x", b"mark", b"/h")
    assert order.argv == [b"x", b"", b"a\nb"]
    assert order.environment == {b"A": b"b=c", b"EMPTY": b""}


@pytest.mark.parametrize("others", [0, 2 * HELD])
async def test_each_compiler_has_a_folder_of_its_own_under_one_name(tmp_path: Path, others: int) -> None:
    """What it starts has it, too, whatever descriptors the guard has open."""
    guard, null = Guard(), os.open(os.devnull, os.O_RDONLY)
    idents = [guard.new_build() for _ in range(others)]
    for ident in idents:
        guard.register(ident, Stay(null, "none", "token", output=NOTHING, before=NONE, is_link=False), ())
    children = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "name").write_text(f"{name}\n")
        script = f"while [ ! -e {tmp_path}/go ]; do sleep 0.01; done; sh -c 'cat {HELD_PATH}/name'"
        held = os.fsencode(tmp_path / name)
        children.append(await started(guard, guard.new_build(), "/bin/sh", "-c", script, held=held))
    (tmp_path / "go").touch()
    for name, child in zip(("one", "two"), children, strict=True):
        async with asyncio.timeout(40):
            while not child.exited:
                await child.wake.wait()
                child.wake.clear()
        assert b"".join(chunk.content for chunk in child.drain()) == f"{name}\n".encode()
        await child.end()
    for ident in idents:
        guard.release(ident)
    guard.close()
    os.close(null)


async def test_where_few_files_may_be_open_a_compiler_starts_all_the_same(tmp_path: Path) -> None:
    guard = Guard()
    await (await started(guard, guard.new_build(), "/bin/true")).end()  # the guard begins with the first
    assert guard.pid is not None
    resource.prlimit(guard.pid, resource.RLIMIT_NOFILE, (HELD, HELD))
    script = f"[ -e {HELD_PATH} ] || echo none"
    child = await started(guard, guard.new_build(), "/bin/sh", "-c", script, held=os.fsencode(tmp_path))
    async with asyncio.timeout(40):
        while not child.exited:
            await child.wake.wait()
            child.wake.clear()
    assert b"".join(chunk.content for chunk in child.drain()) == b"none\n"
    await child.end()
    guard.close()


async def test_a_folder_that_is_a_link_is_not_held(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    guard = Guard()
    with pytest.raises(OSError, match="Not a directory"):
        await started(guard, guard.new_build(), "/bin/true", held=os.fsencode(tmp_path / "link"))
    guard.close()


@pytest.mark.parametrize(
    ("program", "words"), [("/missing", "No such file"), ("/etc/passwd", "Permission denied"), ("/tmp", "Permission")]
)
async def test_a_program_that_cannot_be_started(program: str, words: str) -> None:
    guard = Guard()
    with pytest.raises(OSError, match=words):
        await started(guard, guard.new_build(), program)
    guard.close()


async def test_output_exit_code_and_environment() -> None:
    guard = Guard()
    child = await started(guard, guard.new_build(), "/bin/sh", "-c", "echo $A; echo oops >&2; exit 7")
    while not child.exited:
        child.wake.clear()
        await child.wake.wait()
    seen = {chunk.stream: chunk.content for chunk in child.drain()}
    assert seen == {"stdout": b"b=c\n", "stderr": b"oops\n"}
    assert (child.returncode, child.left) == (7, 0)
    await child.end()
    guard.close()


async def test_the_guard_takes_over_from_a_launcher_that_was_killed(fake: FakeCompiler) -> None:
    guard = Guard()
    name = f"600.{os.getpid()}1"
    script = f"setsid sleep {name} & echo there; exec sleep {name}"
    child = await started(guard, guard.new_build(), "/bin/sh", "-c", script)
    await asyncio.to_thread(wait_until, lambda: len(named_processes(name)) == 2, "not there")
    launcher = int(Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(launcher, signal.SIGKILL)
    while not child.exited:
        child.wake.clear()
        await child.wake.wait()
    assert child.returncode == -9
    await asyncio.to_thread(wait_until, lambda: not named_processes(name), "something lives")
    await child.end()
    again = await started(guard, guard.new_build(), "/bin/true")  # and the guard goes on
    await again.end()
    guard.close()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Launchers wait for as long as the test takes."""
    monkeypatch.setattr("tui.building.guard.guard._PROGRAM", PATIENT)


async def over(child: Child) -> dict[str, bytes]:
    """What it printed, once it has ended and is let go."""
    while not child.exited:
        child.wake.clear()
        await child.wake.wait()
    seen: dict[str, bytes] = {}
    for chunk in child.drain():
        seen[chunk.stream] = seen.get(chunk.stream, b"") + chunk.content
    await child.end()
    return seen


async def built(guard: Guard, directory: Path, *script: str) -> tuple[Child, dict[str, bytes]]:
    with registered(guard, directory) as ident:
        child = await started(guard, ident, "/bin/sh", "-c", f"echo $PPID; {';'.join(script)}")
        seen = await over(child)
        guard.release(ident)
    shutil.rmtree(directory / ".own")
    return child, seen


@pytest.mark.usefixtures("patient")
async def test_a_launcher_sees_to_one_build_after_the_other(tmp_path: Path) -> None:
    guard = Guard()
    first, printed = await built(guard, tmp_path, "exit 7")
    second, more = await built(guard, tmp_path, "echo oops >&2", "exit 3")
    assert (first.returncode, second.returncode) == (7, 3)
    assert more == {"stdout": printed["stdout"], "stderr": b"oops\n"}
    launcher = int(printed["stdout"])
    assert alive(launcher)
    guard.close()  # which waits for it
    assert not alive(launcher)


@pytest.mark.usefixtures("patient")
async def test_builds_at_once_have_a_launcher_each(tmp_path: Path) -> None:
    guard = Guard()
    with registered(guard, tmp_path) as ident:
        holding = await started(guard, ident, "/bin/sh", "-c", "echo $PPID; exec sleep 600")
        _, other = await built(guard, tmp_path / "other")
        _, third = await built(guard, tmp_path / "other")
        assert other == third
        holding.signal_group(signal.SIGTERM)
        seen = await over(holding)
        assert holding.returncode == -signal.SIGTERM
        assert seen["stdout"] != other["stdout"]
        guard.release(ident)
    guard.close()


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("who", ["launcher", "guard", "both"])
async def test_a_launcher_that_has_gone_while_it_waited_is_replaced(tmp_path: Path, who: str) -> None:
    guard = Guard()
    _, printed = await built(guard, tmp_path)
    launcher, first = int(printed["stdout"]), guard.pid
    assert first is not None
    victims = [process for each, process in (("guard", first), ("launcher", launcher)) if who in (each, "both")]
    for process in victims:
        os.kill(process, signal.SIGKILL)
    await asyncio.to_thread(wait_until, lambda: not any(map(alive, victims)), "they live")
    child, more = await built(guard, tmp_path, "exit 5")
    assert child.returncode == 5
    assert more["stdout"] != printed["stdout"]
    await asyncio.to_thread(wait_until, lambda: not alive(launcher), "it lives")
    guard.close()


@pytest.mark.usefixtures("patient")
async def test_a_launcher_that_goes_as_it_is_told_is_replaced(tmp_path: Path) -> None:
    """It had stopped waiting when the message came."""
    guard = Guard()
    ours, theirs = socket.socketpair()
    guard.register(
        guard.new_build(), Stay(os.open(tmp_path, os.O_RDONLY), ".x", "", output="", before=NONE, is_link=False), ()
    )
    guard.keep(ours)
    asyncio.get_running_loop().call_later(0.01, theirs.close)
    child, printed = await built(guard, tmp_path, "exit 4")
    assert child.returncode == 4
    assert printed["stdout"] != b""
    assert ours.fileno() < 0
    guard.close()


async def test_a_launcher_waits_for_a_moment_only(tmp_path: Path) -> None:
    guard = Guard()
    _, printed = await built(guard, tmp_path)
    await asyncio.to_thread(wait_until, lambda: not alive(int(printed["stdout"])), "it lives")
    child, _ = await built(guard, tmp_path, "exit 6")
    assert child.returncode == 6
    guard.close()


@pytest.mark.usefixtures("patient")
async def test_what_a_build_leaves_behind_is_ended_by_a_launcher_that_stays(tmp_path: Path) -> None:
    guard, name = Guard(), f"600.{os.getpid()}7"
    _, first = await built(guard, tmp_path, f"setsid sleep {name} >/dev/null 2>&1 &")
    assert named_processes(name) == []
    _, second = await built(guard, tmp_path, f"setsid sleep {name} >/dev/null 2>&1 &")
    assert named_processes(name) == []
    assert first == second
    guard.close()
