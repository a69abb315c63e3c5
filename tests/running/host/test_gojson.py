"""JSON as Go takes it and writes it, where Python does otherwise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.running.host.test_cases import Desk
from tui.running.answer import Answer, Target
from tui.running.host.gojson import go_json, go_loads, go_object, is_json, text_of
from tui.running.host.sql.gonumber import go_value
from tui.running.input.control import control_type
from tui.running.outcome.response import client_of, socket_reply

TABLE = "CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT UNIQUE)"


def asked(call: str, *arguments: Any, **given: Any) -> Any:
    return Desk({"setup": [TABLE], **given}).ask(call, list(arguments))


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (b"[" * 10_000 + b"]" * 10_000, True),
        (b"[" * 10_001 + b"]" * 10_001, False),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, True),
        (b"[" * 5_000 + b"1," + b"]" * 5_000, False),
        (b"[" * 3_000 + b"}" * 3_000, False),
        (b"[" * 3_000, False),
        (b"]" * 3_000, False),
        (b'["' + b"[" * 3_000 + b'"]', True),
        (b"[null" + b"[" * 3_000 + b"]" * 3_001, False),
        (b"[" * 3_000 + b'"' + b'\\"' * 300_000, False),
        (b"[" * 3_000 + b'"', False),
        (b"1" * 5_000, True),
        (b"1e999", True),
        (b"-0", True),
        (b"01", False),
        (b"-", False),
        (b"NaN", False),
        (b"-Infinity", False),
        (b"\xef\xbb\xbf1", False),
        (b'"\xff"', True),
        (b'"\t"', False),
        (b"\xc2\xa01", False),
        (b"", False),
        (b" \n", False),
    ],
)
def test_what_is_json(text: bytes, valid: bool) -> None:
    assert is_json(text) is valid


@pytest.mark.parametrize(
    "text", [b"NaN", b"[Infinity]", b"1e999", b"-1e999", b"9" * 400, b"\xef\xbb\xbf{}", b"[" * 2_000]
)
def test_what_go_does_not_read(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        go_loads(text)


def test_names_of_fields_are_taken_in_any_case() -> None:
    assert go_object(b'{"OPS":1,"\xc5\xbfql":2,"\xe2\x84\xaaind":3,"Nothing":null}') == {"ops": 1, "sql": 2, "kind": 3}
    assert go_object(b"null") == {}


def test_each_byte_that_is_no_text_is_escaped_by_itself() -> None:
    assert go_json(text_of(b"a\xe2\x82<\xff")) == b'"a\\ufffd\\ufffd\\u003c\\ufffd"'
    assert go_json("\ufffd") == '"\ufffd"'.encode()
    assert go_json(json.loads('"\\ud800"')) == '"\ufffd"'.encode()


def test_an_answer_that_is_no_text() -> None:
    answer = Answer("command", "done", output=b"\xe2\x82 <")
    assert b'"output":"\\ufffd\\ufffd \\u003c"' in client_of(Target("fn", b""), answer, "r").body


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        (
            b' {"b":1.0,"a":[1e2,-0,12345678901234567890,1e21,1e-7]}',
            b'{"a":[100,-0,12345678901234567000,1e+21,1e-7],"b":1}',
        ),
        (b"null", b"null"),
        (b'"<"', b'"\\u003c"'),
        (b"1e999", b'"1e999"'),
        (b"nope", b'"nope"'),
    ],
)
def test_a_socket_that_keeps_nothing_answers_with_what_was_read(output: bytes, shown: bytes) -> None:
    reply = socket_reply(Target("fn", b""), Answer("command", "done", output=output), "r")
    assert reply == b'{"duration_ms":0,"output":' + shown + b',"request_id":"r","status":"success"}'


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, b"1"), (1e-6, b"0.000001"), (9.99e-7, b"9.99e-7"), (1e20, b"1" + b"0" * 20)]
)
def test_numbers_are_float64(value: float, text: bytes) -> None:
    assert go_value(value) == text


@pytest.mark.parametrize("arguments", ["[NaN]", "[1e999]", "[Infinity]", "{}", "1", '"a"', "[1", "\ufeff[]"])
def test_arguments_that_go_does_not_read_run_nothing(arguments: str) -> None:
    for call in ("db_query", "db_query_v2", "db_execute", "db_execute_v2"):
        assert not asked(call, "SELECT 1", arguments)


@pytest.mark.parametrize("arguments", ["null", " [] ", ""])
def test_no_arguments(arguments: str) -> None:
    assert asked("db_query", "SELECT 1 AS a", arguments) == b'[{"a":1}]'


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ('{"ops":[{"kind":"exec","sql":1}]}', "INVALID_ARGUMENT", "invalid JSON"),
        ('{"ops":[{"kind":1,"sql":"SELECT 1"}]}', "INVALID_ARGUMENT", "invalid JSON"),
        ('{"ops":[{"kind":"exec","sql":"SELECT 1","args":{}}]}', "INVALID_ARGUMENT", "invalid JSON"),
        ('{"ops":[1]}', "INVALID_ARGUMENT", "invalid JSON"),
        ('{"ops":{}}', "INVALID_ARGUMENT", "invalid JSON"),
        ('[{"kind":"exec"}]', "INVALID_ARGUMENT", "invalid JSON"),
        ('{"ops":[NaN]}', "INVALID_ARGUMENT", "invalid JSON"),
        ('{"ops":[null]}', "INVALID_ARGUMENT", "unknown kind"),
        ('{"ops":null}', "INVALID_ARGUMENT", "ops required"),
        ("null", "INVALID_ARGUMENT", "ops required"),
        ("", "INVALID_ARGUMENT", "invalid JSON"),
    ],
)
def test_batches_that_are_refused(text: str, code: str, words: str) -> None:
    found = json.loads(asked("db_transaction", text) or b"")
    assert (found["results"], found["committed"], found["code"]) == ([], False, code)
    assert words in found["error"]
    assert found["error"].startswith("host function 'db_transaction' error: ")


def test_a_batch_in_other_letters() -> None:
    text = '{"Ops":[{"KIND":"exec","Sql":"INSERT INTO t(x) VALUES(?)","ARGS":["a"]}]}'
    found = json.loads(asked("db_transaction", text) or b"")
    assert found == {"results": [{"kind": "exec", "rows_affected": 1, "last_insert_id": 1}], "committed": True}


@pytest.mark.parametrize("more", ['"consistency":1', '"freshness":5', '"freshness_strict":"yes"'])
def test_options_of_a_query_batch_have_their_types(more: str) -> None:
    found = json.loads(asked("db_query_batch", '{"ops":[{"sql":"SELECT 1"}],' + more + "}") or b"")
    assert (found["committed"], found["code"]) == (False, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("null", 1),
        ('[{"Topic":"a","DATA_BASE64":"aGk="}]', 1),
        ('[{"topic":"a","data_base64":"aG\\r\\nk="}]', 1),
        ('[{"topic":"a"}]', 1),
        ('[{"topic":"a","data_base64":null}]', 1),
        ('[{"topic":"a","data_base64":"aGk"}]', 0),
        ('[{"topic":"a","data_base64":"aG k="}]', 0),
        ('[{"topic":"a","data_base64":"aGk=aGk="}]', 0),
        ('[{"topic":"a","data_base64":"_-8="}]', 0),
        ('[{"topic":"a","data_base64":1}]', 0),
        ('[{"topic":1}]', 0),
        ("[null]", 0),
        ("{}", 0),
        ("", 0),
    ],
)
def test_batches_of_messages(text: str, result: int) -> None:
    assert asked("pubsub_publish_batch", text) == result


@pytest.mark.parametrize(
    ("value", "result"), [("5", 6), ("+5", 6), ("-1", 0), (" 5", 0), ("5 ", 0), ("1_0", 0), ("", 0), ("5.0", 0)]
)
def test_only_a_number_is_counted_up(value: str, result: int) -> None:
    desk = Desk({})
    desk.ask("cache_set", ["k", value, 0])
    assert desk.ask("cache_incr", ["k"]) == result


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (b'{"__orama":"x"}', "x"),
        (b'{"a":[1],"__orama":"x","jwt":"t"}', "x"),
        (b'{"__orama":""}', None),
        (b'{"__orama":1}', None),
        (b'{"__orama":null}', None),
        (b'{"__orama":"x","jwt":1}', None),
        (b'{"__orama":"x","n":NaN}', None),
        (b'["__orama"]', None),
        (b'{"__ORAMA":"x"}', None),  # looked for by its bytes first
        (b'{"a":"\\"__orama\\""}', None),
    ],
)
def test_control_frames(frame: bytes, kind: str | None) -> None:
    assert control_type(frame) == kind


@pytest.mark.parametrize(
    ("method", "url", "error"),
    [
        ("GET", "http://a:b/", "invalid url"),
        ("GET", "http://a b/", "invalid url"),
        ("GET", "http://[::1/", "invalid url"),
        ("GET", "http://example.com/%zz", "invalid url"),
        ("GET", "http://exa%41mple.com/", "invalid url"),
        ("GET", " http://example.com/", "invalid url"),
        ("GET", "http://example.com/\x7f", "invalid url"),
        ("GET", "http://example.com/a\n", "invalid url"),
        ("GET", "//example.com/", "invalid url"),
        ("GET", "http:example.com", "invalid url"),
        ("GET", "", "invalid url"),
        ("GET", "file:///etc/passwd", "url scheme not allowed"),
        ("GET", "HTTP://LOCALHOST/", "url host not allowed"),
        ("GET", "http://user:pass@127.0.0.1:80/", "url host not allowed"),
        ("GET", "http://[::ffff:10.0.0.1]/", "url host not allowed"),
        ("GET", "http://[fe80::1%25eth0]/", "url host not allowed"),
        ("GET", "http://169.254.169.254/latest", "url host not allowed"),
        ("GET", "http://100.64.0.1/", "url host not allowed"),
        ("GET", "http://0.0.0.0/", "url host not allowed"),
        ("GET", "http://224.0.0.1/", "url host not allowed"),
        ("G T", "http://example.com/", 'net/http: invalid method "G T"'),
        ("GET", "http://93.184.216.34:99999/", "dial tcp: address 99999: invalid port"),
    ],
)
def test_fetches_that_are_refused(method: str, url: str, error: str) -> None:
    found = json.loads(asked("http_fetch", method, url, "", "") or b"")
    assert found == {"error": error, "status": 0}


@pytest.mark.parametrize("headers", ['{"A":1}', '{"A":["b"]}', "[]", '"x"', "{", '{"A":NaN}'])
def test_headers_that_are_none(headers: str) -> None:
    assert not asked("http_fetch", "GET", "https://example.com/", headers, "")
    assert not asked("set_http_response", 200, headers, "", raw_http_response=True)


def test_half_a_pair_of_surrogates_is_read_as_the_character_for_none() -> None:
    assert go_loads(rb'{"\ud800":["a\uDC80b","\ud83d\ude00",{"k":"\udead"}]}') == {
        "\ufffd": ["a\ufffdb", "\U0001f600", {"k": "\ufffd"}]
    }
