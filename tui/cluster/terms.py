"""Sentences about a cluster: what is wrong, and what can be done."""

from __future__ import annotations

from typing import Final

EXTRA: Final = "builds on a cluster need an extra: pip install 'fn-tui[cluster]' adds it (Dask's distributed)"


class ClusterError(Exception):
    """A cluster cannot be used. The text says why, in a sentence."""


def no_scheduler(address: str, seconds: float) -> str:
    """Nobody answers."""
    return f"no Dask scheduler answers at {address} within {seconds:.0f} s"


def no_trust(address: str, why: str) -> str:
    """Somebody answers whose certificate is not good here, or who does not take ours."""
    return f"{address} and this machine do not trust each other's certificates: {why}"


def wrong_settings(address: str, why: str) -> str:
    """Dask's own settings, of TLS above all, cannot be used."""
    named = "distributed.comm.tls.ca-file, .client.cert, .client.key"
    return f"{address} cannot be used with Dask's settings ({named}): {why}"


def scheduler_gone(address: str) -> str:
    """It was there."""
    return f"the scheduler at {address} has gone"


def no_workers(address: str) -> str:
    """Nobody builds there."""
    return f"no worker at {address} builds: dask worker {address} --preload tui.cluster.worker starts one"


def none_fits(address: str, wanted: str, offered: list[str]) -> str:
    """All build with something else."""
    others = "; ".join(offered) or "no compiler"
    return f"no worker at {address} has what is planned ({wanted}), but: {others}"
