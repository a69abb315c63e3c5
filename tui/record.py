"""Frozen dataclasses and enumerations of words, without what importing the library's own costs: more CPU than decoding
a megabyte of module.

Measured on CPython 3.11: `import dataclasses` 10 ms, 15 slotted classes 9 ms more; the same classes made here 1.5 ms.
Use: `if TYPE_CHECKING: from dataclasses import dataclass` / `else: from tui.record import dataclass`. What comes
of it answers to `dataclasses.replace`, `fields` and `asdict` as a real one does, and can be pickled and matched.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_MISSING = object()


class FrozenRecordError(AttributeError):
    """Raised when a field of a record is assigned or deleted."""


class _Fields:
    """The `__dataclass_fields__` of a record, made when `dataclasses` first asks (replace, asdict, fields)."""

    def __init__(self, defaults: dict[str, object]) -> None:
        self._defaults = defaults
        self._fields: dict[str, Any] = {}

    def __get__(self, instance: object, owner: type) -> dict[str, Any]:
        if not self._fields:
            from dataclasses import MISSING, dataclass, field

            names = owner.__annotations__
            twin = {
                name: MISSING if self._defaults[name] is _MISSING else field(default_factory=_constant(value))
                for name, value in self._defaults.items()
            }
            body = {name: value for name, value in twin.items() if value is not MISSING}
            made: Any = dataclass(type(owner.__name__, (), {"__annotations__": names, **body}))
            self._fields = vars(made)["__dataclass_fields__"]
        return self._fields


def _constant(value: object) -> Callable[[], object]:
    return lambda: value


def _complete(owner: str, defaults: dict[str, object], args: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
    """The value of each field, from positions, names and defaults, as a function call would fill them."""
    fields = list(defaults)
    given = dict(zip(fields, args, strict=False))
    wrong = [name for name in named if name in given or name not in defaults]
    values = defaults | given | named
    missing = [name for name in fields if values[name] is _MISSING]
    if wrong or missing or len(args) > len(fields):
        raise TypeError(f"{owner}({', '.join(fields)}): wrong {wrong}, missing {missing}, {len(args)} by position")
    return [values[name] for name in fields]


def _initialiser(cls: type, defaults: dict[str, object]) -> Callable[..., None]:
    """An `__init__` that assigns through the slots themselves. A closure: compiling one costs 0.2 ms for each class."""
    setters = tuple([vars(cls)[name].__set__ for name in defaults])
    owner, number = cls.__name__, len(defaults)

    def __init__(self: object, *args: Any, **named: Any) -> None:  # noqa: N807 -- it becomes the class's own
        values = args if len(args) == number and not named else _complete(owner, defaults, args, named)
        for assign, value in zip(setters, values, strict=True):
            assign(self, value)

    return _quick_initialiser(setters, __init__) if number == 4 else __init__


def _quick_initialiser(setters: tuple[Any, ...], any_call: Callable[..., None]) -> Callable[..., None]:
    """The same for four fields by position, in half the time: imports, exports and functions come by thousands."""
    first, second, third, fourth = setters

    def __init__(  # noqa: N807 -- it becomes the class's own
        self: object,
        a: Any = _MISSING,
        b: Any = _MISSING,
        c: Any = _MISSING,
        d: Any = _MISSING,
        /,
        *more: Any,
        **named: Any,
    ) -> None:
        if d is _MISSING or more or named:
            any_call(self, *[value for value in (a, b, c, d, *more) if value is not _MISSING], **named)
            return
        first(self, a)
        second(self, b)
        third(self, c)
        fourth(self, d)

    return __init__


def _refuse(self: object, name: str, *_: object) -> None:
    raise FrozenRecordError(f"{type(self).__name__}.{name} is frozen")


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in self.__slots__)


def _repr(self: Any) -> str:
    return f"{type(self).__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in self.__slots__)})"


def _equal(self: Any, other: object) -> Any:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _reduce(self: Any) -> tuple[Any, ...]:
    return type(self), _values(self)


def _record(cls: type) -> type:
    """`cls` again with slots, an initialiser of its annotated fields, value equality, and no assignment."""
    fields = tuple(cls.__annotations__)
    namespace = dict(vars(cls))
    defaults = {name: namespace.pop(name, _MISSING) for name in fields}
    for unwanted in ("__dict__", "__weakref__"):
        namespace.pop(unwanted, None)
    namespace |= {
        "__slots__": fields,
        "__match_args__": fields,
        "__dataclass_fields__": _Fields(defaults),
        "__eq__": _equal,
        "__hash__": _hash,
        "__reduce__": _reduce,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
    }
    namespace.setdefault("__repr__", _repr)
    made = type(cls.__name__, cls.__bases__, namespace)
    type.__setattr__(made, "__init__", _initialiser(made, defaults))
    return made


def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
    """The decorator `dataclasses.dataclass`, in the one form that records have: frozen and with slots."""
    if not (frozen and slots):
        raise TypeError("records are frozen and have slots")
    return _record


class _Words(type):
    """The class of a StrEnum: its words are made with it, and no others after."""

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:
        super().__init__(name, bases, namespace)
        words = {key: value for key, value in namespace.items() if isinstance(value, str) and key[0] != "_"}
        cls._members = {value: cls._member(key, value) for key, value in words.items()}
        for member in cls._members.values():
            setattr(cls, member.name, member)

    def _member(cls, name: str, value: str) -> Any:
        made: Any = str.__new__
        member = made(cls, value)
        member.name, member.value = name, value
        return member

    def __call__(cls, value: str) -> Any:
        """The member of that value."""
        try:
            return cls._members[value]
        except KeyError:
            raise ValueError(f"{value!r} is not a valid {cls.__name__}") from None

    def __iter__(cls) -> Any:
        return iter(cls._members.values())

    def __len__(cls) -> int:
        return len(cls._members)


class StrEnum(str, metaclass=_Words):
    """The class `enum.StrEnum`, as far as it is used: members, their name and value, lookup by value, iteration."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}.{vars(self)['name']}: {str(self)!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self),)
