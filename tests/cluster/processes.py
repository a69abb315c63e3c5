"""A Dask cluster of real processes on loopback, with stand-ins for the compilers, and functions for them to build."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.building.faking import all_processes, wait_until
from tests.gobuild import go_cache

FAKES = Path(__file__).parent / "fakes"
ROOT = Path(__file__).parents[2]
LIMIT = 40.0  # seconds; no test waits for a time, and none for longer
_ADDRESS = re.compile(r"(?:Scheduler at:|Start worker at:)\s+(t(?:cp|ls)://\S+)")


def fake_compilers(folder: Path) -> Path:
    """A folder for PATH with the stand-ins."""
    folder.mkdir(parents=True, exist_ok=True)
    for fake in FAKES.iterdir():
        shutil.copy(fake, folder / fake.name.removeprefix("fake-"))
    return folder


class Nursery:
    """The process that forks them."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cluster.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )

    def start(self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, log: Path) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"argv": argv, "env": dict(env), "cwd": str(cwd), "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@dataclass
class Process:
    """A scheduler or worker that runs."""

    pid: int
    log: Path
    address: str = ""

    @property
    def alive(self) -> bool:
        return Path(f"/proc/{self.pid}").exists()

    def registered(self) -> Process:
        """Wait until it is there."""

        def there() -> bool:
            text = self.log.read_text() if self.log.exists() else ""
            assert self.alive, text
            found = _ADDRESS.search(text)
            self.address = found[1] if found is not None else ""
            return bool(self.address) and ("Scheduler at:" in text or "Registered to:" in text)

        wait_until(there, f"{self.log} tells of no start", LIMIT)
        return self

    def ended(self) -> None:
        """Wait for its end."""
        wait_until(lambda: not self.alive, f"it does not end: {self.log.read_text()}", LIMIT)

    def signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, and nothing else."""
        self.signal(signal.SIGKILL)
        self.ended()

    def stop(self) -> None:
        """The polite way."""
        self.signal(signal.SIGTERM)
        self.ended()


class Command(subprocess.Popen[str]):
    """A command that does not outlive a test that failed: else whoever waits for its end waits for ever."""

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        if fault is not None:
            self.kill()
        super().__exit__(kind, fault, where)


@dataclass
class Cluster:
    """One scheduler and its workers. Each worker has a folder, a home and a state of its own."""

    folder: Path
    nursery: Nursery
    scheduler: Process = field(init=False)
    workers: list[Process] = field(default_factory=list)
    begun: int = 0
    host: str = "127.0.0.1"
    tls: Mapping[str, str] = field(default_factory=dict)  # Dask's settings of it, in the environment of all

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.bin = fake_compilers(self.folder / "bin")
        self.builds = self.folder / "builds"
        self.scheduler = self.start_scheduler()

    @property
    def address(self) -> str:
        return self.scheduler.address

    def start_scheduler(self, port: int = 0) -> Process:
        protocol = ["--protocol", "tls"] if self.tls else []
        words = ["scheduler", "--host", self.host, "--port", str(port), *protocol]
        return self._start("scheduler", *words).registered()

    def begin_worker(
        self, *options: str, address: str = "", preload: str = "tui.cluster.worker", env: Mapping[str, str] = {}
    ) -> Process:
        """Start a worker; `registered` waits for it."""
        self.begun += 1
        name = f"worker-{self.begun}"
        home = self.folder / name
        home.mkdir(exist_ok=True)
        warm = {"GOCACHE": str(go_cache())}  # the standard library takes a minute to compile
        homes = {"HOME": str(home), "XDG_STATE_HOME": str(home / "state"), "XDG_CACHE_HOME": str(home / "cache")}
        words = ["worker", address or self.address, "--no-nanny", "--nthreads", "1", "--preload", preload]
        words += ["--host", "127.0.0.1", "--local-directory", str(home), *options]
        worker = self._start(name, *words, env={**homes, **warm, **env})
        self.workers.append(worker)
        return worker

    def _start(self, name: str, *words: str, env: Mapping[str, str] = {}) -> Process:
        log = self.folder / f"{name}.log"
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("GO", "FN_TUI_", "XDG_"))}
        environment = {**kept, "PYTHONPATH": str(ROOT), "PATH": path, "FN_TUI_BUILDS": str(self.builds)}
        environment |= {**self.tls, **env}
        argv = [words[0], *words[1:], "--no-dashboard"]
        return Process(self.nursery.start(argv, environment, self.folder, log), log)

    def build(self, *words: str | Path, home: Path) -> subprocess.Popen[str]:
        """`fn-tui build` there."""
        return self.run("build", *map(str, words), home=home)

    def run(self, command: str, *words: str, home: Path) -> subprocess.Popen[str]:
        """A command of fn-tui that builds there."""
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        return Command(
            [sys.executable, "-m", "tui", command, "--cluster", self.address, *words],
            env={"PATH": path, "HOME": str(home), "PYTHONPATH": str(ROOT), **self.tls},
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.workers.clear()
        self.nothing_left()

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.stop()

    def nothing_left(self) -> None:
        """No compiler runs, and no private path is left."""
        wait_until(lambda: not self.compilers(), f"compilers are left: {self.compilers()}", LIMIT)
        wait_until(lambda: not list(self.builds.glob("*")), "a private path is left", LIMIT)

    def compilers(self) -> list[int]:
        """Living processes that work below the private paths."""
        return [process for process in all_processes() if self._works_there(process)]

    def _works_there(self, process: int) -> bool:
        try:
            return Path(f"/proc/{process}/cwd").readlink().is_relative_to(self.builds)
        except OSError:
            return False


def make_function(folder: Path, *acts: str, body: str = "") -> Path:
    """A function whose stand-in compiler does this."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"// sh: {act}\n" for act in acts)
    (folder / "function.go").write_text(f"{lines}package main\n\n{body}func main() {{}}\n")
    (folder / "function.yaml").write_text(f"name: {folder.name}\n")
    (folder / "go.mod").write_text(f"module example.com/{folder.name}\n\ngo 1.21\n")
    return folder
