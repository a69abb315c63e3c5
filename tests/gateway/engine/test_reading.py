"""The engine's reading of a module looks at the clock, whatever the module is made of."""

from __future__ import annotations

import tracemalloc

import pytest

from tests.wasm.binary import leb, module, section
from tui.gateway.engine.answer import Request
from tui.gateway.engine.evidence import usual_bodies
from tui.gateway.engine.wazero.engine_module import Constant
from tui.gateway.engine.wazero.judge import judge
from tui.gateway.engine.wazero.sections import read_module
from tui.wasm.decode.budget import BATCH, OutOfTime
from tui.wasm.decode.decode import decode

MEMORY = section(5, b"\1\0\1")
NO_PAGES = section(5, b"\1\0\0")  # so that no segment fits: of those that do nothing is kept


def data(*segments: bytes) -> bytes:
    return section(11, leb(len(segments)) + b"".join(segments))


def test_data_segments_are_read_no_longer_than_they_are_worth() -> None:
    looks = 0

    def tick() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            raise OutOfTime

    with pytest.raises(OutOfTime):
        read_module(module(MEMORY, data(*[b"\0\x41\1\x0b\0"] * 4 * BATCH)), 65536, tick)


@pytest.mark.parametrize(
    ("address", "value"),
    [
        (b"\x3f", 63),
        (b"\x7f", -1),
        (b"\x80\x80\x04", 65536),
        (b"\xff\xff\xff\x3f", (1 << 27) - 1),
        (b"\xff\xff\xff\xff\x07", (1 << 31) - 1),
        (b"\x80\x80\x80\x80\x78", -(1 << 31)),
        (b"\xff\xff\xff\xff\x3f", -1),  # the engine looks at two of the three bits that are left over
    ],
)
def test_an_address_is_what_the_engine_reads(address: bytes, value: int) -> None:
    source = module(NO_PAGES, data(b"\0\x41" + address + b"\x0b\2ab", b"\1\1x"))
    assert [(segment.offset, segment.size) for segment in read_module(source, 65536).data.values()] == [
        (Constant(0x41, value), 2),
        (None, 1),
    ]


TABLE = section(1, b"\1\x60\0\0") + section(4, b"\1\x70\0\1")
ACTIVE = b"\0\x41\0\x0b"  # functions at the start of the table, each by its number


@pytest.mark.parametrize("number", [b"\0", b"\x80\0"])  # as short as can be, and not
def test_millions_of_functions_in_a_table_are_not_held_as_objects(number: bytes) -> None:
    """A module of 10 MB that is one such segment took 700 MB."""
    count = 300_000
    source = module(TABLE, section(9, b"\1" + ACTIVE + leb(count) + number * count))
    tracemalloc.start()
    (element,) = read_module(source, 65536).elements
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(element.functions) == count
    assert peak < 6 * len(source)


@pytest.mark.parametrize("segment", [ACTIVE + b"\3\0\0\2", b"\4\x41\0\x0b\3\xd2\0\x0b\xd2\0\x0b\xd2\2\x0b"])
def test_a_function_that_there_is_not_is_named_with_its_place(segment: bytes) -> None:
    two = section(1, b"\1\x60\0\0") + section(3, b"\2\0\0") + section(4, b"\1\x70\0\3")
    source = module(two, section(9, b"\1" + segment), section(10, b"\2\2\0\x0b\2\0\x0b"))
    assert judge(source, Request(65536)).words == "element[0].init[2] func index 2 out of range"


USUAL = ["00", "01017f", "02027f0170", "017f7b"]  # locals: how many runs, and each: how many, of which type
UNUSUAL = ["0181007f", "01016e", "8100017f", "0180007f"]


@pytest.mark.parametrize("last", [*USUAL, *UNUSUAL, "017f", "02ff"])
@pytest.mark.parametrize("code", ["0b", "41000b", "1a0b", "4100"])
def test_bodies_that_are_known_to_be_usual_are_judged_as_those_that_are_not(last: str, code: str) -> None:
    """The last one is not usual, or is refused, in half of the cases."""
    bodies = [bytes.fromhex(each + "0b") for each in USUAL] + [bytes.fromhex(last + code)]
    types = section(1, b"\1\x60\0\0") + section(3, leb(len(bodies)) + bytes(len(bodies)))
    source = module(types, section(10, leb(len(bodies)) + b"".join(leb(len(each)) + each for each in bodies)))
    found = decode(source)
    assert not (found.usual_bodies and last in UNUSUAL)
    assert found.usual_bodies or last not in USUAL or not code.endswith("0b")
    for asked in ((), (0, 4), None):
        alone = judge(source, Request(100, asked))
        assert judge(source, Request(100, asked, usual_bodies=usual_bodies(found))) == alone
        cut = judge(source[:-1], Request(100, asked))
        assert judge(source[:-1], Request(100, asked, usual_bodies=usual_bodies(decode(source[:-1])))) == cut
