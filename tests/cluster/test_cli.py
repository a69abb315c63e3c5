"""`fn-tui build --cluster`, as a person types it."""

from __future__ import annotations

import asyncio
import io
import json
import os
import socket
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.processes import LIMIT, Cluster, make_function
from tui.building.process.executor import Here
from tui.building.process.options import BuildOptions
from tui.building.process.queue import BuildQueue
from tui.cli import clusters, main
from tui.cli.commands import build
from tui.cluster import client, consent
from tui.cluster.remote import There

NOWHERE = "tcp://127.0.0.1:{}"


def events(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_workspace_is_built_there_once(cluster: Cluster, tmp_path: Path) -> None:
    for number in range(3):
        make_function(tmp_path / f"fn{number}", "echo hello")
    make_function(tmp_path / "odd", "echo 'function.go:4:2: undefined: y' >&2", "exit 1")
    with cluster.build("--all", "--json", home=tmp_path) as built:
        output, errors = built.communicate(timeout=LIMIT)
    assert (built.returncode, errors) == (1, "")
    ends = {event["dir"]: event for event in events(output) if event["event"] == "end"}
    assert {name: end["status"] for name, end in ends.items()} == dict.fromkeys(("fn0", "fn1", "fn2"), "built") | {
        "odd": "failed"
    }
    assert {end["worker"] for end in ends.values()} <= {worker.address for worker in cluster.workers}
    assert ends["odd"]["error"] == "function.go:4:2: undefined: y"
    assert {event["argv"][3] for event in events(output) if event["event"] == "start"} == {
        str(tmp_path / name / "function.wasm") for name in ends
    }
    with cluster.build("fn0", "fn1", home=tmp_path) as again:
        output, errors = again.communicate(timeout=LIMIT)
    assert again.returncode == 0
    assert "Skipped fn0: unchanged" in output


def test_an_address_that_is_none_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_function(tmp_path)
    assert main(["build", "--cluster", "localhost", str(tmp_path)]) == 2
    assert "a scheduler's address is such as tcp://127.0.0.1:8786" in capsys.readouterr().err


def test_without_a_scheduler_nothing_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_function(tmp_path)
    monkeypatch.setattr(client, "CONNECTS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = NOWHERE.format(taken.getsockname()[1])
    assert main(["build", "--cluster", address, str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.err.startswith(f"fn-tui: no Dask scheduler answers at {address} within 0 s; --here builds on this")
    assert not (tmp_path / "function.wasm").exists()


def test_whoever_is_there_is_asked_whether_this_machine_builds_instead(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_function(tmp_path / "ws/fn")
    monkeypatch.setattr(client, "CONNECTS", 0.1)
    monkeypatch.setenv("PATH", f"{cluster.bin}{os.pathsep}{os.environ['PATH']}")
    asked: list[str] = []

    async def agreed(question: str, _stop: object) -> bool:
        asked.append(question)
        return len(asked) > 1

    monkeypatch.setattr(build, "agreed_to_here", agreed)
    words = ["build", "--cluster", NOWHERE.format(1), str(tmp_path / "ws/fn")]
    assert main(words) == 1
    assert not (tmp_path / "ws/fn/function.wasm").exists()
    assert main(words) == 0
    assert (tmp_path / "ws/fn/function.wasm").exists()
    assert asked == ["build on this machine?"] * 2


@pytest.mark.parametrize("agreed", [True, False])
async def test_what_is_watched_goes_on_here_if_so_wished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], agreed: bool
) -> None:
    monkeypatch.setattr(clusters, "is_asked", lambda: agreed)

    async def agreed_to(_question: str, _stop: object) -> bool:
        return True

    monkeypatch.setattr(clusters, "agreed_to_here", agreed_to)
    queue = BuildQueue(BuildOptions(executor=There(client.Cluster("tcp://127.0.0.1:1"))), 50)
    queue.set_jobs(0)
    assert await clusters.goes_on_here("it has gone", queue, [tmp_path / "fn"], 3, asyncio.Event()) is agreed
    assert isinstance(queue.options.executor, Here) is agreed
    assert (queue.jobs, bool(queue.state.building)) == ((3, True) if agreed else (1, False))
    told = capsys.readouterr().err
    assert ("with --here this machine builds" in told) is not agreed
    await queue.shutdown()


def test_other_machines_are_asked_about_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Loopback stands for another machine here: none other may be called by a test."""
    make_function(tmp_path)
    monkeypatch.setattr(consent, "is_loopback", lambda _host: False)
    monkeypatch.setattr(client, "CONNECTS", 0.1)
    address = NOWHERE.format(1)
    words = ["build", "--cluster", address, str(tmp_path)]
    assert main(words) == 2
    told = capsys.readouterr().err
    assert f"nothing is encrypted on the way to {address}" in told
    assert "--open-network agrees to that" in told
    with monkeypatch.context() as asked:
        asked.setattr(clusters, "is_asked", lambda: True)
        asked.setattr("sys.stdin", io.StringIO("n\n"))
        assert main(words) == 2
    assert capsys.readouterr().err.endswith(f"[y/N] fn-tui: {address} is not used\n")  # and not all of it once more
    assert main([*words, "--open-network"]) == 1
    assert "no Dask scheduler answers" in capsys.readouterr().err
    assert main(words) == 1
    assert "encrypted" not in capsys.readouterr().err
    assert not consent.is_open("tls://127.0.0.1:1")


def test_a_setting_names_the_cluster_and_here_passes_it_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_function(tmp_path)
    monkeypatch.setattr(client, "CONNECTS", 0.1)
    monkeypatch.setenv("FN_TUI_CLUSTER", NOWHERE.format(1))
    assert main(["build", str(tmp_path)]) == 1
    assert "no Dask scheduler answers" in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["build", "--here", str(tmp_path)]) == 1
    assert "tinygo not found" in capsys.readouterr().out


def test_a_workspace_may_not_name_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_function(tmp_path)
    (tmp_path / ".fn-tui.toml").write_text('cluster = "tcp://127.0.0.1:1"\n')
    main(["build", "--trust", str(tmp_path)])
    told = capsys.readouterr().err
    assert "no workspace may set" in told or "not for a workspace" in told or "a workspace" in told
    assert "Dask" not in told


def test_the_status_tells_who_fits(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", f"{cluster.bin}{os.pathsep}{os.environ['PATH']}")
    assert main(["cluster-status", "--cluster", cluster.address, "--json"]) == 0
    records = events(capsys.readouterr().out)
    assert {record["worker"] for record in records} == {worker.address for worker in cluster.workers}
    assert {(record["fits"], record["slots"], record["same_paths"]) for record in records} == {(True, 1, True)}
    tools = {tool["name"]: tool["version"] for tool in records[0]["tools"]}
    assert (tools["tinygo"], tools["wasm-opt"]) == ("0.35.0", "122")
    main(["doctor", "--cluster", cluster.address, "--json"])
    rows = [event for event in events(capsys.readouterr().out) if event["check"] == "cluster"]
    assert [row["ok"] for row in rows] == [True, True]
    assert all("TinyGo 0.35.0 with Go 1.23.9" in row["message"] for row in rows)
    monkeypatch.setenv("FAKE_TINYGO", "0.36.0")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cluster.folder / "fresh"))  # where versions are remembered
    assert main(["cluster-status", "--cluster", cluster.address]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("NO  tcp://127.0.0.1:")
    assert told.out.endswith("0 workers fit, 0 builds at once\n")
    assert main(["cluster-status", "--cluster", cluster.address, "--json"]) == 1
    lacks = "it does not build with what is planned: tinygo 0.36.0, go 1.23.9, wasm-opt 122"
    assert {event["error"] for event in events(capsys.readouterr().out)} == {lacks}
    assert "      -> it does not build with what is planned: tinygo 0.36.0, go 1.23.9, wasm-opt 122\n" in told.out
    assert "has what is planned (tinygo 0.36.0, go 1.23.9, wasm-opt 122)" in told.err
    assert main(["cluster-status"]) == 2


def test_that_no_worker_is_left_is_said_and_that_there_is_one_again(own_cluster: Cluster, tmp_path: Path) -> None:
    """In text, a build that waited for a worker that had died waited in silence."""
    go = tmp_path / "go"
    make_function(tmp_path / "fn", f"while [ ! -e {go} ]; do sleep 0.02; done")
    first = own_cluster.begin_worker().registered()
    with own_cluster.build("fn", home=tmp_path) as building:
        assert building.stdout is not None
        assert building.stderr is not None
        assert building.stdout.readline().startswith("Building fn")
        first.kill()
        left = (building.stderr.readline(), building.stderr.readline())
        own_cluster.begin_worker()
        again = building.stderr.readline()
        go.touch()
        building.communicate(timeout=LIMIT)
    assert building.returncode == 0
    assert f"fn-tui: {own_cluster.address}: no worker that fits is left; builds wait for one\n" in left
    assert again == f"fn-tui: {own_cluster.address}: a worker that fits is there again\n"


def test_what_is_saved_is_built_there_until_the_scheduler_goes(own_cluster: Cluster, tmp_path: Path) -> None:
    here = make_function(tmp_path / "ws/fn", "echo hello")
    own_cluster.begin_worker().registered()
    with own_cluster.run("watch", "--json", str(tmp_path / "ws"), home=tmp_path) as watching:
        assert watching.stdout is not None
        assert json.loads(watching.stdout.readline())["event"] == "watching"
        saved = tmp_path / "saved.go"  # put in place whole: a file that is being written may be two changes
        saved.write_text((here / "function.go").read_text() + "// saved\n")
        saved.replace(here / "function.go")
        lines = map(json.loads, watching.stdout)
        told = list(islice((event for event in lines if event["event"] != "waiting"), 4))  # for a busy worker
        assert [event["event"] for event in told] == ["change", "start", "output", "end"]
        assert (told[3]["status"], told[3]["worker"]) == ("built", own_cluster.workers[0].address)
        own_cluster.scheduler.kill()
        _, errors = watching.communicate(timeout=LIMIT)
    assert watching.returncode == 1
    assert errors == (
        f"fn-tui: the scheduler at {own_cluster.address} has gone: nothing is built any more; with --here this machine "
        "builds\n"
    )


def test_what_is_served_is_built_there(cluster: Cluster, tmp_path: Path) -> None:
    make_function(tmp_path / "ws/fn")
    with cluster.run("dev", "--json", "--listen", "127.0.0.1:0", str(tmp_path / "ws"), home=tmp_path) as serving:
        assert serving.stdout is not None
        said = [json.loads(serving.stdout.readline()) for _ in range(3)]
        serving.terminate()
        serving.communicate(timeout=LIMIT)
    assert said[0]["event"] == "listening"
    assert said[1]["words"] == "builds"
    assert said[2]["words"].startswith("built in ")
    assert serving.returncode == 143


def test_plain_lines_follow_the_setting(tmp_path: Path) -> None:
    """`fn-tui --plain` is the list, then what `watch` prints."""
    make_function(tmp_path / "fn")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "FN_TUI_CLUSTER": "nowhere"}
    done = subprocess.run(
        [sys.executable, "-m", "tui", "--plain", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env=environment,
    )
    assert done.returncode == 2
    assert "a scheduler's address is such as" in done.stderr
