from __future__ import annotations

from dataclasses import replace

from tests.app.records import building, ended, record, refused
from tui.app.desk.record import BuildProgress
from tui.app.desk.standing import way_to_build
from tui.app.log.words import log_words, no_log_lines
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.building.inputs.freshness import Staleness
from tui.building.record.history import BuildRecord


def test_without_any_build_it_says_what_to_do() -> None:
    (line,) = no_log_lines(record("never-built"), Glyphs())
    assert plain(line) == " no build yet: b builds it"


def test_of_a_build_before_the_record_tells_how_it_ended() -> None:
    before = replace(record(), history=(BuildRecord(1_700_000_000.0, 3.1, "failed"),))
    assert plain(log_words(before, Glyphs())).startswith("failed ")
    assert plain(log_words(before, Glyphs())).endswith(" in 3.1 s")
    assert plain(no_log_lines(before, Glyphs())[0]) == " of this build no log was kept: b builds it"


def test_while_it_waits_that_is_said() -> None:
    assert "waits" in plain(no_log_lines(replace(record(), progress=BuildProgress("queued", 2)), Glyphs())[0])
    assert plain(no_log_lines(building(record("never-built")), Glyphs())[0]) == " it is being built"


def test_while_it_builds_elapsed_and_expected_time() -> None:
    assert plain(log_words(building(record(), 100.0, 12.4), Glyphs(), 104.2)) == "◐ building 4 s ~12 s"
    assert plain(log_words(building(record(), 100.0), Glyphs(), 104.2)) == "◐ building 4 s"
    assert plain(log_words(building(record(), 100.0, 12.4), Glyphs(), 104.2, short=True)) == "◐ 4 s ~12 s"


def test_a_time_that_was_overrun_by_far_is_not_told() -> None:
    assert "~" not in plain(log_words(building(record(), 100.0, 12.4), Glyphs(), 140.0))
    assert "~1 s" in plain(log_words(building(record(), 100.0, 0.3), Glyphs(), 100.5))


def test_how_it_ended_in_few_words() -> None:
    assert plain(log_words(ended(record()), Glyphs(), short=True)) == "exit 1"
    assert "exit 1" in plain(log_words(ended(record()), Glyphs()))


def test_where_a_build_would_not_help_the_way_is_another() -> None:
    assert plain(no_log_lines(refused("digest"), Glyphs())[0]).endswith("e opens function.yaml, which is refused")
    failed = replace(record(), staleness=Staleness("absent"), ended=BuildRecord(1.0, 1.0, "failed"))
    assert plain(way_to_build(failed, Glyphs())) == "n goes to the first error of the last build"
