"""What is said of a cluster, and which workers fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from distributed.protocol.serialize import deserialize, serialize

from tui.building.compilers.compiler import Found, Tool
from tui.building.plan.plan import plan_build
from tui.cluster.client import _view
from tui.cluster.consent import address_fault, is_open
from tui.cluster.orders import Outcome, capability, is_sound, sha256_of, versions_in
from tui.cluster.paths import Mapped
from tui.cluster.versions import differences
from tui.workspace.function import FunctionConfig


def tool(name: str, version: str | None, ok: bool = True) -> Tool:
    return Tool(name, f"/bin/{name}", version, ok=ok, message=f"{name} {version}")


def test_a_capability_names_all_that_goes_into_a_module() -> None:
    found = Found(tool("tinygo", "0.35.0"), (tool("wasm-opt", "122"),), go_version="1.23.9")
    assert capability(found) == "fn-tui/3: tinygo 0.35.0, go 1.23.9, wasm-opt 122"
    assert versions_in(capability(found) or "") == "tinygo 0.35.0, go 1.23.9, wasm-opt 122"
    assert capability(Found(tool("go", "1.27.3"), go_version="1.27.3")) == "fn-tui/3: go 1.27.3"


def test_what_cannot_build_has_none() -> None:
    assert capability(Found(tool("tinygo", "0.35.0"), (tool("wasm-opt", None, ok=False),))) is None
    assert capability(Found(tool("go", None, ok=False))) is None


def test_versions_that_differ_are_told_once_for_all_that_have_them() -> None:
    told = {
        "client": {"python": "3.11.7", "dask": "2026.8.0"},
        "scheduler": {"python": "3.11.7", "dask": "2026.7.0"},
        "tcp://a:1": {"python": "3.12.1", "dask": "2026.8.0"},
        "tcp://b:1": {"python": "3.12.1"},
    }
    assert list(differences(told)) == [
        "python is 3.12.1 at tcp://a:1 and 1 more, and 3.11.7 here",
        "dask is 2026.7.0 at scheduler, and 2026.8.0 here",
    ]


GOOD = Outcome("tcp://a:1", "1", 3, returncode=0, argv=("go",), phases=(("links", 1.0),), module=b"x")
WRONG: list[dict[str, Any]] = [
    {"worker": 1},
    {"events": "3"},
    {"returncode": 1 << 40},
    {"argv": (b"go",)},
    {"argv": None},
    {"phases": (("links", float("nan")),)},
    {"phases": (("links", 1.0),) * 21},
    {"phases": ("links",)},
    {"module": "x"},
    {"unable": "x" * 200_000},
    {"mode": None},
]


@pytest.mark.parametrize("change", WRONG, ids=lambda change: next(iter(change)))
def test_an_answer_of_a_worker_is_what_it_is_to_be(change: dict[str, Any]) -> None:
    assert is_sound(GOOD)
    assert not is_sound(None)
    assert not is_sound(replace(GOOD, **change))


@pytest.mark.parametrize("module", [None, b"", b"\0asm" + bytes(3 << 20)], ids=["none", "empty", "large"])
def test_a_module_travels_beside_the_rest_and_is_copied_by_nobody(module: bytes | None) -> None:
    """With what a scheduler agrees on with everybody: the fourth protocol of pickle."""
    sent = replace(GOOD, module=module)
    header, frames = serialize(sent, context={"pickle-protocol": 4})
    assert module is None or any(frame is module for frame in frames)
    came = deserialize(header, [memoryview(bytearray(frame)) for frame in frames])
    assert is_sound(came)
    assert came == sent


def test_a_worker_that_boasts_is_bounded() -> None:
    names = {f"fn-tui/{number}": 1.0 for number in range(500)}
    view = _view("tcp://a:1", {"resources": {"build": float("inf"), "fn-tui memory": -5, **names}})
    assert (view.slots, view.memory) == (10_000, 0)
    assert len(view.capabilities) < 100
    assert _view("tcp://a:1", {"resources": {"build": float("nan")}}).slots == 0


@pytest.mark.parametrize(
    "address", ["", "host", "tcp://", "tcp://host", "http://host:1", "tcp://host:x", "tcp://[::1:1"]
)
def test_addresses_that_are_none(address: str) -> None:
    assert "a scheduler's address is such as" in str(address_fault(address))


def test_tls_and_loopback_are_not_open() -> None:
    assert address_fault("tcp://127.0.0.1:8786") is address_fault("tls://10.0.0.1:8786") is None
    assert not is_open("tcp://127.0.0.1:8786")
    assert not is_open("tls://192.0.2.1:8786")
    assert is_open("tcp://192.0.2.1:8786")


def test_what_suffered_on_its_way_has_another_digest() -> None:
    told = sha256_of(b"\0asm module")
    assert told == sha256_of(memoryview(b"\0asm module"))
    assert len({told, sha256_of(b"\0asm modulf"), sha256_of(b"\0asm modul"), sha256_of(b"\0asm module\0")}) == 4


def test_paths_come_back_as_the_persons_own() -> None:
    plan = plan_build(Path("/home/me/ws/fn"), FunctionConfig("fn"), "go", "/usr/lib/go/bin/go")
    there = ("/tmp/b/x1/src", "/proc/self/fd/99/src", "/home/w/go/pkg/mod", "/opt/go")
    mapped = Mapped(plan, Path("/home/me/ws"), there)
    assert mapped.back("/tmp/b/x1/src/fn/a.go:1:2: odd") == "/home/me/ws/fn/a.go:1:2: odd"
    assert mapped.back("/proc/self/fd/99/src/fn/a.go:1:2: odd") == "/home/me/ws/fn/a.go:1:2: odd"
    assert mapped.back("cd /tmp/b/x1/src; /opt/go/src/fmt/a.go") == "cd /home/me/ws; /usr/lib/go/src/fmt/a.go"
    assert mapped.back("./function.go:1:2: odd") == "./function.go:1:2: odd"
    nameless = Mapped(plan, Path("/home/me/ws"), ("/tmp/b/x1/src", "", "/home/w/go/pkg/mod", "/opt/go"))
    assert nameless.back("/tmp/b/x1/src/a.go: /odd") == "/home/me/ws/a.go: /odd"
    rooted = Mapped(plan, Path("/"), there)
    assert rooted.back("/tmp/b/x1/src/home/a.go and /tmp/b/x1/src") == "/home/a.go and /"
