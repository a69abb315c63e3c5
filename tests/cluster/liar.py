"""Preloaded by a worker that lies: the digest that it tells of its module is not that of the module that it sends."""

from __future__ import annotations

from typing import Any

import pytest

from tui.cluster import worker


async def dask_setup(dask_worker: Any) -> None:
    pytest.MonkeyPatch().setattr("tui.cluster.trees.sha256_of", lambda _content: "0" * 32)
    await worker.dask_setup(dask_worker)
