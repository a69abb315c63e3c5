"""Three workers in three network namespaces, real stock Go, a monorepo of sixty: each part is killed in its turn."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building.faking import wait_until
from tests.cluster.processes import LIMIT, ROOT, Cluster, Nursery, Process
from tests.gobuild import go_cache

pytestmark = pytest.mark.long

FUNCTIONS = 60
NET = "10.77.41"
MINUTES = 600.0  # seconds for sixty builds on a busy machine
SOURCE = """package main

import (
	"fmt"

	"example.com/all/shared"
)

func main() {{ fmt.Println(shared.Word, {}) }}
"""


def ip(*words: str, check: bool = True) -> None:
    subprocess.run(["ip", *words], check=check, capture_output=True)


@pytest.fixture
def network() -> Iterator[list[str]]:
    """Three namespaces on one bridge; this one is the fourth."""
    bridge, names = f"fnb{os.getpid()}", [f"fn{number}-{os.getpid()}" for number in range(3)]
    try:
        ip("link", "add", bridge, "type", "bridge")
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no network of one's own: {error}")
    try:
        ip("addr", "add", f"{NET}.1/24", "dev", bridge)
        ip("link", "set", bridge, "up")
        for number, name in enumerate(names):
            ip("netns", "add", name)
            ip("link", "add", f"v{number}-{os.getpid()}", "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", f"v{number}-{os.getpid()}", "master", bridge, "up")
            ip("-n", name, "addr", "add", f"{NET}.{10 + number}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                ip("-n", name, "link", "set", device, "up")
        yield names
    finally:
        for name in names:
            ip("netns", "del", name, check=False)
        ip("link", "del", bridge, check=False)


def begin(cluster: Cluster, namespace: str, number: int) -> Process:
    """A worker in a namespace, with a home and folders of its own."""
    home = cluster.folder / f"home-{namespace}"
    home.mkdir(exist_ok=True)
    log = home.with_suffix(".log")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GO", "FN_TUI_", "XDG_"))}
    environment = kept | {"HOME": str(home), "GOCACHE": str(go_cache()), "PYTHONPATH": str(ROOT)}
    environment |= {"FN_TUI_BUILDS": str(cluster.builds), "XDG_CACHE_HOME": str(home / "cache")}
    words = ["--no-nanny", "--nthreads", "1", "--preload", "tui.cluster.worker", "--no-dashboard"]
    words += ["--host", f"{NET}.{10 + number}", "--local-directory", str(home)]
    program = [sys.executable, "-m", "distributed.cli.dask_worker", cluster.address, *words]
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, *program], env=environment, stdout=output, stderr=output, cwd=home
        )
    worker = _Started(process.pid, log, owner=process)
    cluster.workers.append(worker)
    return worker


class _Started(Process):
    """One that is our child: its end is taken note of."""

    def __init__(self, pid: int, log: Path, owner: subprocess.Popen[bytes]) -> None:
        super().__init__(pid, log)
        self._owner = owner

    @property
    def alive(self) -> bool:
        return self._owner.poll() is None


def workspace(root: Path, turn: int) -> Path:
    """Sixty functions that import one package; each turn is another source."""
    (root / "shared").mkdir(parents=True, exist_ok=True)
    (root / "go.mod").write_text("module example.com/all\n\ngo 1.24\n")
    (root / "shared/shared.go").write_text('package shared\n\nconst Word = "hello"\n')
    for number in range(FUNCTIONS):
        function = root / f"fn{number:02}"
        function.mkdir(exist_ok=True)
        (function / "function.yaml").write_text(f"name: fn{number:02}\n")
        (function / "function.go").write_text(SOURCE.format(1000 * turn + number))
    return root


def build(cluster: Cluster, root: Path) -> subprocess.Popen[str]:
    words = ["--all", "--json", "--compiler", "go", "--open-network", str(root)]
    return cluster.run("build", *words, home=root.parent)


def ended(process: subprocess.Popen[str], count: int) -> list[dict[str, object]]:
    """Wait until so many have ended."""
    ends: list[dict[str, object]] = []
    assert process.stdout is not None
    while len(ends) < count and (line := process.stdout.readline()):
        event = json.loads(line)
        ends += [event] if event["event"] == "end" else []
    return ends


def test_each_part_is_killed_in_its_turn(network: list[str], nursery: Nursery, tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "cluster", nursery, host=f"{NET}.1")
    (cluster.bin / "go").unlink()  # a real one builds
    try:
        workers = [begin(cluster, name, number) for number, name in enumerate(network)]
        for worker in workers:
            worker.registered()
        root = workspace(tmp_path / "ws", 0)
        with build(cluster, root) as client:
            ends = ended(client, 10)
            workers[0].kill()
            ends += ended(client, 10)
            ip("-n", network[1], "link", "set", "eth0", "down")
            ends += ended(client, 5)  # the third goes on
            time.sleep(10)  # as long as the cut is to be
            ip("-n", network[1], "link", "set", "eth0", "up")
            output, errors = client.communicate(timeout=MINUTES)
        ends += [event for line in output.splitlines() if (event := json.loads(line))["event"] == "end"]
        assert (client.returncode, errors) == (0, "")
        assert [end["status"] for end in ends] == ["built"] * FUNCTIONS
        assert {end["worker"] for end in ends} == {worker.address for worker in workers}
        cluster.nothing_left()

        workspace(root, 1)
        with build(cluster, root) as client:
            ended(client, 5)
            client.send_signal(signal.SIGKILL)
        cluster.nothing_left()
        with build(cluster, root) as client:
            done = len(ended(client, 5))
            cluster.scheduler.kill()
            output, errors = client.communicate(timeout=MINUTES)
        assert client.returncode == 1
        assert done == 5
        assert "has gone; " in errors
        assert "functions not built: with --here" in errors
        wait_until(lambda: not any(each.alive for each in workers), "a worker stays without a scheduler", 2 * LIMIT)
        cluster.nothing_left()
    finally:
        for process in (*cluster.workers, cluster.scheduler):
            process.signal(signal.SIGKILL)
