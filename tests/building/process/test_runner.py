"""Real builds with stock Go, and what a compiler gets to see."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building.faking import FakeCompiler, put_fake
from tests.conftest import PERSISTENT_SOURCE, REACTOR_SOURCE
from tests.disks import mounted
from tests.gobuild import go_environment
from tui.building.events import BuildEnded, BuildOutputBatch, BuildResult, BuildStarted
from tui.building.inputs.need import NeedByHistory
from tui.building.plan.hooks import outline
from tui.building.process.options import BuildOptions
from tui.building.process.runner import run_build
from tui.building.record.previous import known_previous

Make = Callable[..., Path]
GO = BuildOptions("go", need_check=NeedByHistory())


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "GOPROXY"):
        monkeypatch.setenv(name, go_environment().get(name, "off"))


async def built(directory: Path, options: BuildOptions = GO) -> tuple[BuildResult, list[str]]:
    lines: list[str] = []
    async for event in run_build(directory, options):
        if isinstance(event, BuildOutputBatch):
            lines += event.lines
        elif isinstance(event, BuildEnded):
            result = event.result
    assert not list(directory.glob(".fn-tui-*"))
    return result, lines


@pytest.mark.slow
@pytest.mark.parametrize(
    ("yaml", "source", "mode"),
    [
        ("name: fn\n", None, "command"),
        ("name: fn\nws_persistent: true\n", PERSISTENT_SOURCE, "reactor"),
        ("name: fn\nreactor: true\n", REACTOR_SOURCE, "reactor"),
    ],
)
async def test_real_builds_in_the_mode_that_the_config_asks_for(
    function_directory: Make, yaml: str, source: str | None, mode: str
) -> None:
    directory = function_directory(yaml=yaml, **({"go": source} if source is not None else {}))
    result, lines = await built(directory)
    assert (result.status, result.exit_code, result.error, lines) == ("built", 0, None, [])
    assert result.size == (directory / "function.wasm").stat().st_size
    assert outline(directory / "function.wasm").mode == mode


@pytest.mark.slow
async def test_unchanged_is_skipped_and_a_change_is_built(function_directory: Make) -> None:
    directory = function_directory()
    module = directory / "function.wasm"
    assert (await built(directory))[0].status == "built"
    assert (await built(directory))[0].status == "skipped"
    assert (await built(directory, BuildOptions("go", force=True, need_check=NeedByHistory())))[0].status == "built"
    assert (await built(directory))[0].status == "skipped"
    (directory / "function.yaml").write_text("name: fn\nreactor: true\n")  # another mode
    assert (await built(directory))[0].status == "built"
    (directory / "function_test.go").write_text("package main\n")  # no input
    assert (await built(directory))[0].status == "skipped"
    (directory / "more.go").write_text("package main\n")
    assert (await built(directory))[0].status == "built"
    module.write_bytes(module.read_bytes())  # somebody else's copy, for all that is known
    assert (await built(directory))[0].status == "built"
    module.unlink()
    assert (await built(directory))[0].status == "built"


async def test_a_compiler_installed_since_builds_anew(function_directory: Make, fake: FakeCompiler) -> None:
    fake.does("module")
    options = BuildOptions(need_check=NeedByHistory())
    directory = function_directory()
    put_fake(fake.folder / "tinygo")
    assert [(await built(directory, options))[0].status for _ in range(2)] == ["built", "skipped"]
    put_fake(fake.folder / "tinygo")
    assert [(await built(directory, options))[0].status for _ in range(2)] == ["built", "skipped"]


@pytest.mark.slow
async def test_a_compile_error_keeps_the_module_and_becomes_a_place(function_directory: Make) -> None:
    directory = function_directory()
    await built(directory)
    before = (directory / "function.wasm").read_bytes()
    (directory / "function.go").write_text("package main\n\nfunc main() {\n\tundefined()\n}\n")
    result, lines = await built(directory)
    assert (result.status, result.exit_code, result.tool_error) == ("failed", 1, "go build failed: exit status 1")
    assert result.error == "function.go:4:2: undefined: undefined"
    assert lines == ["# example.com/fn", "./function.go:4:2: undefined: undefined"]
    assert [(each.line, each.column, each.severity) for each in result.diagnostics] == [(4, 2, "error")]
    assert (directory / "function.wasm").read_bytes() == before


@pytest.mark.slow
async def test_a_disk_that_is_full_for_the_linker(tmp_path: Path, function_directory: Make) -> None:
    """Stock Go exits with 0 and a module that is cut short where the file system of its temporary folder is full."""
    good = b"\0asm\1\0\0\0\0\x15\x14the last good module"
    with mounted(tmp_path / "disk", "300k") as disk:
        directory = disk / "fn"
        shutil.copytree(function_directory(go="package main\n\nfunc main() {}\n", wasm=good), directory)
        result, lines = await built(directory, BuildOptions("go", force=True))
        assert result.status == "failed"
        assert "no space left" in str(lines) or "of space left on its file system" in str(result.error)
        assert (directory / "function.wasm").read_bytes() == good


@pytest.mark.slow
async def test_an_embed_of_everything_builds(function_directory: Make) -> None:
    source = 'package main\n\nimport "embed"\n\n//go:embed *\nvar all embed.FS\n\nfunc main() { _ = all }\n'
    result, lines = await built(function_directory(go=source))
    assert (result.status, lines) == ("built", [])


async def test_what_the_compiler_sees(
    function_directory: Make, fake: FakeCompiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan's argv as it is, the function's directory, nothing on stdin, a TMPDIR on the output's file system."""
    directory = function_directory(yaml="name: fn\nreactor: true\n")
    program = fake.folder / "tinygo"
    program.unlink()
    program.write_text(
        "#!/bin/sh\n"
        'for word in "$0" "$@"; do echo "$word"; done\n'
        'pwd; wc -c; dirname "$TMPDIR"; ps -o pid=,pgid=,sid= -p $$ | tr -d " " ; echo $$\n'
        'printf "\\0asm\\1\\0\\0\\0" > function.wasm\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("TMPDIR", "/somewhere/else")
    started = [event async for event in run_build(directory) if isinstance(event, BuildStarted)]
    assert started[0].plan.executable == str(program)
    result, lines = await built(directory, BuildOptions())
    assert result.status == "built"
    argv = [str(program), *started[0].plan.argv[1:]]
    assert lines[: len(argv)] == argv
    where, stdin, tmpdir, ids, pid = lines[len(argv) :]
    assert (where, stdin) == (str(directory), "0")
    assert os.path.basename(tmpdir).startswith(".fn-tui-")  # noqa: PTH119
    assert os.path.dirname(tmpdir) == str(directory)  # noqa: PTH120
    assert ids == pid * 3  # leads its own group and session


@pytest.mark.parametrize(("given", "seen"), [(None, "-mod=readonly"), ("-mod=vendor", "-mod=vendor")])
async def test_stock_go_edits_nothing_unless_told_otherwise(
    function_directory: Make, fake: FakeCompiler, monkeypatch: pytest.MonkeyPatch, given: str | None, seen: str
) -> None:
    program = fake.install(name="go")
    program.unlink()
    program.write_text('#!/bin/sh\necho "$GOFLAGS $GOTOOLCHAIN $GOOS $GOARCH"\nprintf "\\0asm\\1\\0\\0\\0" > "$3"\n')
    program.chmod(0o755)
    monkeypatch.delenv("GOTOOLCHAIN", raising=False)
    if given is None:
        monkeypatch.delenv("GOFLAGS", raising=False)
    else:
        monkeypatch.setenv("GOFLAGS", given)
    result, lines = await built(function_directory(), BuildOptions("go"))
    assert (result.status, lines) == ("built", [f"{seen} local wasip1 wasm"])


@pytest.mark.slow
@pytest.mark.parametrize("source", ["package main\n\nfunc main() {}\n", "package main\n"], ids=["builds", "fails"])
async def test_stock_go_builds_over_what_is_no_module(function_directory: Make, source: str) -> None:
    """Left to itself it does not, and `b rebuilds it`, as `check` says, failed each time."""
    directory = function_directory(go=source)
    module = directory / "function.wasm"
    module.write_bytes(b"not a module")
    result, lines = await built(directory)
    good = "main()" in source
    assert (result.status, module.read_bytes()[:4]) == (("built", b"\0asm") if good else ("failed", b"not "))
    assert not any("not an object file" in line for line in lines)


NEEDS = 'package main\n\nimport "example.com/dep"\n\nfunc main() { dep.X() }\n'


def states(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".wasm"}


@pytest.mark.slow
@pytest.mark.parametrize("source", ["package main\n\nfunc main() {}\n", NEEDS], ids=["builds", "fails"])
async def test_a_build_edits_no_go_mod(function_directory: Make, source: str) -> None:
    """A go.mod without a go line, and one that lacks a module: Go would mend both, and is not let."""
    directory = function_directory(go=source)
    (directory / "go.mod").write_text("module example.com/fn\n")
    before = states(directory)
    result, lines = await built(directory, BuildOptions("go"))
    assert states(directory) == before
    if source == NEEDS:
        assert result.status == "failed"
        words = "function.go:3:8: cannot find module providing package example.com/dep: "
        assert lines == [words + "import lookup disabled by -mod=readonly"]
        assert result.diagnostics[0].fix == "go get example.com/dep"
    else:
        assert result.status == "built"


@pytest.mark.slow
async def test_a_build_edits_no_go_work(function_directory: Make) -> None:
    directory = function_directory("functions/fn")
    (directory.parent / "go.work").write_text("go 1.24\n\nuse ./fn\n")
    before = states(directory), (directory.parent / "go.work").read_bytes()
    result, lines = await built(directory, BuildOptions("go"))
    assert (result.status, lines) == ("built", [])
    assert (states(directory), (directory.parent / "go.work").read_bytes()) == before
    assert sorted(path.name for path in directory.parent.iterdir()) == ["fn", "go.work"]


@pytest.mark.slow
async def test_vendored_modules_build_without_the_network(function_directory: Make) -> None:
    directory = function_directory(go=NEEDS)
    (directory / "go.mod").write_text("module example.com/fn\n\ngo 1.24\n\nrequire example.com/dep v1.0.0\n")
    (directory / "vendor/example.com/dep").mkdir(parents=True)
    (directory / "vendor/example.com/dep/x.go").write_text("package dep\n\nfunc X() {}\n")
    listed = "# example.com/dep v1.0.0\n## explicit; go 1.20\nexample.com/dep\n"
    (directory / "vendor/modules.txt").write_text(listed)
    result, lines = await built(directory, BuildOptions("go"))
    assert (result.status, lines) == ("built", [])


async def test_the_module_before_is_kept_where_one_asks_for_it(
    function_directory: Make, fake: FakeCompiler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # none of a run before, in a folder of the same name
    good = b"\0asm\1\0\0\0\0\x15\x14the last good module"
    directory = function_directory(wasm=good)
    fake.does("module:50")
    assert (await built(directory))[0].status != "failed"
    assert known_previous(directory) is None
    (directory / "function.wasm").write_bytes(good)
    assert (await built(directory, BuildOptions(keep_previous=True)))[0].note is None
    kept = known_previous(directory)
    assert kept is not None
    assert kept.read_bytes() == good
    fake.does("module:60", "exit:1")
    await built(directory, BuildOptions(keep_previous=True))
    assert kept.read_bytes() == good
