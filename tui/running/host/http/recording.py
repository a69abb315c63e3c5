"""Answers to fetches in a file: made by --record, given by --http, so that a run needs no network."""

from __future__ import annotations

import base64
import binascii
import json
import os
from typing import Any, Final

from tui.files import write_named
from tui.reading import read_whole
from tui.running.host.http.exchange import Request, Response
from tui.running.host.settings import HostSetupError
from tui.running.host.veil import Veil
from tui.text import is_utf8

MOST_BYTES: Final = 64 << 20


class RecordingError(HostSetupError):
    """The file cannot be used. The text says where and why."""


class Recording:
    """The recorded fetches in order. `answers`: they are given back; otherwise they are taken down."""

    def __init__(self, path: str, *, answers: bool, veil: Veil | None = None) -> None:
        """Read the file, where answers are wanted of it. Raises RecordingError.

        `veil` hides what may not be written down: secrets stand in it by their names, and come back by them.
        """
        if not answers:
            _look_at(path)
        self.answers = answers
        self._veil = veil or Veil({})
        self._path = path
        self._fetches: list[dict[str, Any]] = _read(path) if answers else []
        self._given = [False] * len(self._fetches)

    def answer(self, request: Request) -> Response:
        """The first recorded answer to such a request that was not given yet, else the last that was."""
        wanted = (request.method, self._veil.text(request.url))
        places = [place for place, fetch in enumerate(self._fetches) if (fetch["method"], fetch["url"]) == wanted]
        if not places:
            return Response(0, error=f"no recorded answer to {' '.join(wanted)}")
        place = next((place for place in places if not self._given[place]), places[-1])
        self._given[place] = True
        fetch = self._fetches[place]
        if fetch.get("error"):
            return Response(fetch["status"], error=fetch["error"])
        headers = {name: list(map(self._veil.lifted, values)) for name, values in fetch["headers"].items()}
        return Response(fetch["status"], headers, self._body(fetch))

    def _body(self, fetch: dict[str, Any]) -> bytes:
        if "body_b64" in fetch:
            return base64.b64decode(fetch["body_b64"])
        return self._veil.lifted(str(fetch.get("body", ""))).encode()

    def add(self, request: Request, response: Response) -> None:
        """Take down one more."""
        body = self._veil.octets(response.body)
        text = {"body": body.decode("utf-8")} if is_utf8(body) else {}
        packed = {} if text else {"body_b64": base64.b64encode(body).decode("ascii")}
        headers = {name: list(map(self._veil.text, values)) for name, values in response.headers.items()}
        fetch: dict[str, Any] = {"method": request.method, "url": self._veil.text(request.url)}
        fetch["status"] = response.status
        if response.error:
            self._fetches.append(fetch | {"error": self._veil.text(response.error)})
        else:
            self._fetches.append(fetch | {"headers": headers, **text, **packed})

    def write(self) -> str | None:
        """Write the file; the sentence of what went wrong, or None."""
        text = json.dumps({"fetches": self._fetches}, indent=2, ensure_ascii=False) + "\n"
        try:
            write_named(self._path, text.encode("utf-8", "replace"))
        except OSError as error:
            return f"{self._path}: the recording cannot be written: {error.strerror or error}"
        return None


def _look_at(path: str) -> None:
    """Whether a recording can be written there at all, before anything is fetched. Raises RecordingError."""
    folder = os.path.dirname(path)  # noqa: PTH120
    if not os.path.isdir(folder):
        raise RecordingError(f"{path}: there is no such folder to write the recording in")
    if os.path.isdir(path):
        raise RecordingError(f"{path} is a folder: name a file to record into")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise RecordingError(f"{path}: the folder cannot be written")


def _read(path: str) -> list[dict[str, Any]]:
    """The fetches of a file, each looked at. Raises RecordingError."""
    try:
        found = json.loads(read_whole(path, MOST_BYTES).decode("utf-8"))
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{path}: not JSON: {error}") from error
    fetches = found.get("fetches") if isinstance(found, dict) else None
    if not isinstance(fetches, list):
        raise RecordingError(f'{path}: an object with "fetches", an array, is wanted')
    for number, fetch in enumerate(fetches, 1):
        fault = _fault(fetch)
        if fault is not None:
            raise RecordingError(f"{path}: fetch {number}: {fault}")
    return fetches


def _fault(fetch: object) -> str | None:
    """What is wrong with one recorded fetch; None for a sound one, whose headers are put in order."""
    if not isinstance(fetch, dict):
        return "an object is wanted"
    for name, kind in (("method", str), ("url", str), ("status", int)):
        if not isinstance(fetch.get(name), kind):
            return f"{name} must be {'a text' if kind is str else 'a number'}"
    headers = fetch.setdefault("headers", {})
    if not isinstance(headers, dict):
        return "headers must be an object"
    for name, values in headers.items():
        listed = [values] if isinstance(values, str) else values
        if not isinstance(listed, list) or not all(isinstance(value, str) for value in listed):
            return f"header {name}: a text, or an array of texts, is wanted"
        headers[name] = listed
    try:
        base64.b64decode(str(fetch.get("body_b64", "")), validate=True)
    except (binascii.Error, ValueError):
        return "body_b64 is not base64"
    return None
