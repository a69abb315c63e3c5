"""Documents with the outcome that the deploy tool's own decoder gave for each (recorded, gzip'ed JSON lines)."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases" / "function-config.jsonl.gz"


@dataclass(frozen=True)
class Case:
    id: str
    source: bytes
    expected: dict[str, Any]

    @property
    def ok(self) -> bool:
        return bool(self.expected["ok"])


@cache
def cases() -> tuple[Case, ...]:
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        return tuple(_case(json.loads(line)) for line in lines)


def _case(row: dict[str, Any]) -> Case:
    source = base64.b64decode(row["yaml_b64"]) if "yaml_b64" in row else row["yaml"].encode()
    return Case(row["id"], source, row["expected"])
