from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.records import built, function
from tui.app.desk.builds.builds import BuildNews
from tui.app.desk.builds.notices import Batch, first_error, news_notice
from tui.app.desk.store import Store
from tui.app.notices import Notice
from tui.building.events import BuildResult, BuildStatus, Diagnostic
from tui.workspace.function import ConfigError, ConfigProblem, ConfigReading

UNUSED = Diagnostic("error", "declared and not used: longest", "function.go", 20, 2)
WARNING = Diagnostic("warning", "odd", "function.go", 1, 1)


def news(path: str, status: BuildStatus, *found: Diagnostic, error: str | None = None, trigger: str = "") -> BuildNews:
    result = BuildResult(Path(path), status, 1, 2.5, size=82_000, error=error, diagnostics=found)
    return BuildNews(path, result, trigger or None)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (news("chat", "built"), "built chat in 2.5 s, 82 KB"),
        (news("chat", "built", trigger="function.go changed"), "rebuilt chat: function.go changed"),
        (news("chat", "skipped"), "chat is up to date: nothing to build; asked again, it is built anyway"),
        (news("chat", "cancelled"), "chat: cancelled"),
        (news("chat", "failed", error="[/x]"), "chat: [/x]"),
        (
            news("chat", "failed", WARNING, UNUSED, UNUSED, error="tinygo build failed: exit status 1"),
            "chat: function.go:20:2: declared and not used: longest (and 1 more)",
        ),
        (
            news("chat", "failed", UNUSED, trigger="function.go changed"),
            "chat: build failed after function.go changed: function.go:20:2: declared and not used: longest",
        ),
    ],
)
def test_what_is_said_of_one_build(told: BuildNews, words: str) -> None:
    assert news_notice(told).text == words


def test_of_a_refused_config_the_first_problem_is_told() -> None:
    error = "failed to load function.yaml: yaml: unmarshal errors:\n  line 2: no int\n  line 3: no bool"
    told = first_error(news("chat", "failed", error=error).result)
    assert told == "failed to load function.yaml: yaml: unmarshal errors: line 2: no int (and 1 more)"
    assert len(first_error(news("chat", "failed", error="x" * 10_000).result)) < 200


def test_many_builds_are_summed_up_once() -> None:
    store = Store()
    store.find([function(name) for name in "abcd"])
    told: list[Notice] = []
    batch = Batch(store, told.append)
    batch.ask("abcd")
    for each in (news("a", "built"), news("b", "failed", UNUSED), news("c", "skipped")):
        batch.handle(each)
        assert told == []
    batch.handle(news("d", "built"))
    (notice,) = told
    assert notice.text.startswith("2 built, 1 failed, 1 up to date in ")
    assert notice.severity == "error"
    batch.ask("a")
    batch.handle(news("a", "built"))
    alone = told[-1]
    assert alone.text.startswith("built a in")


def test_a_refused_config_is_told_as_its_row_tells_it() -> None:
    store = Store()
    store.find([function(name) for name in "ab"])
    problem = ConfigProblem("line 3: cannot unmarshal !!str `128` into int", 3)
    store.change(
        "b", reading=ConfigReading(None, ConfigError("parse", "failed to load function.yaml", (problem,))), at=1.0
    )
    told: list[Notice] = []
    batch = Batch(store, told.append)
    batch.ask("ab")
    for each in (news("a", "skipped"), news("b", "failed", error="failed to load function.yaml")):
        batch.handle(each)
    (notice,) = told
    assert store.state("b") == "refused"
    assert notice.text.startswith("1 refused, 1 up to date in ")
    assert notice.severity == "error"


def test_a_function_that_goes_away_holds_no_sum_up() -> None:
    store = Store()
    store.find([function(name) for name in "ab"])
    told: list[Notice] = []
    batch = Batch(store, told.append)
    batch.ask("ab")
    store.find([function("b")], whole=True)
    batch.handle(news("b", "built"))
    (notice,) = told
    assert notice.text.startswith("1 built in ")


def test_nothing_is_said_before_the_rows_say_it_too() -> None:
    store = Store()
    store.find([function(name) for name in "abc"])
    told: list[Notice] = []
    batch = Batch(store, told.append)
    batch.ask("abc")
    results = {}
    for name in "abc":
        ended = news(name, "built")
        results[name] = ended.result
        store.change(name, reading=built(name).reading, last=ended.result, finished=10.0)
        batch.handle(ended)
        assert store.state(name) == "building"
        assert told == []
    for name, status in (("a", "ready"), ("b", "blocked"), ("c", "warnings")):
        known = built(name, status)  # type: ignore[arg-type]
        fields = ("module", "modified", "verdict", "staleness")
        store.change(name, at=11.0, **{field: getattr(known, field) for field in fields})
        batch.announce()
    assert (store.state("a"), store.state("b")) == ("ready", "blocked")
    (notice,) = told
    assert notice.text.startswith("3 built (1 blocked, 1 with warnings) in ")


def test_a_build_that_does_not_end_well_says_in_which_state_it_is() -> None:
    assert news_notice(news("chat", "built"), "blocked").text == "built chat in 2.5 s, 82 KB, now blocked"
    rebuilt = news_notice(news("chat", "built", trigger="function.go changed"), "warnings")
    assert rebuilt.text == "rebuilt chat: function.go changed, now with warnings"
