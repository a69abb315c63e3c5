"""What travels: exactly what a build reads, below one root, under names that are equal for equal inputs."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from tests.cluster.processes import make_function
from tui.building.inputs.inputs import read_inputs
from tui.building.plan.plan import plan_build
from tui.cluster import packing
from tui.cluster.blobs import SMALL
from tui.cluster.client import Call
from tui.cluster.modules import cached_files, module_cache
from tui.cluster.orders import Order
from tui.cluster.packing import Packed, PackingError, pack
from tui.workspace.function import FunctionConfig


def packed(here: Path, compiler: str = "tinygo") -> Packed:
    return pack(plan_build(here, FunctionConfig(here.name), compiler), read_inputs(here), "ident", "topic")


def names(order: Order) -> list[str]:
    return [file.name for file in order.files]


def test_a_function_alone_is_its_own_root(tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn")
    (here / "notes.txt").write_text("no input")
    found = packed(here)
    assert (found.root, found.order.directory) == (here, ".")
    assert names(found.order) == ["function.go", "go.mod"]
    assert all(found.read(file.digest, 0, 1 << 20) == (here / file.name).read_bytes() for file in found.order.files)
    assert found.read(found.order.files[0].digest, 3, 5) == (here / "function.go").read_bytes()[3:8]


def test_shared_packages_move_the_root_up(tmp_path: Path) -> None:
    (tmp_path / "ws/shared").mkdir(parents=True)
    (tmp_path / "ws/shared/a.go").write_text("package shared\n")
    (tmp_path / "ws/go.mod").write_text("module example.com/ws\n")
    (tmp_path / "ws/go.sum").write_text("")
    here = make_function(tmp_path / "ws/fn", body='import _ "example.com/ws/shared"\n')
    (here / "go.mod").unlink()
    found = packed(here)
    assert (found.root, found.order.directory) == (tmp_path / "ws", "fn")
    assert names(found.order) == ["fn/function.go", "go.mod", "go.sum", "shared/a.go"]


def test_equal_inputs_have_equal_paths_wherever_they_lie(tmp_path: Path) -> None:
    one, other = (packed(make_function(tmp_path / place / "fn")).order for place in ("a", "b/c"))
    assert one.place == other.place
    assert packed(tmp_path / "a/fn", "go").order.place != one.place
    (tmp_path / "a/fn/function.go").write_text("package main\n\nfunc main() { }\n")
    assert packed(tmp_path / "a/fn").order.place != one.place


def test_absolute_replacements_are_sent_as_relative_ones(tmp_path: Path) -> None:
    near = tmp_path / "elsewhere"
    near.mkdir()
    (near / "go.mod").write_text("module example.com/near\n")
    here = make_function(tmp_path / "ws/fn")
    (here / "go.mod").write_text(f'module m\n\nreplace example.com/near => "{near}" // {near}\n')
    found = packed(here)
    go_mod = next(file for file in found.order.files if file.name == "ws/fn/go.mod")
    content = found.read(go_mod.digest, 0, 1 << 20)
    assert content == b'module m\n\nreplace example.com/near => "../../elsewhere" // ../../elsewhere\n'
    assert go_mod.size == len(content)


def test_go_sums_of_all_members_of_a_workspace_travel(tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn")
    other = make_function(tmp_path / "other")
    (other / "go.sum").write_text("")
    (tmp_path / "go.work").write_text("go 1.21\n\nuse (\n\t./fn\n\t./other\n)\n")
    order = packed(here).order
    assert {"go.work", "fn/go.mod", "other/go.mod", "other/go.sum"} <= set(names(order))
    assert order.environment["GOWORK"] == ""


def test_the_environment_is_the_persons_and_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = make_function(tmp_path / "fn")
    monkeypatch.setenv("GOFLAGS", "-tags=own")
    environment = packed(here, "go").order.environment
    assert environment["GOFLAGS"] == "-tags=own"
    assert environment["CGO_ENABLED"] == ""
    assert (environment["GOPROXY"], environment["GOTOOLCHAIN"], environment["GOWORK"]) == ("off", "local", "off")
    monkeypatch.delenv("GOFLAGS")
    assert packed(here, "go").order.environment["GOFLAGS"] == "-mod=readonly"


def test_a_named_go_work_is_a_path_below_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = make_function(tmp_path / "fn")
    work = tmp_path / "odd.work"
    work.write_text("go 1.21\n\nuse ./fn\n")
    monkeypatch.setenv("GOWORK", str(work))
    order = packed(here).order
    assert order.paths == {"GOWORK": "odd.work"}
    assert "odd.work" in names(order)


def test_a_file_beyond_what_travels_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "HASHED", 5)
    with pytest.raises(PackingError, match=r"function.go is larger than what is sent"):
        packed(make_function(tmp_path / "fn"))


def test_an_order_runs_where_it_is_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = packed(make_function(tmp_path / "fn")).order
    monkeypatch.setattr("tui.cluster.worker.build", _run)
    assert pickle.loads(pickle.dumps(Call(order))) == ("ran", order)


def _run(order: Order) -> tuple[str, Order]:
    return "ran", order


def test_small_files_go_with_the_first_order_that_needs_them(tmp_path: Path) -> None:
    here, before = make_function(tmp_path / "fn"), set[str]()
    (here / "large.s").write_bytes(b"x" * (SMALL + 1))
    plan, inputs = plan_build(here, FunctionConfig("fn"), "tinygo"), read_inputs(here)
    first = pack(plan, inputs, "ident", "topic", enclosed=before).order
    digests = {file.name: file.digest for file in first.files}
    assert first.enclosed == {
        digests[name]: (here / name).read_bytes()
        for name in ("function.go", "go.mod", "function.yaml")
        if name in digests
    }
    assert len(first.enclosed) == 2
    (here / "function.go").write_text("package main\n\nfunc main() { }\n")
    again = pack(plan, read_inputs(here), "ident", "topic", enclosed=before).order
    assert [*again.enclosed.values()] == [(here / "function.go").read_bytes()]


def test_what_has_changed_since_it_was_looked_at_does_not_go_along(tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn")
    plan, inputs = plan_build(here, FunctionConfig("fn"), "tinygo"), read_inputs(here)
    (here / "function.go").write_text("package other\n")
    order = pack(plan, inputs, "ident", "topic", enclosed=set()).order
    assert [*order.enclosed.values()] == [(here / "go.mod").read_bytes()]


def test_modules_are_those_of_go_sum_that_were_downloaded(tmp_path: Path) -> None:
    folder = tmp_path / "cache/download/example.com/!a/@v"
    folder.mkdir(parents=True)
    for name in ("v1.0.0.zip", "v1.0.0.mod", "v9.0.0.zip"):
        (folder / name).write_bytes(b"x")
    (tmp_path / "go.sum").write_text(
        "example.com/A v1.0.0 h1:x=\nexample.com/A v1.0.0/go.mod h1:x=\nexample.com/b v1.0.0 h1:x=\n"
        "../../x v1 h1:x=\nodd\n"
    )
    found = dict(cached_files([tmp_path / "go.sum", tmp_path / "missing"], tmp_path))
    assert found == {f"example.com/!a/@v/{name}": folder / name for name in ("v1.0.0.zip", "v1.0.0.mod")}


@pytest.mark.parametrize(
    ("environment", "path"),
    [
        ({"GOMODCACHE": "/m"}, "/m"),
        ({"GOPATH": f"/a{os.pathsep}/b", "HOME": "/h"}, "/a/pkg/mod"),
        ({"HOME": "/h"}, "/h/go/pkg/mod"),
    ],
)
def test_where_the_module_cache_lies(environment: dict[str, str], path: str) -> None:
    assert module_cache(environment) == Path(path)
