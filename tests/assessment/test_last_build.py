"""When the last build, which did not end well, is still what there is to say of a function."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building.compilers.known import Known
from tui.assessment.last_build import still_the_news
from tui.building.compilers import by_name
from tui.building.plan.plan import plan_build
from tui.building.record.history import BuildRecord, History
from tui.workspace.function import FunctionConfig

ENDED = 1_700_000_000.0
FAILED = BuildRecord(ENDED, 2.0, "failed", compiler="tinygo", compiler_version="0.40.1", fingerprint="now")
MISSING = FAILED._replace(error=by_name("tinygo").words.missing, compiler_version=None)
PLAN = plan_build(Path("/w/fn"), FunctionConfig("fn"), "tinygo")
HERE = Known("tinygo", "0.40.1", "/bin/tinygo")
GONE = Known("tinygo", None, None)


def news(
    last: BuildRecord | None = FAILED, fingerprint: str = "now", modified: float | None = None, compiler: Known = HERE
) -> BuildRecord | None:
    return still_the_news(History((last,) if last is not None else ()), fingerprint, modified, PLAN, compiler)


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_what_did_not_end_well_is_the_news(status: str) -> None:
    ended = FAILED._replace(status=status)
    assert news(ended) is ended


def test_what_ended_well_or_was_of_other_inputs_or_another_mode_is_not() -> None:
    assert news(None) is None
    assert news(FAILED._replace(status="built")) is None
    assert news(fingerprint="other") is None
    assert news(FAILED._replace(mode="reactor")) is None


def test_a_module_that_somebody_built_since_is_the_news_then() -> None:
    assert news(modified=ENDED - 1) is FAILED
    assert news(modified=ENDED) is FAILED  # the build itself may have left it, in the moment in which it ended
    assert news(modified=ENDED + 1) is None


def test_a_module_on_record_was_not_built_since_whatever_the_clock_said() -> None:
    built = BuildRecord(ENDED + 100, 2.0, "built", wasm_modified_ns=int(ENDED + 100) * 10**9)
    known = History((built, FAILED))
    assert still_the_news(known, "now", ENDED + 100, PLAN, HERE) is FAILED
    assert still_the_news(known, "now", ENDED + 200, PLAN, HERE) is None


def test_another_version_of_the_compiler_would_be_tried() -> None:
    assert news(compiler=Known("tinygo", "0.41.0", "/bin/tinygo")) is None
    assert news(compiler=Known("tinygo", None, "/bin/tinygo")) is FAILED  # not known is not another


def test_a_compiler_that_was_missing_is_the_news_until_it_is_there() -> None:
    assert news(MISSING, compiler=GONE) is MISSING
    assert news(MISSING, compiler=HERE) is None
