from __future__ import annotations

from tests.wasm.binary import body, functions, module
from tests.wasm.tinygo import tinygo_module
from tui.wasm.decode.decode import decode
from tui.wasm.sizes.sizes import size_report


def test_rows_sum_to_the_code_section(echo_command: bytes) -> None:
    for source in (echo_command, tinygo_module(), module(functions(body(), body(b"\1" * 300)))):
        found = decode(source)
        code = next(part for part in found.sections if part.id == 10)
        report = size_report(source, found)
        assert report.code_bytes == code.header + code.size == sum(row.size for row in report.rows)
        assert sum(len(row.functions) for row in report.rows) == found.functions.defined
        for row in report.rows:
            assert row.group == "frame" or row.size == sum(function.size for function in row.functions)


def test_packages_of_a_module_like_tinygos() -> None:
    source = tinygo_module()
    report = size_report(source, decode(source))
    rows = {row.name: (row.group, sorted(function.name for function in row.functions)) for row in report.rows}
    assert rows["encoding/json"] == ("package", ["(*encodeState).marshal", "Marshal"])
    assert rows["main"] == ("package", ["handler", "main", "main$1", "ws_frame#wasmexport"])
    assert rows["example.com/chat/shared"] == ("package", ["(*reader).Read"])
    assert rows["C and linker code"] == ("c", ["_start", "dlmalloc", "malloc", "memcpy"])
    assert rows["interface dispatch"][0] == "dispatch"
    assert len(rows["interface dispatch"][1]) == 2
    assert rows["unnamed"] == ("unnamed", ["asyncify_start_unwind", "func[18]"])
    assert rows["section frame"] == ("frame", [])
    assert report.retained_note is None


def test_the_largest_comes_first() -> None:
    source = tinygo_module()
    report = size_report(source, decode(source))
    assert [row.size for row in report.rows] == sorted((row.size for row in report.rows), reverse=True)
    for row in report.rows:
        assert [f.size for f in row.functions] == sorted((f.size for f in row.functions), reverse=True)
    assert report.share(report.code_bytes) == 1


def test_packages_of_a_stock_go_module(echo_command: bytes) -> None:
    report = size_report(echo_command, decode(echo_command))
    rows = {row.name: row for row in report.rows}
    assert {"main", "runtime", "internal/runtime/maps", "sync/atomic", "io"} <= set(rows)
    assert report.rows[0].name == "runtime"
    assert report.retained_note is not None
    assert "all are roots" in report.retained_note


def test_no_code_and_cut_code() -> None:
    empty = module()
    report = size_report(empty, decode(empty))
    assert (report.code_bytes, report.rows, report.share(0)) == (0, (), 0)
    assert report.retained_note == "the module has no code"
    source = module(functions(body(), body(b"\1" * 50)))[:-20]
    cut = size_report(source, decode(source))
    assert cut.code_bytes == sum(row.size for row in cut.rows) == 3
