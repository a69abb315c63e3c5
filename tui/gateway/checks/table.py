"""All checks, as one table: worst matters first. Adding one is a line in the table of its file."""

from __future__ import annotations

from typing import Final

from tui.gateway.checks import (
    build_checks,
    compile_checks,
    config_checks,
    export_checks,
    import_checks,
    module_checks,
    source_checks,
)
from tui.gateway.checks.case import Case, Check, Raised

__all__ = ["CHECKS", "Case", "Check", "Raised"]

CHECKS: Final[tuple[Check, ...]] = (
    *config_checks.CHECKS,
    *module_checks.CHECKS,
    *export_checks.CHECKS,
    *import_checks.CHECKS,
    *source_checks.CHECKS,
    *compile_checks.CHECKS,
    *build_checks.CHECKS,
)
