from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from tests.conftest import ECHO_SOURCE, PERSISTENT_SOURCE
from tests.gateway.conftest import found, only
from tests.gobuild import build_go, go_environment, go_executable
from tui.gateway.checks.gocalls import returns, uses
from tui.gateway.checks.unsupported import rules
from tui.gateway.verdict import Verdict

Verdicts = Callable[..., Verdict]
PERSISTENT = "name: fn\nws_persistent: true\n"
BRIDGE = "//go:wasmimport env ws_pubsub_bridge\nfunc bridge(a, b, c, d uint32) uint32\n"


def socket(body: str, more: str = "") -> str:
    """A persistent function whose ws_open has that body."""
    opened = "func wsOpen(ptr, length uint32) uint32 {" + body + "}\n"
    before = "func wsOpen(ptr, length uint32) uint32 { return 0 }\n"
    assert before in PERSISTENT_SOURCE
    return PERSISTENT_SOURCE.replace(before, opened + "\n" + BRIDGE + more)


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (" return bridge(1, 2, 3, 4) ", ""),
        ("\n\treturn bridge(1, len(a), (3), 4) // 0 lets the connection in\n", ""),
        ("\n\treturn uint32(bridge(1, 2, 3, 4))\n", ""),
        ("\n\tdone := bridge(1, 2, 3, 4)\n\treturn done\n", ""),
        ("\n\treturn join()\n", "func join() uint32 {\n\treturn bridge(1, 2, 3, 4)\n}\n"),
    ],
)
def test_a_one_that_means_success_is_returned_where_zero_is_wanted(verdict: Verdicts, body: str, more: str) -> None:
    finding = only(verdict(yaml=PERSISTENT, go=socket(body, more)), "source-inverted-result")
    assert finding.message == "ws_open returns what ws_pubsub_bridge answers: 1 where it worked"
    assert "a result other than 0 rejects the connection" in finding.at_run_time
    assert finding.where is not None
    assert finding.where.line is not None


@pytest.mark.parametrize(
    "body",
    [
        "\n\tif bridge(1, 2, 3, 4) != 1 {\n\t\treturn 1\n\t}\n\treturn 0\n",
        "\n\treturn 1 - bridge(1, 2, 3, 4)\n",
        "\n\treturn bridge(1, 2, 3, 4) ^ 1\n",
        "\n\tbridge(1, 2, 3, 4)\n\treturn 0\n",
        "\n\t// return bridge(1, 2, 3, 4)\n\treturn 0\n",
    ],
)
def test_what_compares_or_ignores_the_answer_is_right(verdict: Verdicts, body: str) -> None:
    assert not found(verdict(yaml=PERSISTENT, go=socket(body)), "source-inverted-result")


def test_a_command_may_return_what_it_likes(verdict: Verdicts) -> None:
    assert not found(verdict(go=socket(" return bridge(1, 2, 3, 4) ")), "source-inverted-result")


FETCH = ECHO_SOURCE.replace("import (", 'import (\n\t"net/http"').replace(
    "func main() {", 'func main() {\n\thttp.Get("x")'
)


def test_what_builds_and_fails_when_called_is_told_with_its_line(verdict: Verdicts) -> None:
    assert "http.Get" in FETCH
    finding = only(verdict(go=FETCH), "source-unsupported")
    assert finding.message == "net/http.Get builds with TinyGo, and fails when called"
    assert finding.at_run_time == "dialling fails: there are no sockets (Netdev not set)"
    assert finding.remedy == "call the host's http_fetch"
    line = FETCH[: FETCH.index("http.Get")].count("\n") + 1
    assert str(finding.where) == f"function.go:{line}"


def test_stock_go_differs(verdict: Verdicts, echo_command: bytes) -> None:
    make = ECHO_SOURCE.replace("import (", 'import (\n\t"reflect"').replace(
        "func main() {", "func main() {\n\treflect.MakeFunc(nil, nil)"
    )
    assert only(verdict(go=make), "source-unsupported").at_run_time == "panics: unimplemented: reflect.MakeFunc()"
    assert not found(verdict(name="go", go=make, wasm=echo_command), "source-unsupported")
    by_go = only(verdict(name="fetch", go=FETCH, wasm=echo_command), "source-unsupported")
    assert by_go.message == "net/http.Get builds with stock Go, and fails when called"


def test_recover_that_catches_nothing_with_tinygo(verdict: Verdicts, echo_command: bytes) -> None:
    source = "package main\n\nfunc main() {\n\tdefer func() { _ = recover() }()\n\tpanic(1)\n}\n"
    finding = only(verdict(go=source), "source-unsupported")
    assert (str(finding.where), finding.severity) == ("function.go:4", "warning")
    assert "recover does nothing in WebAssembly" in finding.at_run_time
    assert not found(verdict(name="go", go=source, wasm=echo_command), "source-unsupported")
    assert not found(verdict(name="own", go=source.replace("recover()", "x.recover()")), "source-unsupported")


def test_an_import_under_another_name_and_a_name_of_something_else() -> None:
    text = 'package main\n\nimport web "net/http"\n\n// http.Get in a comment\nfunc f() { web.Get(""); x.http.Get() }\n'
    names = [(use.package, use.name, use.place.line) for use in uses("f.go", text, text.replace("// http.Get", "//"))]
    assert names == [("net/http", "", 3), ("net/http", "Get", 6)]


# The table lets them through with stock Go: they do build for WASI, and what fails of them does so at run time.
LET_THROUGH = ("net/http", "os/exec", "os/signal", "plugin")


@pytest.mark.long
def test_what_the_table_lets_through_stock_go_builds() -> None:
    """Thirteen seconds of CPU, where nothing has compiled net/http yet."""
    imports = "\n".join(f'import _ "{package}"' for package in LET_THROUGH)
    assert build_go(f"package main\n\n{imports}\n\nfunc main() {{}}\n", "command")[:4] == b"\0asm"


def test_what_the_table_lets_through_has_sources_for_wasi() -> None:
    argv = [go_executable(), "list", "-deps", *LET_THROUGH]
    done = subprocess.run(argv, env=go_environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(LET_THROUGH) <= set(done.stdout.split())


def test_the_table_has_no_row_twice() -> None:
    keys = [(rule.package, name) for rule in rules() for name in rule.names or {""}]
    assert len(keys) == len(set(keys))
    assert all(rule.fails and rule.instead for rule in rules())


@pytest.mark.parametrize(
    "code", ["", "func", "func f(", "func f() {\n\treturn g(", "func f() { return g(h(", "return x("]
)
def test_what_is_cut_off_gives_nothing_wrong(code: str) -> None:
    assert returns("f.go", code) == ()
