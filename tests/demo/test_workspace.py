"""The sample workspace builds offline with stock Go, and what is broken in it is broken as it says."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import wasmtime

from tests.demo.conftest import FUNCTIONS
from tests.demo.make_prebuilt import ledger_before
from tests.engine import compiled, new_linker, new_store
from tests.gobuild import go_environment, go_executable
from tui.demo.copy import PREBUILT_FOLDER, WORKSPACE, DemoError, copy_workspace
from tui.wasm.decode.decode import decode

EXPECTED_EXPORTS = {
    "chat": {"memory", "_initialize", "ws_open", "ws_frame", "ws_close", "orama_alloc"},
    "presence": {"memory", "_initialize", "ws_open", "ws_frame", "ws_close", "orama_alloc"},
    "wallet": {"memory", "_initialize", "handle", "malloc"},
    "push": {"memory", "_start", "malloc"},
    "echo": {"memory", "_start"},
    "digest": {"memory", "_start"},
    "shop/functions/ledger": {"memory", "_start"},
    "shop/functions/order": {"memory", "_start"},
}


def exports(path: Path) -> set[str]:
    module = decode(path.read_bytes())
    assert module.ok, module.errors
    return {export.name for export in module.exports}


def test_the_functions_are_those_that_the_tests_know(workspace: Path) -> None:
    found = sorted(path.parent.relative_to(workspace).as_posix() for path in workspace.rglob("function.yaml"))
    assert tuple(found) == FUNCTIONS


@pytest.mark.parametrize("function", EXPECTED_EXPORTS)
def test_each_good_source_builds_in_its_mode(function: str, built: Path) -> None:
    assert (built / function / "go.txt").read_text() == ""
    assert exports(built / function / "function.wasm") == EXPECTED_EXPORTS[function]


def test_the_one_that_does_not_compile_says_so_four_times(built: Path) -> None:
    lines = (built / "invite/go.txt").read_text().splitlines()
    assert lines[0] == "# example.com/invite"
    assert [line.split(": ", 1)[0] for line in lines[1:]] == [
        "./function.go:20:2",
        "./function.go:21:2",
        "./function.go:21:10",
        "./function.go:24:12",
    ]
    assert not (built / "invite/function.wasm").exists()


def test_chat_lies_there_in_command_mode(workspace: Path) -> None:
    names = exports(workspace / "chat/function.wasm")
    assert "_start" in names
    assert "_initialize" not in names
    assert {"ws_open", "ws_frame", "ws_close", "orama_alloc"} <= names
    # Only its mode is wrong: the module is newer than each of its sources.
    module = (workspace / "chat/function.wasm").stat().st_mtime
    assert all(source.stat().st_mtime < module for source in (workspace / "chat").glob("function.[gy]*"))
    assert module < time.time()


def test_ledger_lies_there_from_before_its_source(workspace: Path) -> None:
    ledger = workspace / "shop/functions/ledger"
    assert (ledger / "function.wasm").stat().st_mtime < (ledger / "function.go").stat().st_mtime
    assert run_wasi(ledger / "function.wasm", b"12.50\n-2\n") == b'{"balance":"10.50"}\n'


def test_ledger_built_anew_counts_refunds(built: Path) -> None:
    module = built / "shop/functions/ledger/function.wasm"
    assert run_wasi(module, b"12.50\n-2\n\n0.05\n") == b'{"balance":"10.55","refunds":1}\n'
    assert run_wasi(module, b"12\nmuch\n") == b'{"error":"line 2: not an amount of money"}\n'


def test_echo_and_order_answer(built: Path) -> None:
    assert run_wasi(built / "echo/function.wasm", b'{"message":"hi","times":2}') == b'{"echo":"hi hi"}\n'
    order = built / "shop/functions/order/function.wasm"
    assert run_wasi(order, b'[{"name":"tea","price":"3.50","count":2}]') == b'{"total":"7.00"}\n'


@pytest.mark.long
def test_the_tests_of_the_sample_pass(tmp_path: Path) -> None:
    """For WASI, which the modules are built for: for this machine, Go would compile its library once more. What they
    test, `test_echo_and_order_answer` and the kept calls of `order` ask of the module in the short form."""
    copy_workspace(tmp_path / "w")
    shop = tmp_path / "w/shop"
    assert [path.parent.relative_to(shop).as_posix() for path in shop.rglob("*_test.go")] == ["functions/order"]
    argv = [go_executable(), "test", "-c", "-o", str(tmp_path / "tests.wasm"), "./functions/order"]
    done = subprocess.run(argv, cwd=shop, env=go_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert run_wasi(tmp_path / "tests.wasm", b"").endswith(b"PASS\n")


def test_sources_are_formatted(workspace: Path) -> None:
    gofmt = Path(go_executable()).parent / "gofmt"
    done = subprocess.run([gofmt, "-l", workspace], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_every_go_mod_suits_both_compilers(workspace: Path) -> None:
    modules = list(workspace.rglob("go.mod"))
    assert modules
    assert {module.read_text().splitlines()[-1] for module in modules} == {"go 1.22"}


def test_the_shipped_ledger_is_what_its_recipe_says() -> None:
    """The recipe still fits the source that is shipped."""
    source = (WORKSPACE / "shop/functions/ledger/function.go").read_text()
    assert "refunds int" not in ledger_before(source)
    assert b"refunds" not in gzip.decompress((PREBUILT_FOLDER / "ledger.wasm.gz").read_bytes())


def test_the_package_stays_small() -> None:
    files = [path for path in WORKSPACE.parent.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 1_400_000


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("keep")
    with pytest.raises(DemoError, match="is not empty"):
        copy_workspace(mine)
    with pytest.raises(DemoError, match="is not a folder"):
        copy_workspace(mine / "notes.txt")
    assert [(path.name, path.read_text()) for path in mine.iterdir()] == [("notes.txt", "keep")]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    made = copy_workspace(tmp_path)
    assert sorted(made) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    shutil.rmtree(tmp_path)


def run_wasi(module: Path, stdin: bytes) -> bytes:
    """What a command-mode module prints when it is run once, as the gateway runs it."""
    folder = module.parent
    (folder / "stdin").write_bytes(stdin)
    store = new_store()
    wasi = wasmtime.WasiConfig()
    wasi.argv = [module.name]
    wasi.stdin_file = folder / "stdin"
    wasi.stdout_file = folder / "stdout"
    store.set_wasi(wasi)
    start = new_linker().instantiate(store, compiled(module.read_bytes())).exports(store)["_start"]
    assert isinstance(start, wasmtime.Func)
    with pytest.raises(wasmtime.ExitTrap) as ended:
        start(store)
    assert ended.value.code == 0
    return (folder / "stdout").read_bytes()
