"""Few bytes may name a large type again and again: each time is work, and the clock is looked at for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.wasm.binary import COMPONENT_HEADER, body, module, name, section, vec
from tui.wasm.decode.budget import BATCH, Budget
from tui.wasm.decode.component.types.types import HEAVIEST, Weight, weigh
from tui.wasm.decode.decode import decode

MANY = BATCH + 1  # parts of the type
CORE = module(
    section(1, vec(b"\x60\1\x7f\0")), section(3, vec(b"\0")), section(7, vec(b"\1f\0\0")), section(10, vec(body()))
)
FUNCTION = b"\x40\0\1\0"


class Counted(Budget):
    """One that never ends, and counts who asks."""

    looks = 0

    def tick(self) -> None:
        self.looks += 1


def component(*sections: bytes) -> bytes:
    return COMPONENT_HEADER + b"".join(sections)


def numbered(before: bytes, behind: bytes) -> list[bytes]:
    return [before + name(f"a{number}") + behind for number in range(MANY)]


def lifting(times: int) -> bytes:
    """Functions that take a variant of many cases."""
    variant = b"\x71" + vec(*numbered(b"", b"\0\0"))
    return component(
        section(1, CORE),
        section(2, vec(b"\0\0\0")),
        section(6, vec(b"\0\0\1\0\1f")),
        section(7, vec(variant, b"\x40\1\1p\0\1\0")),
        section(8, vec(*[b"\0\0\0\0\1"] * times)),
    )


def instances(times: int) -> bytes:
    """Instances of a component with many exports."""
    inner = component(section(7, vec(FUNCTION)), section(11, vec(*numbered(b"\0", b"\3\0\0"))))
    return component(section(4, inner), section(5, vec(*[b"\0\0\0"] * times)))


def imports(times: int) -> bytes:
    """Imports of an instance with many exports."""
    exports = numbered(b"\4\0", b"\1\0")
    type_ = b"\x42" + vec(b"\1" + FUNCTION, *exports)
    return component(section(7, vec(type_)), section(10, vec(*(b"\0" + name(f"i{n}") + b"\5\0" for n in range(times)))))


def looks(source: bytes) -> int:
    budget = Counted(len(source))
    assert decode(source, budget=budget).errors == ()
    return budget.looks


@pytest.mark.parametrize("made", [lifting, instances, imports])
def test_each_use_of_a_large_type_is_work(made: Callable[[int], bytes]) -> None:
    assert looks(made(6)) >= looks(made(1)) + 5


def test_the_resources_of_a_type_are_gathered_until_it_is_too_heavy_for_any_engine() -> None:
    one, two = Weight(size=2, free=frozenset({1})), Weight(size=HEAVIEST // 2, free=frozenset({1, 2}))
    assert weigh([one, two], free=3).free == {1, 2, 3}
    heavy = weigh([one, two, two, Weight(free=frozenset({4}))])
    assert heavy.size > HEAVIEST
    assert heavy.free == {1, 2}
