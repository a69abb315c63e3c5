"""`Fact`: what a NamedTuple is, its class made in a ninth of the time. Imported by every room; imports none.

`typing.NamedTuple` compiles a constructor for each class, and loads `collections`, `re` and more: for the thirty
classes of a short command that took longer than its work. Here one constructor serves all, and a class is made of its
annotations, which are text (`from __future__ import annotations`). To the type checker a Fact is a NamedTuple.

With a value for each field, by position, an instance is made as fast as a NamedTuple's; with values by keyword, or
defaults, it takes three times as long.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from inspect import Signature
    from typing import Any, Self
    from typing import NamedTuple as Fact

__all__ = ["Fact"]

try:
    from _collections import _tuplegetter  # type: ignore[import-not-found]  # what collections.namedtuple takes
except ImportError:  # another Python

    def _tuplegetter(index: int, doc: str | None) -> property:
        """What reads the item at `index`."""
        return property(lambda fact: tuple.__getitem__(fact, index), doc=doc)


class _Kind(type):
    """Makes a class of its annotations: a field each, in their order, those with a default last."""

    _fields: tuple[str, ...]
    _field_defaults: Mapping[str, object]

    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> _Kind:
        """Raises TypeError where a field without a default follows one that has one, and for an heir of a Fact."""
        fields: tuple[str, ...] = tuple(space.get("__annotations__", ()))
        defaults = {field: space.pop(field) for field in fields if field in space}
        if tuple(defaults) != fields[len(fields) - len(defaults) :]:
            raise TypeError(f"{name}: a field without a default follows one that has one")
        if any(isinstance(base, _Kind) and base._fields for base in bases):
            raise TypeError(f"{name}: a Fact has no heirs")
        space |= {field: _tuplegetter(index, None) for index, field in enumerate(fields)}
        space |= {"__slots__": (), "__match_args__": fields, "_fields": fields, "_field_defaults": defaults}
        return super().__new__(cls, name, bases, space)

    @property
    def __signature__(cls) -> Signature:
        """What one is made of, for help and other readers of signatures."""
        from inspect import Parameter, Signature

        kind, empty = Parameter.POSITIONAL_OR_KEYWORD, Parameter.empty
        hints, defaults = cls.__annotations__, cls._field_defaults
        return Signature([Parameter(f, kind, default=defaults.get(f, empty), annotation=hints[f]) for f in cls._fields])


class _Fact(tuple[object, ...], metaclass=_Kind):
    """An immutable tuple whose items have names; equal to every tuple of equal items."""

    def __new__(cls, /, *values: object, **named: object) -> Self:
        """Raises TypeError where a field gets no value, or two, or there is no field of such a name."""
        if named or len(values) != len(cls._fields):
            values = _completed(cls, values, named)
        return tuple.__new__(cls, values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

    def __getnewargs__(self) -> tuple[object, ...]:
        """For copy and pickle."""
        return tuple(self)

    def _asdict(self) -> dict[str, object]:
        """The values by the names of their fields."""
        return dict(zip(type(self)._fields, self, strict=True))

    def _replace(self, /, **changes: object) -> Self:
        """The same with other values in these fields. Raises TypeError where there is no field of such a name."""
        values = self._asdict() | changes
        if len(values) != len(self):
            unknown = ", ".join(list(values)[len(self) :])
            raise TypeError(f"{type(self).__name__} has no field {unknown}")
        return tuple.__new__(type(self), values.values())

    @classmethod
    def _make(cls, values: Iterable[object]) -> Self:
        """One of a value for each field, in their order."""
        return cls(*values)

    __replace__ = _replace  # for copy.replace


def _completed(cls: _Kind, values: Sequence[object], named: dict[str, object]) -> tuple[object, ...]:
    """All values in order: those by position, then by keyword, or the field's default."""
    made = list(values)
    for field in cls._fields[len(made) :]:
        if field not in named and field not in cls._field_defaults:
            raise TypeError(f"{cls.__name__}: no value for {field}")
        made.append(named.pop(field) if field in named else cls._field_defaults[field])
    if named or len(made) != len(cls._fields):
        raise TypeError(f"{cls.__name__}: too many values, or one for what is no field or has one: {list(named)}")
    return tuple(made)


if not TYPE_CHECKING:
    Fact = _Fact
