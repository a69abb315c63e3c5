from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tui.cli.reports.sarif import sarif_log
from tui.gateway.checks.table import CHECKS
from tui.gateway.verdict import Finding, Place

FINDING = Finding("config-limit", "error", "timeout is 90", "refused", "line 3: 60", Place("function.yaml", 3, 9))


def log(root: Path, *found: tuple[Path, Finding]) -> dict[str, Any]:
    """The log as a reader gets it: written and parsed again."""
    verdicts = [(directory, (finding,)) for directory, finding in found]
    parsed: dict[str, Any] = json.loads(json.dumps(sarif_log(verdicts, root, "1.2.3")))
    return parsed


def test_the_frame(tmp_path: Path) -> None:
    whole = log(tmp_path)
    assert whole["version"] == "2.1.0"
    assert whole["$schema"].endswith("sarif-2.1.0.json")
    (run,) = whole["runs"]
    assert run["tool"]["driver"]["name"] == "fn-tui"
    assert run["results"] == []
    assert run["originalUriBaseIds"]["WORKSPACE"]["uri"].startswith("file:///")
    assert run["originalUriBaseIds"]["WORKSPACE"]["uri"].endswith("/")


def test_the_rules_are_the_table_of_checks(tmp_path: Path) -> None:
    rules = log(tmp_path)["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [check.id for check in CHECKS]
    assert len({rule["name"] for rule in rules}) == len(rules)
    assert {rule["defaultConfiguration"]["level"] for rule in rules} <= {"error", "warning", "note"}


def test_a_result_points_at_its_rule_and_its_line(tmp_path: Path) -> None:
    run = log(tmp_path, (tmp_path / "chat", FINDING))["runs"][0]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "config-limit"
    assert result["level"] == "error"
    assert result["message"]["text"] == "timeout is 90. At run time: refused. Remedy: line 3: 60."
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "chat/function.yaml", "uriBaseId": "WORKSPACE"},
        "region": {"startLine": 3, "startColumn": 9},
    }


def test_paths_are_escaped_as_uris(tmp_path: Path) -> None:
    folder = tmp_path / "a b#c%d\udcff"
    place = log(tmp_path, (folder, FINDING))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    assert uri.isascii()
    assert not set(" #") & set(uri)
    assert unquote(uri, errors="surrogateescape") == "a b#c%d\udcff/function.yaml"


def test_outside_the_root_a_place_is_absolute(tmp_path: Path) -> None:
    place = log(tmp_path / "inner", (tmp_path / "outer", FINDING))["runs"][0]["results"][0]["locations"][0]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": (tmp_path / "outer/function.yaml").as_uri()}


def test_a_finding_without_a_place_is_about_the_function(tmp_path: Path) -> None:
    nowhere = Finding("module-absent", "info", "m", "a", "r")
    result = log(tmp_path, (tmp_path / "chat", nowhere))["runs"][0]["results"][0]
    assert result["level"] == "note"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "chat/function.yaml"


def test_fingerprints_tell_findings_apart_and_stay_the_same(tmp_path: Path) -> None:
    first, again, other = (
        log(tmp_path, (tmp_path / name, FINDING))["runs"][0]["results"][0]["partialFingerprints"]["finding/v1"]
        for name in ("a", "a", "b")
    )
    assert first == again != other
