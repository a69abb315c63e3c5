"""Versions on both sides of a cluster, compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def differences(told: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """What differs from this machine's, a line for each package and version: who has it.

    `told`: "client", "scheduler" and each worker's address -> package -> version.
    """
    here = told.get("client", {})
    for package, version in here.items():
        others: dict[str, list[str]] = {}
        for name, packages in told.items():
            if name != "client" and packages.get(package, version) != version:
                others.setdefault(packages[package], []).append(name)
        for other, names in sorted(others.items()):
            who = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
            yield f"{package} is {other} at {who}, and {version} here"


def versions_of(found: Mapping[str, Any]) -> dict[str, str]:
    """Package -> version, of what Dask tells of one process."""
    host = dict(found.get("host", {}))
    packages = dict(found.get("packages", {}))
    return {"python": str(host.get("python", packages.get("python", ""))).split(".final")[0]} | {
        name: str(packages[name]) for name in ("dask", "distributed") if packages.get(name)
    }
