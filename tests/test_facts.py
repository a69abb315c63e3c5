"""A Fact against a NamedTuple with the same fields: whatever is done with one, both give the same."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import facts
from tui.facts import Fact


class Ours(Fact):
    """With and without a default."""

    one: int
    other: object
    third: str = "third"
    count: int | None = None  # type: ignore[assignment]  # which tuples have as a method

    @property
    def sum(self) -> int:
        return self.one + len(self.third)

    def __str__(self) -> str:
        return f"<{self.one}>"


class Theirs(NamedTuple):
    one: int
    other: object
    third: str = "third"
    count: int | None = None  # type: ignore[assignment]

    @property
    def sum(self) -> int:
        return self.one + len(self.third)

    def __str__(self) -> str:
        return f"<{self.one}>"


class Nothing(Fact):
    """No fields."""


KIND: Any = type(Fact)
VALUES = st.one_of(st.integers(), st.text(max_size=3), st.none(), st.tuples(st.integers()))
NAMES = st.sampled_from(["one", "other", "third", "count", "sum", "cls", "self", "values"])


def outcome(work: Callable[[], Any]) -> object:
    """What comes of it: the values with their names, or the kind of error."""
    try:
        made = work()
    except (TypeError, ValueError):
        return "refused"
    return made._asdict() if isinstance(made, Ours | Theirs) else made


@given(st.lists(VALUES, max_size=5), st.dictionaries(NAMES, VALUES, max_size=4))
def test_values_by_position_and_by_keyword_come_to_the_same(values: list[Any], named: dict[str, Any]) -> None:
    assert outcome(lambda: Ours(*values, **named)) == outcome(lambda: Theirs(*values, **named))


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_changed_fields_come_to_the_same(changes: dict[str, Any]) -> None:
    assert outcome(lambda: Ours(1, 2)._replace(**changes)) == outcome(lambda: Theirs(1, 2)._replace(**changes))


@pytest.mark.parametrize(
    "ask",
    [
        lambda made: (made.one, made.other, made.third, made.count, made.sum),
        lambda made: (str(made), len(made), list(made), made[0], made[-1], made[1:3]),
        lambda made: repr(made).removeprefix(type(made).__name__),
        lambda made: (hash(made), made == (1, "b", "c", None), made != (1,), made < (2,), {made: 1}[1, "b", "c", None]),
        lambda made: (type(made)._fields, type(made)._field_defaults, type(made).__match_args__),
        lambda made: type(made)._make([5, 6, 7, 8]),
        lambda made: str(signature(type(made))).replace("ForwardRef(", "").replace("')", "'"),
        json.dumps,
        lambda made: (isinstance(made, tuple), type(made).__slots__, hasattr(made, "__dict__")),
        lambda made: [type(there) is type(made) and there for there in (copy.copy(made), copy.deepcopy(made))],
        lambda made: [pickle.loads(pickle.dumps(made, protocol)) == made for protocol in range(6)],
    ],
)
def test_all_that_is_asked_of_one_is_answered_alike(ask: Callable[[Any], object]) -> None:
    assert ask(Ours(1, "b", "c")) == ask(Theirs(1, "b", "c"))


def test_one_is_matched_by_its_fields() -> None:
    match Ours(1, "b", count=3):
        case Ours(1, other, third=third, count=3):
            assert (other, third) == ("b", "third")
        case _:
            pytest.fail("it did not match")


def test_a_field_cannot_be_changed() -> None:
    for name in ("one", "further"):
        with pytest.raises(AttributeError):
            setattr(Ours(1, 2), name, 3)


def test_one_without_fields_is_empty() -> None:
    assert (Nothing(), repr(Nothing())) == ((), "Nothing()")


def test_a_field_without_a_default_stands_before_those_with_one() -> None:
    with pytest.raises(TypeError, match="a field without a default follows one that has one"):
        KIND("Wrong", (Fact,), {"__annotations__": {"one": "int", "other": "int"}, "one": 1})


def test_a_fact_has_no_heirs() -> None:
    with pytest.raises(TypeError, match="no heirs"):
        KIND("Heir", (Ours,), {})


def test_a_python_without_the_getter_of_namedtuple_has_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_collections", None)
    space: dict[str, Any] = {"__name__": "elsewhere"}
    exec(Path(facts.__file__).read_text(encoding="utf-8"), space)
    made = type(space["Fact"])(
        "Made", (space["Fact"],), {"__annotations__": {"one": "int", "other": "int"}, "other": 2}
    )
    assert (made(1).one, made(1).other, made(other=3, one=4)) == (1, 2, (4, 3))


def test_nothing_is_loaded_for_it() -> None:
    program = "import sys, tui.facts\nprint(*{'typing', 'collections', 're', 'enum', 'dataclasses'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
