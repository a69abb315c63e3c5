from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workspace.configcases import cases
from tui.workspace.config import load_config
from tui.workspace.deploy_form import deploy_form
from tui.workspace.function import FunctionConfig


def test_every_recorded_form_is_met_to_the_letter() -> None:
    wrong = []
    for case in cases():
        if not case.ok:
            continue
        config = load_config(case.source).config
        assert config is not None
        form = deploy_form(config)
        expected = case.expected["form"]
        same = [list(field) for field in form.fields] == expected["fields"]
        if not same or (form.metadata or None) != expected["metadata"] or config.needs_reactor != expected["c_shared"]:
            wrong.append(case.id)
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<a&b>", r"\u003ca\u0026b\u003e"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\b\f\n\r\t\x7f\x1b", "\\u0008\\u000c\\n\\r\\t\x7f\\u001b"),
        ('"\\/', '\\"\\\\/'),
        ("é😀", "é😀"),
        ("\udcff", r"\ufffd"),
    ],
)
def test_json_is_escaped_as_go_escapes_it(text: str, escaped: str) -> None:
    form = deploy_form(FunctionConfig("fn", env={"A": text}))
    assert form.metadata == f'{{"env_vars":{{"A":"{escaped}"}}}}'


def test_keys_are_sorted_by_octets() -> None:
    metadata = deploy_form(FunctionConfig("fn", env={"b": "", "\U00010000": "", "\uffff": "", "B": ""})).metadata
    assert list(json.loads(metadata)["env_vars"]) == ["B", "b", "\uffff", "\U00010000"]


@pytest.mark.parametrize(
    ("config", "metadata"),
    [
        (FunctionConfig("fn"), ""),
        (FunctionConfig("fn", env={}), ""),
        (FunctionConfig("fn", reactor=True), ""),
        (FunctionConfig("fn", ws_persistent=True), '{"ws_persistent":true}'),
        (FunctionConfig("fn", ws_idle_timeout_sec=-1, ws_max_frame_bytes=5), '{"ws_max_frame_bytes":5}'),
        (FunctionConfig("fn", ws_auth="x", raw_http_response=True), '{"raw_http_response":true,"ws_auth":"x"}'),
    ],
)
def test_only_what_is_set_is_sent(config: FunctionConfig, metadata: str) -> None:
    assert deploy_form(config).metadata == metadata


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), min_size=1, max_size=4))
def test_the_metadata_is_json_that_says_the_same(env: dict[str, str]) -> None:
    assert json.loads(deploy_form(FunctionConfig("fn", env=env)).metadata)["env_vars"] == env
