"""One fetch: what a function asks for, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.running.host.gojson import go_json, text_of


@dataclass(frozen=True, slots=True)
class Request:
    """What a function asks for."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, or why nothing did. A body that broke off keeps its status."""

    status: int
    headers: Mapping[str, list[str]] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""

    def written(self) -> bytes:
        """As the gateway writes it: keys sorted, the body as text."""
        if self.error:
            return go_json({"error": self.error, "status": self.status})
        headers = {name: self.headers[name] for name in sorted(self.headers)}
        return go_json({"body": text_of(self.body), "headers": headers, "status": self.status})
