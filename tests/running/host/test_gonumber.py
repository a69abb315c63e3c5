from __future__ import annotations

import pytest

from tui.running.host.sql.gonumber import EXACT, go_number, go_rows


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-7, "-7"),
        (EXACT - 1, "9007199254740991"),
        (EXACT + 1, "9007199254740992"),
        (-EXACT - 1, "-9007199254740992"),
        (10**21, "1e+21"),
        (2.0, "2"),
        (-0.0, "-0"),
        (1e-7, "1e-7"),
    ],
)
def test_numbers_go_through_a_float64(value: float, text: str) -> None:
    assert go_number(value) == text


def test_rows_of_one_answer_have_their_keys_in_order_whatever_order_they_come_in() -> None:
    rows: list[dict[str, object]] = [{"b": 1, "a<": "x", "é": None}, {"é": 2.5, "b": True, "a<": b"\0"}, {"b": 3}]
    assert go_rows(rows).decode() == ('[{"a\\u003c":"x","b":1,"é":null},{"a\\u003c":"AA==","b":true,"é":2.5},{"b":3}]')
