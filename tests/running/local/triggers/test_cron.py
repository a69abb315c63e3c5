"""Schedules as the gateway reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui.running.local.triggers.cron import ScheduleError, read_schedule


def moments(text: str, start: str, count: int) -> list[str]:
    schedule = read_schedule(text)
    moment: float | None = datetime.fromisoformat(start).replace(tzinfo=UTC).timestamp()
    found = []
    for _ in range(count):
        assert moment is not None
        moment = schedule.after(moment)
        assert moment is not None
        found.append(datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S"))
    return found


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("*/5 * * * * *", "2026-01-01 00:00:03", ["2026-01-01 00:00:05", "2026-01-01 00:00:10"]),
        ("* * * * *", "2026-12-31 23:59:30", ["2027-01-01 00:00:00", "2027-01-01 00:01:00"]),
        ("30 9 * * 1-5", "2026-11-27 10:00:00", ["2026-11-30 09:30:00", "2026-12-01 09:30:00"]),
        ("0 0 29 2 *", "2026-01-01", ["2028-02-29 00:00:00", "2032-02-29 00:00:00"]),
        ("0 0 29 2 1", "2026-01-01", ["2044-02-29 00:00:00"]),
        ("0 0 13 * 5", "2026-01-01", ["2026-02-13 00:00:00", "2026-03-13 00:00:00"]),  # the 13th and a Friday
        ("0 0 * * 7", "2026-11-26", ["2026-11-29 00:00:00"]),
        ("10-30/10,45 0 * * *", "2026-01-01 00:00:00", ["2026-01-01 00:10:00", "2026-01-01 00:20:00"]),
        ("59 59 23 31 12 *", "2026-12-31 23:59:59", ["2027-12-31 23:59:59"]),
        ("5/20 * * * *", "2026-01-01 00:26:00", ["2026-01-01 00:45:00", "2026-01-01 01:05:00"]),
    ],
)
def test_the_moments_of_a_schedule(text: str, start: str, expected: list[str]) -> None:
    assert moments(text, start, len(expected)) == expected


def test_a_day_that_never_comes() -> None:
    assert read_schedule("0 0 31 2 *").after(0.0) is None


@pytest.mark.parametrize(
    "text",
    ["", "* * * *", "* * * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "@daily",
     "? * * * *", "* * L * *",
     "* * * JAN *", "5-1 * * * *", "*/0 * * * *", "1, * * * *", "-1 * * * *", "1e1 * * * *", "١ * * * *"],
)  # fmt: skip
def test_what_the_gateway_does_not_take(text: str) -> None:
    with pytest.raises(ScheduleError):
        read_schedule(text)
