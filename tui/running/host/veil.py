"""What a secret's value looks like wherever a run is shown: its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from tui.running.answer import Answer, HostCall, LogLine

SHORTEST: Final = 4  # bytes; a shorter value stands in every other word, too
ASKED: Final = "get_secret"


class Veil:
    """Hides the values of secrets, also as JSON, URLs and base64 write them. The answer that the function gives to its
    caller, and what it sends to its clients, stay as they are.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        values = {name: value for name, value in secrets.items() if len(value.encode()) >= SHORTEST}
        self._names = {form: f"<secret {name}>".encode() for name, value in values.items() for form in _forms(value)}
        self._values = {f"<secret {name}>": value for name, value in values.items()}
        # The longest first: one may be the beginning of another.
        forms = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, forms))) if forms else None
        self._longest = len(forms[0]) if forms else 0

    def octets(self, octets: bytes) -> bytes:
        """Bytes in which no secret stands."""
        return self._pattern.sub(self._name, octets) if self._pattern is not None else octets

    def text(self, text: str) -> str:
        """A text in which no secret stands."""
        if self._pattern is None:
            return text
        return self.octets(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def cut(self, octets: bytes, most: int) -> bytes:
        """The first bytes, in which no secret stands, also none of which the end is cut off."""
        if self._pattern is None:
            return octets[:most]
        parts = []
        at = 0
        for found in self._pattern.finditer(octets[: most + self._longest]):
            if found.start() >= most:
                break
            parts += [octets[at : found.start()], self._name(found)]
            at = found.end()
        rest = octets[at : max(at, most)]
        return b"".join([*parts, self._without_beginning(rest) if len(octets) >= most else rest])

    def _without_beginning(self, octets: bytes) -> bytes:
        """Bytes that end with the beginning of a secret, without it: they may have been cut before they came here."""
        for form, name in self._names.items():
            at = octets.find(form[:SHORTEST], max(len(octets) - len(form), 0))
            while at >= 0:
                if form.startswith(octets[at:]):
                    return octets[:at] + name
                at = octets.find(form[:SHORTEST], at + 1)
        return octets

    def _name(self, found: re.Match[bytes]) -> bytes:
        return self._names[found[0]]

    def lifted(self, text: str) -> str:
        """A text with the values of secrets where their names stand."""
        for name, value in self._values.items():
            text = text.replace(name, value)
        return text

    def answer(self, answer: Answer) -> Answer:
        """An answer of which nothing that is shown beside the function's own answer shows a secret."""
        if self._pattern is None:
            return replace(answer, host_calls=tuple(self._call(one) for one in answer.host_calls))
        return replace(
            answer,
            error=None if answer.error is None else self.text(answer.error),
            frames=None if answer.frames is None else tuple(map(self.text, answer.frames)),
            host_calls=tuple(self._call(one) for one in answer.host_calls),
            logs=tuple(LogLine(one.level, self.text(one.line)) for one in answer.logs),
            # A failure's output reaches nobody: what a person is shown of it is no answer.
            output=answer.output if answer.ok else self._stream(answer.output),
            stdout=self._stream(answer.stdout),
            stderr=self._stream(answer.stderr),
            unkept=None if answer.unkept is None else self.text(answer.unkept),
        )

    def _stream(self, octets: bytes) -> bytes:
        return self._without_beginning(self.octets(octets))

    def _call(self, call: HostCall) -> HostCall:
        if call.name == ASKED and call.result:
            return replace(call, result=f"<secret {call.args[0]}>")
        return call


def _forms(value: str) -> Iterator[bytes]:
    """A value as it is written into texts of several kinds."""
    import base64
    import json
    from urllib.parse import quote, quote_plus

    from tui.running.host.gojson import go_json

    octets = value.encode("utf-8", "surrogatepass")
    yield octets
    yield go_json(value)[1:-1]
    yield json.dumps(value)[1:-1].encode("ascii")
    yield from (form.encode("ascii") for form in (quote(octets, safe=""), quote(octets), quote_plus(octets)))
    yield base64.b64encode(octets).rstrip(b"=")
    yield base64.urlsafe_b64encode(octets).rstrip(b"=")
