from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gobuild import go_environment, go_executable
from tui.wasm.sizes.packages import C_ROW, DISPATCH_ROW, UNNAMED_ROW, place, row_finder
from tui.wasm.sizes.standard_library import FLATTENED, STANDARD_PATHS


@pytest.mark.parametrize(
    ("symbol", "group", "package", "function"),
    [
        ("main.main", "package", "main", "main"),
        ("encoding/json.Marshal", "package", "encoding/json", "Marshal"),
        ("(*encoding/json.decodeState).value", "package", "encoding/json", "(*decodeState).value"),
        ("(reflect.Value).Len", "package", "reflect", "(Value).Len"),
        ("github.com/user/repo.v2/pkg.F$1", "package", "github.com/user/repo.v2/pkg", "F$1"),
        ("slices.SortFunc[[]go/ast.Node go/ast.Node]", "package", "slices", "SortFunc[[]go/ast.Node go/ast.Node]"),
        ("(*main.T).m$bound", "package", "main", "(*T).m$bound"),
        ("main.handle#wasmexport", "package", "main", "handle#wasmexport"),
        ("byn$mgfn-shared$strconv.syntaxError", "package", "strconv", "syntaxError"),
        ("byn$mgfn-shared$(*go/parser.parser).next", "package", "go/parser", "(*parser).next"),
        ("interface:{Read:func:{}{}}.Read$invoke", "dispatch", DISPATCH_ROW, "interface:{Read:func:{}{}}.Read$invoke"),
        (
            "interface:{a/b.E:func:{}{}}.$typeassert",
            "dispatch",
            DISPATCH_ROW,
            "interface:{a/b.E:func:{}{}}.$typeassert",
        ),
        ("malloc.command_export", "c", C_ROW, "malloc"),
        ("memcpy", "c", C_ROW, "memcpy"),
        ("pad.1234", "c", C_ROW, "pad.1234"),
        ("printf_core.llvm.99", "c", C_ROW, "printf_core.llvm.99"),
        ("llvm.memcpy.p0", "c", C_ROW, "llvm.memcpy.p0"),
        ("__wasm_call_ctors", "c", C_ROW, "__wasm_call_ctors"),
        (None, "unnamed", UNNAMED_ROW, ""),
        ("", "unnamed", UNNAMED_ROW, ""),
    ],
)
def test_tinygo_symbols(symbol: str | None, group: str, package: str, function: str) -> None:
    found = place(symbol, "TinyGo 0.35.0")
    assert (found.group, found.package, found.function) == (group, package, function)


@pytest.mark.parametrize(
    ("symbol", "group", "package"),
    [
        ("encoding_json.__decodeState_.value", "package", "encoding/json"),
        ("runtime.__mheap_.alloc", "package", "runtime"),
        ("internal_runtime_maps.__Map_.putSlotSmallFast32", "package", "internal/runtime/maps"),
        ("gopkg.in_yaml_2ev3.Unmarshal", "package", "gopkg.in/yaml.v3"),
        ("git.acme.cloud_shop_money.Parse", "package", "git.acme.cloud/shop/money"),
        ("github.com_user_repo_pkg.F", "package", "github.com/user/repo/pkg"),
        ("example.com_fn_shared.__T_.m", "package", "example.com/fn/shared"),
        ("vendor_golang.org_x_net_http.F", "package", "vendor/golang.org/x/net/http"),
        ("my_module.F", "package", "my_module"),
        ("type_.eq.M16SSM40", "dispatch", DISPATCH_ROW),
        ("wasm_pc_f_loop", "c", C_ROW),
    ],
)
def test_stock_go_symbols(symbol: str, group: str, package: str) -> None:
    found = place(symbol, "Go 1.27.3")
    assert (found.group, found.package) == (group, package)


@given(st.text(), st.sampled_from(["TinyGo 0.35.0", "Go 1.27", None]))
def test_every_symbol_has_a_place(symbol: str, toolchain: str | None) -> None:
    found = place(symbol, toolchain)
    assert found.package
    assert found.function or not symbol or found.group == "package" or found.group == "c"


def test_the_list_is_the_standard_library_of_the_go_at_hand() -> None:
    done = subprocess.run(
        [go_executable(), "list", "std"], capture_output=True, text=True, check=True, env=go_environment()
    )
    listed = {path for path in done.stdout.split() if "/" in path and not path.startswith("vendor/")}
    public = {path for path in listed if "internal" not in path.split("/")}
    assert public <= STANDARD_PATHS | {path for path in public if path not in FLATTENED.values()}
    assert {"encoding/json", "net/http", "unicode/utf8"} <= STANDARD_PATHS
    assert len(public - STANDARD_PATHS) <= 5, "the list has aged: make it anew from `go list std`"


def test_flattened_names_are_unique() -> None:
    assert len(FLATTENED) == len(STANDARD_PATHS)


PARTS = (
    "(*", "(", ")", ".", ".", ".", "/", "/", "[", "]", "*", "$", "#wasmexport", "main", "a", "b/c", "v2.x",
    "llvm", "cold", "1", "part.", "é", "interface:", "byn$mgfn-shared$", "struct{", "struct:", "struct", "$invoke",
    "$typeassert", ".command_export", "example.com",
)  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=7).map("".join), max_size=20))
def test_the_row_alone_is_that_of_the_whole_place(symbols: list[str]) -> None:
    for toolchain in ("TinyGo 0.35.0", "Go 1.27", "Rust 1.90", None):
        row = row_finder(toolchain)
        assert [row(symbol) for symbol in symbols * 2] == [place(symbol, toolchain).package for symbol in symbols * 2]
