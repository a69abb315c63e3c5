from __future__ import annotations

import time

from tests.app.samples import COMMAND
from tui.app.desk.module_words import clock, difference, function_words, toolchain_part


def test_a_difference_says_which_way_without_colour() -> None:
    grown, shrunk, same = difference(110, 100), difference(90, 100), difference(100, 100)
    assert grown is not None
    assert shrunk is not None
    assert same is not None
    assert grown.text == "+10 B (+10.0 %) since the one before"
    assert shrunk.text == "-10 B (-10.0 %) since the one before"
    assert same.text == "±0 B since the one before"
    assert difference(1, None) is None
    assert difference(5, 0) is not None


def test_module_words() -> None:
    assert function_words(COMMAND) == "0 functions, 0 B of code"
    assert toolchain_part(COMMAND).text == "TinyGo 0.35.0"


def test_times_of_other_days_carry_their_date() -> None:
    now = time.time()
    assert clock(now) == time.strftime("%H:%M", time.localtime(now))
    assert clock(0) == "1970-01-01 00:00"
