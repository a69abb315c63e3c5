"""Answers over HTTP: what a function gave, and the gateway's own refusals in its envelope."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web
from multidict import CIMultiDict

from tui.running.host.gojson import go_json
from tui.running.local.events import Outcome

BUILD, FAILED_BUILD = "X-Fn-Tui-Build", "X-Fn-Tui-Build-Failed"
SERVER: Final = "fn-tui"
LONGEST_HEADER: Final = 300  # characters of a header of ours
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAKS: Final = re.compile(r"[\r\n\0]+")
_BREAK: Final = re.compile(r"[\r\n]")
_UNSENDABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # Go sends them; no server in Python does
_HALVES: Final = re.compile(r"[\ud800-\udfff]")
_MARKS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\x1f\x8b\x08", "application/x-gzip"),
    (b"PK\x03\x04", "application/zip"),
)
_TAGS: Final = b"!DOCTYPE HTML|HTML|HEAD|SCRIPT|IFRAME|H1|DIV|FONT|TABLE|A|STYLE|TITLE|B|BODY|BR|P"
_HTML: Final = re.compile(rb"[\t\n\x0c\r ]*<(?:" + _TAGS + rb")[ >]", re.IGNORECASE)
_BINARY: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def function_reply(outcome: Outcome, extra: Mapping[str, str]) -> web.Response:
    """What a function answered, or the envelope of its failure."""
    headers = _headers(outcome.headers)
    for name, value in extra.items():
        headers[name] = value
    # Go sends an informational status ahead, and 200 with the body.
    status = max(outcome.status, HTTPStatus.OK)
    if "Content-Type" not in headers:
        headers["Content-Type"] = sniffed(outcome.body)
    headers.setdefault("Server", SERVER)
    return web.Response(status=status, headers=headers, body=outcome.body)


def refused(
    status: int, code: str, words: str, request_id: str, extra: Mapping[str, str], *, retryable: bool = False
) -> web.Response:
    """A refusal of the gateway itself."""
    error = {"code": code, "message": words, "retryable": retryable, "request_id": request_id}
    headers = {"Content-Type": "application/json", "Server": SERVER, **extra}
    return web.Response(status=status, headers=headers, body=go_json({"ok": False, "error": error}))


def json_reply(value: object, extra: Mapping[str, str]) -> web.Response:
    """A value as JSON for programs and people."""
    headers = {"Content-Type": "application/json", "Server": SERVER, "Cache-Control": "no-store", **extra}
    return web.Response(headers=headers, body=json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n")


def in_header(words: str) -> str:
    """Words as a header can carry them: one line of ASCII, not too long."""
    text = _BREAKS.sub(" ", words).encode("ascii", "replace").decode("ascii")
    return "".join(one if one.isprintable() else "?" for one in text)[:LONGEST_HEADER]


def _headers(given: Iterable[tuple[str, str]]) -> CIMultiDict[str]:
    """A function's headers, without those that are none; in a value a line break becomes a space, and half a pair of
    surrogates the character for it, as Go has them."""
    kept: CIMultiDict[str] = CIMultiDict()
    for name, value in given:
        if _NAME.fullmatch(name):
            kept[name] = _HALVES.sub("\ufffd", _UNSENDABLE.sub(" ", _BREAK.sub(" ", value)))
    return kept


def sniffed(body: bytes) -> str:
    """The type of a body that nobody has named, as Go's net/http guesses it, for the usual kinds."""
    start = body[:512]
    for mark, kind in _MARKS:
        if start.startswith(mark):
            return kind
    if _HTML.match(start):
        return "text/html; charset=utf-8"
    if start.lstrip(b"\t\n\x0c\r ").startswith(b"<?xml"):
        return "text/xml; charset=utf-8"
    return "application/octet-stream" if _BINARY.search(start) else "text/plain; charset=utf-8"
