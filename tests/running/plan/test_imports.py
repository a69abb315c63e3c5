from __future__ import annotations

import pytest

from tests.running.conftest import wat
from tui.running.plan.derived import outline_of
from tui.running.plan.imports import go_quoted, refused_import
from tui.running.plan.table import host_table
from tui.wasm.decode.decode import decode

HOST = host_table()


def refusal(*imports: str) -> str | None:
    return refused_import(outline_of(decode(wat(f"(module {' '.join(imports)})"))), HOST)


def test_all_94_functions_resolve_under_each_name() -> None:
    assert {name: len(table) for name, table in HOST.items()} == {
        "env": 48,
        "host": 48,
        "orama": 48,
        "wasi_snapshot_preview1": 46,
    }
    for module, table in HOST.items():
        for name, type_ in table.items():
            params, results = " ".join(type_.params), " ".join(type_.results)
            assert refusal(f'(import "{module}" "{name}" (func (param {params}) (result {results})))') is None


@pytest.mark.parametrize(
    ("imports", "words"),
    [
        (['(import "foo" "f" (func))'], "module[foo] not instantiated"),
        (['(import "env" "f" (func))'], '"f" is not exported in module "env"'),
        (['(import "env" "log_info" (global i32))'], 'export "log_info" in module "env" is a func, not a global'),
        (
            ['(import "env" "log_info" (func (param i32) (result i64)))'],
            "import func[env.log_info]: signature mismatch: i32_i64 != i32i32_v",
        ),
        # A module's imports are looked at together, in the order of its first.
        (
            [
                '(import "env" "get_request_id" (func (result i64)))',
                '(import "foo" "f" (func))',
                '(import "env" "g" (func))',
            ],
            '"g" is not exported in module "env"',
        ),
    ],
)
def test_what_does_not_resolve_is_named(imports: list[str], words: str) -> None:
    assert refusal(*imports) == words


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("plain", '"plain"'),
        ('a "b" \\', '"a \\"b\\" \\\\"'),
        ("\0\x1f\x7f\n\t", '"\\x00\\x1f\\x7f\\n\\t"'),
        ("hällo", '"hällo"'),
        ("\x80\u200b\U000e0001", '"\\u0080\\u200b\\U000e0001"'),
    ],
)
def test_names_are_quoted_as_go_quotes(text: str, quoted: str) -> None:
    assert go_quoted(text) == quoted
