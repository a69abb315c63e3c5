from __future__ import annotations

from pathlib import Path

import pytest

from tui.building.process import jobs

MEMINFO = "MemTotal:       8000000 kB\nMemFree: 1 kB\nMemAvailable:    {} kB\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of eight cores that tells nothing of its memory."""
    monkeypatch.setattr(jobs, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(jobs, "_CGROUP", tmp_path)
    monkeypatch.setattr(jobs, "usable_cores", lambda: 8)
    return tmp_path


def test_never_more_than_four(machine: Path) -> None:
    assert jobs.default_jobs() == 4


@pytest.mark.parametrize(("kilobytes", "count"), [(8_000_000, 4), (1_000_000, 2), (300_000, 1), (0, 1)])
def test_400_mb_a_build(machine: Path, kilobytes: int, count: int) -> None:
    (machine / "meminfo").write_text(MEMINFO.format(kilobytes))
    assert jobs.default_jobs() == count


def test_never_more_than_cores(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "usable_cores", lambda: 2)
    assert jobs.default_jobs() == 2


def test_the_limit_of_a_container_counts_too_and_its_page_cache_is_free(machine: Path) -> None:
    (machine / "meminfo").write_text(MEMINFO.format(8_000_000))
    (machine / "memory.max").write_text("1000000000\n")
    (machine / "memory.current").write_text("600000000\n")
    (machine / "memory.stat").write_text("anon 100000000\ninactive_file 500000000\n")
    assert jobs.free_memory() == 900_000_000
    assert jobs.default_jobs() == 2
    (machine / "memory.max").write_text("max\n")
    assert jobs.free_memory() == 8_000_000 * 1024


def test_this_machine() -> None:
    assert 1 <= jobs.default_jobs() <= 4
    assert jobs.usable_cores() >= 1
