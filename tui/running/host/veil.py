"""What a secret's value looks like wherever a run is shown: its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tui.running.model import Answer, HostCall, LogLine

SHORTEST: Final = 4  # characters; a shorter value stands in every other word, too
ASKED: Final = "get_secret"


class Veil:
    """Hides the values of secrets. The answer that the function gives to its caller stays as it is."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        # The longest first: one may be the beginning of another.
        self._values = sorted(
            ((value, f"<secret {name}>") for name, value in secrets.items() if len(value) >= SHORTEST),
            key=lambda each: -len(each[0]),
        )

    def text(self, text: str) -> str:
        """A text in which no secret stands."""
        for value, name in self._values:
            if value in text:
                text = text.replace(value, name)
        return text

    def answer(self, answer: Answer) -> Answer:
        """An answer whose host calls, logs and stderr show no secret."""
        return replace(
            answer,
            host_calls=tuple(self._call(one) for one in answer.host_calls),
            logs=tuple(LogLine(one.level, self.text(one.line)) for one in answer.logs) if self._values else answer.logs,
            stderr=self.text(answer.stderr.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"),
        )

    def _call(self, call: HostCall) -> HostCall:
        if call.name == ASKED and call.result:
            return replace(call, result=f"<secret {call.args[0]}>")
        if not self._values:
            return call
        arguments = tuple(self.text(one) if isinstance(one, str) else one for one in call.args)
        result = self.text(call.result) if isinstance(call.result, str) else call.result
        return replace(call, args=arguments, result=result)
