"""A thousand ordinary configs: `load_config` against `yaml.load(..., CSafeLoader)` alone, in one run.

Run it as `python -m tests.bench.bench_config`. Prints the ratio of CPU times (medians of interleaved rounds); exits 1
above the limit.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import yaml

from tui.workspace.config import load_config

LIMIT = 2.8  # one plain way through nodes, against events alone
ROUNDS = 15
TEMPLATE = """# {name}: made for the benchmark
name: {name}
public: {public}
memory: {memory}
timeout: {timeout}

retry:
  count: {count}
  delay: 10

env:
  LOG_LEVEL: "debug"
  GREETING: hello there
  API_URL: https://example.com/v1/{name}  # the API
{kind}"""
KINDS = ("", "ws_persistent: true\nws_auth: capability\n", "reactor: true\n", "raw_http_response: true\n")


def documents() -> list[bytes]:
    """A thousand configs as people write them, no two alike."""
    return [
        TEMPLATE.format(
            name=f"function-{number}",
            public="true" if number % 2 else "false",
            memory=64 + number % 190,
            timeout=1 + number % 60,
            count=1 + number % 5,
            kind=KINDS[number % len(KINDS)],
        ).encode()
        for number in range(1000)
    ]


def cpu_seconds(load: Callable[[bytes], object], sources: list[bytes]) -> float:
    """What it costs to load all of them once."""
    begin = time.process_time()
    for source in sources:
        load(source)
    return time.process_time() - begin


def plain_load(source: bytes) -> object:
    """The peer: PyYAML on libyaml, and nothing else."""
    return yaml.load(source, Loader=yaml.CSafeLoader)


def main() -> int:
    """Measure and judge."""
    sources = documents()
    refused = [source for source in sources if load_config(source).config is None]
    if refused:
        print(f"not ordinary: {refused[0]!r}")
        return 1
    pairs = [(cpu_seconds(plain_load, sources), cpu_seconds(load_config, sources)) for _ in range(ROUNDS)]
    peer, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(ours / peer for peer, ours in pairs)
    print(f"CSafeLoader {peer * 1000:.1f} us, load_config {ours * 1000:.1f} us a document")
    print(f"ratio {ratio:.2f}, limit {LIMIT}")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
