"""What the gateway's engine refuses to compile, in its own words."""

from __future__ import annotations

from tui.running.plan.table import HostTable
from tui.wasm.model import Module


def compile_refusal(source: bytes, module: Module, table: HostTable) -> str | None:  # noqa: ARG001
    """Why the engine refuses the module; None where it is left to wasmtime to say."""
    if module.errors:
        return module.errors[0].message
    return None
