"""The line tables of .debug_line, DWARF 2 to 5 with 32-bit offsets: headers, and the programs that write the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tui.wasm.decode.leb import Malformed, signed, u32, unsigned

LINE, LINE_STRINGS, STRINGS = ".debug_line", ".debug_line_str", ".debug_str"
MOST_ENTRIES: Final = 100_000  # files or folders of a unit
_PATH, _FOLDER = 1, 2  # what a column of a version 5 table holds
# Forms of those columns: inline text, offsets into the two string sections, plain numbers by their bytes.
_TEXT, _STRP, _LINE_STRP, _UDATA, _BLOCK = 0x08, 0x0E, 0x1F, 0x0F, 0x09
_FIXED: Final = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: from `address` (in the code section's content) on, instructions come from this place; "" for none."""

    address: int
    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Header:
    """What the programs of one unit are read with."""

    shortest: int  # bytes of an instruction
    base: int
    line_range: int
    first_special: int
    lengths: tuple[int, ...]  # arguments of each standard opcode
    files: Mapping[int, str]
    program: int
    end: int


class Tables:
    """The tables of a module, out of its custom sections."""

    def __init__(self, sections: Mapping[str, bytes]) -> None:
        self._source = sections.get(LINE, b"")
        self._strings = {_LINE_STRP: sections.get(LINE_STRINGS, b""), _STRP: sections.get(STRINGS, b"")}

    def rows(self) -> Iterator[Row]:
        """Every row of every unit. Raises Malformed, IndexError or UnicodeError where one breaks the format."""
        position = 0
        while position + 4 < len(self._source):
            length = self._fixed(position, 4)
            end = position + 4 + length
            if length >= 0xFFFF_FFF0 or end > len(self._source):
                raise Malformed(position, "a unit that does not end here")
            header = self._header(position + 4, end)
            if header is not None:
                yield from self._program(header)
            position = end

    def _fixed(self, position: int, size: int) -> int:
        found = self._source[position : position + size]
        if len(found) < size:
            raise IndexError
        return int.from_bytes(found, "little")

    def _header(self, position: int, end: int) -> _Header | None:
        """A unit's header; None for a version that is not known."""
        version = self._fixed(position, 2)
        if not 2 <= version <= 5:
            return None
        position += 4 if version == 5 else 2  # sizes of addresses
        program = position + 4 + self._fixed(position, 4)
        position += 4
        shortest = self._source[position]
        position += 3 if version >= 4 else 2  # operations an instruction, whether a row is a statement
        base = int.from_bytes(self._source[position : position + 1], "little", signed=True)
        line_range, first = self._source[position + 1], self._source[position + 2]
        position += 3
        lengths = tuple(self._source[position : position + first - 1])
        position += first - 1
        files = self._tables(position) if version == 5 else self._old_tables(position)
        if not line_range:
            raise Malformed(position, "a line range of 0")
        return _Header(shortest, base, line_range, first, lengths, files, program, end)

    def _old_tables(self, position: int) -> dict[int, str]:
        """Folders and files of versions 2 to 4; file 1 is the first, folder 0 the unit's own, which is not told."""
        folders = [""]
        while self._source[position]:
            text, position = self._text(self._source, position)
            folders.append(text)
        position += 1
        files: dict[int, str] = {}
        while self._source[position] and len(files) < MOST_ENTRIES:
            name, position = self._text(self._source, position)
            folder, position = u32(self._source, position)
            for _ in range(2):  # when it was changed, its size
                _, position = unsigned(self._source, position, 64)
            files[len(files) + 1] = _joined(folders[folder] if folder < len(folders) else "", name)
        return files

    def _tables(self, position: int) -> dict[int, str]:
        """Folders and files of version 5; both count from 0."""
        folders, position = self._entries(position)
        names, _ = self._entries(position)
        paths = [text for text, _ in folders]
        return {
            number: _joined(paths[folder] if folder < len(paths) else "", name)
            for number, (name, folder) in enumerate(names)
        }

    def _entries(self, position: int) -> tuple[list[tuple[str, int]], int]:
        """A table that says what its columns are: (path, folder) of each entry."""
        columns = []
        count = self._source[position]
        position += 1
        for _ in range(count):
            what, position = u32(self._source, position)
            form, position = u32(self._source, position)
            columns.append((what, form))
        count, position = u32(self._source, position)
        if count > MOST_ENTRIES:
            raise Malformed(position, "more entries than anyone has")
        entries = []
        for _ in range(count):
            found: dict[int, str | int] = {}
            for what, form in columns:
                found[what], position = self._value(form, position)
            folder = found.get(_FOLDER, 0)
            entries.append((str(found.get(_PATH, "")), folder if isinstance(folder, int) else 0))
        return entries, position

    def _value(self, form: int, position: int) -> tuple[str | int, int]:
        if form == _TEXT:
            return self._text(self._source, position)
        if form in self._strings:
            return self._text(self._strings[form], self._fixed(position, 4))[0], position + 4
        if form == _UDATA:
            return unsigned(self._source, position, 64)
        if form == _BLOCK:
            size, position = u32(self._source, position)
            return 0, position + size
        if form not in _FIXED:
            raise Malformed(position, f"0x{form:x} is not a form of a line table")
        return self._fixed(position, _FIXED[form]), position + _FIXED[form]

    @staticmethod
    def _text(source: bytes, position: int) -> tuple[str, int]:
        end = source.find(b"\0", position)
        if end < 0:
            raise IndexError
        return source[position:end].decode("utf-8", "replace"), end + 1

    def _program(self, header: _Header) -> Iterator[Row]:
        """The rows that one program writes."""
        machine = _Machine(header)
        source, position = self._source, header.program
        while position < header.end:
            opcode = source[position]
            position += 1
            if opcode >= header.first_special:
                yield machine.special(opcode - header.first_special)
            elif opcode == 0:
                size, position = u32(source, position)
                row = machine.extended(source[position : position + size])
                position += size
                if row is not None:
                    yield row
            else:
                row, position = machine.standard(opcode, source, position)
                if row is not None:
                    yield row


class _Machine:
    """The registers of a line program."""

    def __init__(self, header: _Header) -> None:
        self._header = header
        self._reset()

    def _reset(self) -> None:
        self._address, self._file, self._line, self._column = 0, 1, 1, 0

    def _row(self) -> Row:
        return Row(self._address, self._header.files.get(self._file, "?"), self._line, self._column)

    def _advance(self, adjusted: int) -> None:
        self._address += adjusted // self._header.line_range * self._header.shortest

    def special(self, adjusted: int) -> Row:
        """An opcode that moves on in both, and writes a row."""
        self._advance(adjusted)
        self._line += self._header.base + adjusted % self._header.line_range
        return self._row()

    def extended(self, body: bytes) -> Row | None:
        """An opcode with a length: the end of a sequence, or an address."""
        if body[:1] == b"\x01":
            row = Row(self._address, "", 0, 0)
            self._reset()
            return row
        if body[:1] == b"\x02":
            self._address = int.from_bytes(body[1:], "little")
        return None

    def standard(self, opcode: int, source: bytes, position: int) -> tuple[Row | None, int]:
        """One of the numbered opcodes; those that only mark something are passed over."""
        if opcode == 1:
            return self._row(), position
        if opcode == 3:
            change, position = signed(source, position, 64)
            self._line += change
        elif opcode == 8:
            self._advance(255 - self._header.first_special)
        elif opcode == 9:
            self._address += int.from_bytes(source[position : position + 2], "little")
            position += 2
        elif opcode in (2, 4, 5):
            value, position = unsigned(source, position, 64)
            self._take(opcode, value)
        else:
            for _ in range(self._header.lengths[opcode - 1]):
                _, position = unsigned(source, position, 64)
        return None, position

    def _take(self, opcode: int, value: int) -> None:
        if opcode == 2:
            self._address += value * self._header.shortest
        elif opcode == 4:
            self._file = value
        else:
            self._column = value


def _joined(folder: str, name: str) -> str:
    return name if name.startswith("/") or not folder else f"{folder}/{name}"
