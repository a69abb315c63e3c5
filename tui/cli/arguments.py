"""The arguments of a subcommand, read without argparse where they are plain: that halves the start of short commands.

Importing argparse and making one parser with it costs 8 ms of CPU, as much as decoding a megabyte of module. Plain are
options spelt out, each word of its own, and operands side by side. For all else (`--help`, `--opt=value`, shortened
options, mistakes) there is no answer, and argparse has the word, with the same declarations.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any


class Namespace:
    """The values by name, as `argparse.Namespace` holds them."""

    def __init__(self, values: dict[str, Any]) -> None:
        vars(self).update(values)


class NotPlainError(Exception):
    """These arguments are for argparse."""


class _Argument:
    """One declaration, in the terms of `ArgumentParser.add_argument`."""

    def __init__(self, names: tuple[str, ...], declared: dict[str, Any]) -> None:
        self.action: str = declared.get("action", "store")
        self.names = names
        self.dest: str = declared.get("dest") or names[-1].lstrip("-").replace("-", "_")
        self.default: Any = declared.get("default", False if self.action == "store_true" else None)
        self.nargs: str | None = declared.get("nargs")
        self.const: Any = declared.get("const", True)
        self._type: Callable[[str], Any] | None = declared.get("type")
        self._choices: Sequence[str] | None = declared.get("choices")

    def value(self, word: str) -> Any:
        """What a word stands for. Raises NotPlainError where it is none of the choices, or has to be converted."""
        if self._type is not None or (self._choices is not None and word not in self._choices):
            raise NotPlainError
        return word


class PlainArguments:
    """Takes the declarations that a parser takes."""

    def __init__(self, command: str) -> None:
        self.defaults: dict[str, Any] = {"command": command}
        self.epilog: str | None = None
        self._options: dict[str, _Argument] = {}
        self._operands: list[_Argument] = []
        self._dests: set[str] = set()
        self._plain = True

    def add_argument(self, *names: str, **declared: Any) -> None:
        """Declare an option or an operand."""
        argument = _Argument(names, declared)
        if argument.dest in self._dests:
            self._plain = False  # which of two defaults counts, and when, is argparse's own lore
        self._dests.add(argument.dest)
        if names[0].startswith("-"):
            self._options |= dict.fromkeys(names, argument)
        else:
            self._operands.append(argument)

    def add_mutually_exclusive_group(self) -> PlainArguments:
        """Declare options that exclude each other. Who has such leaves the reading to argparse."""
        self._plain = False
        return self

    def set_defaults(self, **defaults: Any) -> None:
        """Give options another default than their own."""
        self.defaults |= defaults

    def get_default(self, dest: str) -> Any:
        """The default of an option, or what was set under that name."""
        return self.defaults.get(dest)

    def parse(self, words: Sequence[str]) -> Namespace | None:
        """The values that argparse would find, or None where it has to be asked."""
        if not self._plain:
            return None
        arguments = [*self._options.values(), *self._operands]
        values = {argument.dest: argument.default for argument in arguments} | self.defaults
        try:
            operands = self._take_options(words, values)
            for argument in self._operands:
                self._take_operand(argument, operands, values)
        except NotPlainError:
            return None
        return None if operands else Namespace(values)

    def _take_options(self, words: Sequence[str], values: dict[str, Any]) -> list[str]:
        """Put the options' values among `values`; gives the operands."""
        operands: list[str] = []
        rest: Iterator[str] = iter(words)
        ended = False  # an option came behind operands: argparse would not take more of them
        for word in rest:
            if not word.startswith("-"):
                if ended:
                    raise NotPlainError
                operands.append(word)
                continue
            ended = bool(operands)
            option = self._options.get(word)
            if option is None:
                raise NotPlainError
            values[option.dest] = self._option_value(option, rest)
        return operands

    @staticmethod
    def _option_value(option: _Argument, rest: Iterator[str]) -> Any:
        if option.action in ("store_true", "store_const"):
            return option.const
        word = next(rest, "-")
        if option.action != "store" or option.nargs is not None or word.startswith("-"):
            raise NotPlainError
        return option.value(word)

    @staticmethod
    def _take_operand(argument: _Argument, operands: list[str], values: dict[str, Any]) -> None:
        """Put one operand's value, or the list of them, among `values`, and take it from `operands`."""
        if operands and argument.nargs in ("+", "*"):
            values[argument.dest] = [argument.value(word) for word in operands]
            operands.clear()
        elif operands:
            values[argument.dest] = argument.value(operands.pop(0))
        elif argument.nargs not in ("?", "*") or argument.default is None:
            raise NotPlainError
