from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.gateway.conftest import found, only
from tests.gateway.subjects import read_subject
from tui.gateway.check import check
from tui.gateway.checks.config_checks import check_of, value_of
from tui.gateway.contract.contract import Contract
from tui.gateway.subject import Subject
from tui.gateway.verdict import Verdict
from tui.workspace.function import ConfigWarning, FunctionConfig

Verdicts = Callable[..., Verdict]
CONFIG_CHECKS = {"config-refused", "config-limit", "config-no-effect", "config-key", "config-note", "config-secret"}


def of_config(seen: Verdict) -> list[tuple[str, str]]:
    """Check and place of each finding on function.yaml."""
    return [(f.check, str(f.where)) for f in seen.findings if f.check in CONFIG_CHECKS]


def test_a_good_config_has_no_findings(verdict: Verdicts) -> None:
    assert (
        of_config(verdict(yaml="name: fn\nmemory: 64\ntimeout: 60\nretry: {count: 5, delay: 1}\nenv: {A: b}\n")) == []
    )


@pytest.mark.parametrize(
    ("yaml", "key", "place", "remedy"),
    [
        ("timeout: 61", "timeout", "function.yaml:2", "line 2 of function.yaml: timeout: 60"),
        ("timeout: 300", "timeout", "function.yaml:2", "line 2 of function.yaml: timeout: 60"),
        ("retry:\n  count: 6", "retry.count", "function.yaml:3", "line 3 of function.yaml: count: 5"),
        ("retry:\n  count: -1", "retry.count", "function.yaml:3", "line 3 of function.yaml: count: 0"),
        ("retry:\n  delay: -5", "retry.delay", "function.yaml:3", "line 3 of function.yaml: delay: 0"),
        ("ws_auth: jwt", "ws_auth", "function.yaml:2", "line 2 of function.yaml: ws_auth: capability"),
        (
            "ws_auth: capability\ninternal: true",
            "ws_auth",
            "function.yaml:2",
            "line 3 of function.yaml: internal: false",
        ),
    ],
)
def test_pitfall_12_what_the_host_refuses(verdict: Verdicts, yaml: str, key: str, place: str, remedy: str) -> None:
    seen = verdict(yaml=f"name: fn\n{yaml}\n")
    finding = only(seen, "config-limit")
    assert finding.message.startswith(f"{key} is ")
    assert finding.at_run_time.startswith("refused at deploy: ")
    assert (str(finding.where), finding.remedy) == (place, remedy)
    assert seen.status == "blocked"
    assert of_config(seen) == [("config-limit", place)]  # and nothing else says the same


def test_pitfall_12_in_the_gateway_s_words(verdict: Verdicts) -> None:
    finding = only(verdict(yaml="name: fn\ntimeout: 90\n"), "config-limit")
    assert finding.at_run_time == "refused at deploy: timeout_seconds must be at most 60, got 90"


@pytest.mark.parametrize(
    "yaml", ["timeout: 60", "retry: {count: 5}", "retry: {delay: 1}", "ws_auth: capability", "ws_auth: ''"]
)
def test_pitfall_12_is_not_seen_at_the_limit(verdict: Verdicts, yaml: str) -> None:
    assert not found(verdict(yaml=f"name: fn\n{yaml}\n"), "config-limit")


@pytest.mark.parametrize("key", ["ws-persistent", "Memory", "memory_limit_mb", "cron", "pubic"])
def test_pitfall_13_keys_that_are_ignored(verdict: Verdicts, key: str) -> None:
    seen = verdict(yaml=f"name: fn\n{key}: 1\n")
    finding = only(seen, "config-key")
    assert key in finding.message
    assert finding.at_run_time == "ignored, without a word"
    assert str(finding.where).startswith("function.yaml:2")
    assert finding.remedy.startswith("line 2 of function.yaml: ")
    assert seen.status == "warnings"


def test_pitfall_14_a_quoted_number_is_refused(verdict: Verdicts) -> None:
    seen = verdict(yaml='name: fn\nmemory: "64"\npublic: "true"\n')
    assert [str(f.where) for f in found(seen, "config-refused")] == ["function.yaml:2:9", "function.yaml:3:9"]
    first = found(seen, "config-refused")[0]
    assert "cannot unmarshal !!str `64` into int" in first.message
    assert first.at_run_time.startswith("failed to parse function.yaml: yaml: unmarshal errors: line 2:")
    assert first.remedy == "correct line 2 of function.yaml"
    assert seen.status == "blocked"


def test_pitfall_14_a_fraction_changes_without_a_word(verdict: Verdicts) -> None:
    seen = verdict(yaml="name: fn\nmemory: 0.5\n")
    finding = only(seen, "config-note")
    assert "64" in finding.message
    assert finding.at_run_time == "changed or dropped, without a word"
    assert not found(verdict(name="whole", yaml="name: fn\nmemory: 64\n"), "config-note")


def test_a_missing_function_yaml_is_a_finding(verdict: Verdicts) -> None:
    seen = verdict(yaml=None)
    finding = only(seen, "config-refused")
    assert "failed to read function.yaml" in finding.at_run_time
    assert finding.remedy == "add a function.yaml; `name: ...` is all that it needs"
    assert seen.status == "blocked"


def test_a_function_yaml_that_cannot_be_read_is_not_to_be_corrected(
    function_directory: Callable[..., Path], contract: Contract
) -> None:
    directory = function_directory(yaml=None)
    (directory / "function.yaml").mkdir()
    finding = only(check(read_subject(directory), contract), "config-refused")
    assert finding.remedy == "make function.yaml a file that can be read, of a usual size"


PERSISTENT = "name: fn\nws_persistent: true\n"


@pytest.mark.parametrize(
    "line", ["env: {A: b}", "ws_idle_timeout_sec: 30", "ws_max_frame_bytes: 65536"], ids=["env", "idle", "frame"]
)
def test_pitfall_18_keys_without_effect(verdict: Verdicts, line: str) -> None:
    seen = verdict(yaml=f"{PERSISTENT}{line}\n")
    finding = only(seen, "config-no-effect")
    assert str(finding.where) == "function.yaml:3"
    assert finding.severity == "warning"
    assert of_config(seen) == [("config-no-effect", "function.yaml:3")]


def test_pitfall_18_env_has_effect_elsewhere(verdict: Verdicts) -> None:
    assert not found(verdict(yaml="name: fn\nenv: {A: b}\n"), "config-no-effect")
    assert not found(verdict(name="without", yaml=PERSISTENT), "config-no-effect")


def test_memory_of_a_reactor_is_a_note_and_only_where_it_is_given(verdict: Verdicts) -> None:
    given = verdict(yaml=PERSISTENT + "memory: 64\n")
    assert only(given, "config-no-effect").severity == "info"
    assert not found(verdict(name="without", yaml=PERSISTENT), "config-no-effect")


def test_pitfall_19_a_secret_in_env(verdict: Verdicts) -> None:
    seen = verdict(yaml="name: fn\nenv:\n  API_KEY: 9f8a7b6c5d4e\n")
    finding = only(seen, "config-secret")
    assert "API_KEY" in finding.message
    assert "9f8a7b6c5d4e" not in str(finding)
    assert "stored in clear" in finding.at_run_time
    assert not found(verdict(name="none", yaml="name: fn\nenv:\n  COLOUR: blue\n"), "config-secret")


def test_for_another_host_the_config_reader_s_word_on_the_gateway_does_not_count(
    subject: Callable[..., Subject], contract: Contract
) -> None:
    other = replace(contract, rules=(), no_effect=())
    seen = check(subject(yaml=PERSISTENT + "timeout: 90\nenv: {A: b}\n"), other)
    assert of_config(seen) == []


def test_every_code_of_the_config_reader_has_its_check() -> None:
    def folded(code: str) -> str | None:
        return check_of(ConfigWarning(code, "", ""))

    assert folded("misspelt-key") == "config-key"
    assert folded("secret-in-env") == "config-secret"
    assert folded("truncated-number") == "config-note"
    assert folded("something-new") == "config-note"
    assert folded("timeout-over-gateway") is None


def test_values_by_dotted_keys() -> None:
    config = FunctionConfig("fn", timeout=7)
    assert value_of(config, "timeout") == 7
    assert value_of(config, "retry.delay") == 5
    assert value_of(config, "no.such.key") is None
