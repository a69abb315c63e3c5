"""A bench to run functions on: the real engine, the shipped contract, and the parts of the host that need no store."""

from __future__ import annotations

import pytest
import wasmtime

from tui.running.engine.machine import Machine
from tui.running.host.assemble import assemble
from tui.running.host.settings import HostSettings
from tui.running.lives.bench import Bench
from tui.running.plan.table import host_table


def wat(text: str) -> bytes:
    """A module assembled from the text format. Nothing is validated beyond the syntax."""
    return bytes(wasmtime.wat2wasm(text))


@pytest.fixture(scope="session")
def machine() -> Machine:
    """One engine for all tests: making one is cheap, its compiled code is kept."""
    return Machine()


@pytest.fixture
def bench(machine: Machine) -> Bench:
    """A bench without a store."""
    return assemble(HostSettings(), machine, host_table())
