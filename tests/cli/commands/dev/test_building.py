"""`fn-tui dev` builds what it serves, with stock Go: before it answers, and on every save, at no client's cost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.cli.commands.dev.desk import GO_SOCKET, NONE, PATIENCE, Dev, dev, until
from tests.gobuild import GO_MOD, go_executable

pytestmark = pytest.mark.slow
SAYS = 'package main\n\nimport "os"\n\nfunc main() {{ os.Stdout.WriteString(`"{}"`) }}\n'
ANSWER = """answer := []byte("{}")
	wsSend(0, 0, uint32(uintptr(unsafe.Pointer(&answer[0]))), uint32(len(answer)))"""


def write(workspace: Path, name: str, source: str, yaml: str = "") -> Path:
    folder = workspace / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "function.go").write_text(source)
    (folder / "function.yaml").write_text(f"name: {name}\n{yaml}")
    (folder / "go.mod").write_text(GO_MOD)
    return folder


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    write(folder, "says", SAYS.format("one"))
    write(folder, "chat", GO_SOCKET % ANSWER.format("one"), "ws_persistent: true\n")
    write(folder, "broken", SAYS.format("one").replace("os.", "oz."))
    return folder


@pytest.fixture(scope="module")
def gateway(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """One gateway for all of these; its compiler is the stock Go of the extra."""
    env = {"FN_TUI_GO": go_executable(), "GOFLAGS": "-mod=readonly", "GOPROXY": "off"}
    with dev(workspace, tmp_path_factory.mktemp("homes"), "--compiler", "go", "--fresh", env=env) as process:
        yield process


def test_a_request_waits_for_the_first_build(gateway: Dev) -> None:
    reply = gateway.invoke("says")
    assert (reply.status, reply.body) == (200, b'"one"')
    assert "X-Fn-Tui-Build-Failed" not in reply.headers


def test_what_cannot_be_built_answers_503_with_its_first_error(gateway: Dev) -> None:
    reply = gateway.invoke("broken")
    assert reply.status == 503
    assert "imported and not used" in reply.json["error"]["message"]
    assert reply.json["error"]["code"] == "FUNCTION_UNAVAILABLE"


def test_a_save_is_answered_by_the_new_build_and_open_sockets_keep_theirs(gateway: Dev, workspace: Path) -> None:
    with connect(gateway.ws("chat"), open_timeout=PATIENCE, proxy=None) as old:
        old.send("x")
        assert old.recv(PATIENCE) == "one"
        gateway.forget()
        write(workspace, "chat", GO_SOCKET % ANSWER.format("two"), "ws_persistent: true\n")
        gateway.wait(lambda event: event.get("function") == "chat" and "built in" in event.get("words", ""))
        assert until(lambda: any(one["name"] == "chat" and one["state"] == "ready" for one in listed(gateway)))
        with connect(gateway.ws("chat"), open_timeout=PATIENCE, proxy=None) as new:
            for client, answer in ((old, "one"), (new, "two"), (old, "one")):
                client.send("x")
                assert client.recv(PATIENCE) == answer


def listed(gateway: Dev) -> list[dict[str, object]]:
    found: list[dict[str, object]] = gateway.request("GET", "/", NONE).json["functions"]
    return found


def test_a_failed_build_keeps_the_last_good_one_and_says_so(gateway: Dev, workspace: Path) -> None:
    gateway.invoke("says")
    good = (workspace / "says" / "function.go").read_text()
    write(workspace, "says", good.replace("os.Stdout", "oops.Stdout"))
    assert until(lambda: "X-Fn-Tui-Build-Failed" in gateway.invoke("says").headers)
    reply = gateway.invoke("says")
    assert (reply.status, reply.body) == (200, b'"one"')
    assert "imported and not used" in reply.headers["X-Fn-Tui-Build-Failed"]
    gateway.wait(lambda event: event.get("is_fault", False) and "from before is served" in event["words"])
    assert next(one for one in listed(gateway) if one["name"] == "says")["state"] == "failed"
    write(workspace, "says", good)
    assert until(lambda: "X-Fn-Tui-Build-Failed" not in gateway.invoke("says").headers)


def test_function_yaml_counts_from_its_save_on(gateway: Dev, workspace: Path) -> None:
    (workspace / "says" / "function.yaml").write_text("name: says\ninternal: true\n")
    assert until(lambda: gateway.invoke("says").status == 403)
    (workspace / "says" / "function.yaml").write_text("name: says\n")
    assert until(lambda: gateway.invoke("says").status == 200)


def test_a_refused_config_is_told_with_its_first_problem(gateway: Dev, workspace: Path) -> None:
    """Not with the line that only leads to them: `yaml: unmarshal errors:`."""
    file = workspace / "says" / "function.yaml"
    gateway.forget()
    file.write_text("name: says\nmemory: x\ntimeout: y\npublic: maybe\n")
    told = gateway.wait(lambda event: "is refused" in event.get("words", ""))["words"]
    assert told.endswith("unmarshal errors: line 2: cannot unmarshal !!str `x` into int (and 2 more)")
    file.write_text("name: says\n")
    assert until(lambda: gateway.invoke("says").status == 200)


def test_functions_come_and_go(gateway: Dev, workspace: Path) -> None:
    assert gateway.invoke("late").status == 404
    write(workspace, "late", SAYS.format("late").replace("os.", "oz."))  # an error takes no time to build
    assert until(lambda: gateway.invoke("late").status == 503)
    shutil.rmtree(workspace / "late")
    assert until(lambda: gateway.invoke("late").status == 404)
