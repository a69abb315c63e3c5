"""Moved to tui.record, which every room may use."""

from tui.record import dataclass

__all__ = ["dataclass"]
