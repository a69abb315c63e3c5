"""Writes what comes of tables in the code, in the README and the manual page: run `python -m tests.make_readme`."""

from __future__ import annotations

import re
from pathlib import Path

from tui.app.keys.actions import key_reference
from tui.cli.reports.arguments import command_reference
from tui.cli.reports.manual import PAGE, manual
from tui.settings.default_file import settings_reference

README = Path(__file__).parents[1] / "README.md"
TABLES = {"commands": command_reference, "keys": key_reference, "settings": settings_reference}


def with_tables(readme: str) -> str:
    """The README with each table between its two marks as the code has it now."""
    for name, table in TABLES.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        parts = marks.split(readme)
        assert len(parts) == 4, f"the README has {len(parts) // 3} places for {name}"
        before, start, end, after = parts
        readme = f"{before}{start}{table()}\n{end}{after}"
    return readme


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text()))
    PAGE.write_text(manual())
