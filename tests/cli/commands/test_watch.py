"""`fn-tui watch` as a process, with a real compiler."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gobuild import CACHE, GO_MOD, go_executable
from tui.cli import main

GO = "package main\n\nfunc main() {}\n"
WAIT = 60.0  # seconds after which an event that was not told is a failure


class Watch:
    """A running `fn-tui watch --json`."""

    def __init__(self, root: Path, state: Path, *before: str) -> None:
        path = f"{Path(go_executable()).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {
            **os.environ,
            "PATH": path,
            "XDG_STATE_HOME": str(state),
            "HOME": os.environ.get("HOME", str(CACHE)),
        }
        argv = [*before, sys.executable, "-m", "tui", "watch", str(root), "--json", "--compiler", "go", "--jobs", "1"]
        self.process = subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.events: list[dict[str, Any]] = []
        self._rest = b""

    def until(self, name: str, **fields: object) -> dict[str, Any]:
        """The next event of that name with these fields."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            for position, event in enumerate(self.events):
                if event["event"] == name and fields.items() <= event.items():
                    del self.events[: position + 1]
                    return event
            self._read()
        raise AssertionError(f"no {name} {fields}; {self.events}")

    def _read(self) -> None:
        assert self.process.stdout is not None
        self._rest += self.process.stdout.read() or b""
        *lines, self._rest = self._rest.split(b"\n")
        self.events += map(json.loads, lines)
        if not lines:
            time.sleep(0.01)

    def end(self, number: int) -> tuple[int, bytes]:
        """Signal it; exit code and stderr."""
        self.process.send_signal(number)
        _, stderr = self.process.communicate(timeout=WAIT)
        return self.process.returncode, stderr


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "ws"
    for name in ("echo", "chat"):
        (root / name).mkdir(parents=True)
        (root / name / "function.go").write_text(GO)
        (root / name / "function.yaml").write_text(f"name: {name}\n")
        (root / name / "go.mod").write_text(GO_MOD)
    return root


@pytest.fixture
def watch(workspace: Path, tmp_path: Path) -> Iterator[Watch]:
    running = Watch(workspace, tmp_path / "state")
    running.until("watching")
    yield running
    running.process.kill()
    running.process.communicate()


@pytest.mark.slow
def test_a_day_with_watch(watch: Watch, workspace: Path) -> None:
    echo = workspace / "echo"
    (echo / "function.go").write_text(GO + "// saved\n")
    assert watch.until("change")["trigger"] == "function.go changed"
    assert watch.until("end")["status"] == "built"
    assert (echo / "function.wasm").read_bytes()[:4] == b"\0asm"

    (echo / "function.go").write_text(GO + "broken\n")
    ended = watch.until("end", dir=str(echo))
    assert ended["status"] == "failed"
    assert ended["diagnostics"][0]["path"] == "function.go"

    (echo / "function.go").write_text(GO + "// mended\n")
    assert watch.until("end", dir=str(echo))["status"] == "built"

    (echo / "function.yaml").write_text("name: echo\nreactor: true\n")
    assert watch.until("change")["trigger"] == "function.yaml changed the plan"
    assert watch.until("start")["mode"] == "reactor"
    watch.until("end")

    (workspace / "chat").rename(workspace / "talk")
    assert watch.until("gone")["dir"] == str(workspace / "chat")
    assert watch.until("end", dir=str(workspace / "talk"))["status"] == "built"
    assert watch.end(signal.SIGINT) == (130, b"")


@pytest.mark.slow
def test_a_signal_ends_it_and_its_builds(watch: Watch, workspace: Path) -> None:
    (workspace / "echo/function.go").write_text(GO + "// saved\n")
    watch.until("start")
    code, stderr = watch.end(signal.SIGTERM)
    assert code == 143
    assert b"Traceback" not in stderr
    assert not list((workspace / "echo").glob(".fn-tui-*"))


@pytest.mark.parametrize("name", ["gone", "file"])
def test_not_a_folder(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["watch", str(tmp_path / name)]) == 2
    assert name in capfd.readouterr().err


@pytest.mark.parametrize("jobs", ["0", "-1", "x"])
def test_jobs_below_one(jobs: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--jobs", jobs]) == 2
    assert "--jobs" in capfd.readouterr().err


NO_INSTANCES = 'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"'


@pytest.mark.slow
def test_without_inotify_it_says_so_and_looks(workspace: Path, tmp_path: Path) -> None:
    before = ["unshare", "--user", "--map-root-user", "sh", "-c", NO_INSTANCES, "sh"]
    try:
        subprocess.run([*before, "true"], check=True, capture_output=True, timeout=WAIT)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no user namespace of one's own here")
    running = Watch(workspace, tmp_path / "state", *before)
    try:
        assert "too many open files" in running.until("polling")["message"]
        (workspace / "echo" / "function.go").write_text(GO + "// saved\n")
        running.until("change", dir=str(workspace / "echo"))
        assert running.end(signal.SIGTERM)[0] == 128 + signal.SIGTERM
    finally:
        running.process.kill()
        running.process.communicate()
