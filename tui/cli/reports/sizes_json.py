"""Sizes, verdicts and differences as `--json` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.cli.reports.module_json import Record
    from tui.wasm.diff import ExternChange, ModuleDiff, SizeChange
    from tui.wasm.sizes.size_report import PackageSize, Retained, SizeReport
    from tui.wasm.validate import Validation

LISTED: Final = 10_000  # rows, and functions of a row, that are printed; the rest are counted


def _row(row: PackageSize, retained: Retained | None) -> Record:
    return {
        "name": row.name,
        "group": row.group,
        "size": row.size,
        "retained": retained.rows.get(row.name) if retained else None,
        **({"functions_more": len(row.functions) - LISTED} if len(row.functions) > LISTED else {}),
        "functions": [
            {
                "index": function.index,
                "symbol": function.symbol,
                "name": function.name,
                "size": function.size,
                "retained": retained.functions[function.index] if retained else None,
            }
            for function in row.functions[:LISTED]
        ],
    }


def sizes_record(report: SizeReport, retained: Retained | None) -> Record:
    """The key `sizes` of `inspect --sizes --json`."""
    notes = [note for note in (report.retained_note, retained and retained.note) if note]
    return {
        "code_bytes": report.code_bytes,
        "rows": [_row(row, retained) for row in report.rows[:LISTED]],
        **({"rows_more": len(report.rows) - LISTED} if len(report.rows) > LISTED else {}),
        "retained_note": notes[0] if notes else None,
    }


def validation_record(verdict: Validation) -> Record:
    """The key `validation` of `inspect --validate --json`."""
    return {name: getattr(verdict, name) for name in verdict.__slots__}


def _size_change(change: SizeChange) -> Record:
    record: Record = {"name": change.name, "old": change.old, "new": change.new, "delta": change.delta}
    percent = change.percent
    record["percent"] = None if percent is None else round(percent, 2)
    return record | ({"package": change.package} if change.package else {})


def _extern_change(change: ExternChange) -> Record:
    return {"name": change.name, "kind": change.kind, "old": change.old, "new": change.new}


def diff_record(old: str, new: str, found: ModuleDiff) -> Record:
    """The JSON object of `fn-tui diff`."""
    size = _size_change(found.size)
    del size["name"]
    return {
        "old": old,
        "new": new,
        "same": found.same,
        "size": size,
        "mode": [str(mode) for mode in found.mode],
        "toolchain": list(found.toolchain),
        "sections": [_size_change(change) for change in found.sections],
        "imports": [_extern_change(change) for change in found.imports],
        "exports": [_extern_change(change) for change in found.exports],
        "packages": [_size_change(change) for change in found.packages],
        "functions": [_size_change(change) for change in found.functions],
        **({"not_compared": list(found.left_out)} if found.left_out else {}),
        "errors": {
            side: [{"offset": note.offset, "message": note.message} for note in notes]
            for side, notes in (("old", found.old_errors), ("new", found.new_errors))
        },
    }
