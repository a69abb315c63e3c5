"""What the list's filter asks for: words of names, letter by letter, and words for states and modes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, NamedTuple

from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import TROUBLE
from tui.lines.states import STATES, State
from tui.wasm.mode import ExportMode

LONGEST: Final = 400  # characters of a path that are looked at
GAP: Final = 3  # letters that a word may leap over inside a part of a name
PREFIX: Final = 4  # letters of a state's word from which it is understood
_EDGES: Final = "/-_. "  # behind these a part of a name begins
# Words that functions are known by besides their names -> the one of them that they all mean.
SPOKEN: Final[Mapping[str, str]] = {
    **{state: state for state in STATES},
    "command": "command",
    "cmd": "command",
    "reactor": "reactor",
    "rct": "reactor",
    "both": "both",
    "library": "library",
    "persistent": "persistent",
    "mismatch": "mismatch",
    "marked": "marked",
    "trouble": "trouble",
}


class Hit(NamedTuple):
    """How well a path fits, and which of its letters do."""

    score: float = 0.0
    places: frozenset[int] = frozenset()


_NOWHERE: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a filter: part of a name, or what it means of states and modes; of both where it can be either."""

    text: str
    means: frozenset[str] = frozenset()

    @property
    def is_loose(self) -> bool:
        """Whether letters may be left out of a name: not where the word means something by itself."""
        return not self.means


@dataclass(frozen=True, slots=True)
class Query:
    """A filter: all its words must fit. Case counts only where the filter has any."""

    words: tuple[Word, ...]
    exact: bool = False

    @property
    def asks_traits(self) -> bool:
        """Whether it asks for more than names."""
        return any(word.means for word in self.words)

    def hit(self, path: str, traits: AbstractSet[str]) -> Hit | None:
        """How the function of that path fits, which has these traits; None where it does not."""
        text = path[:LONGEST] if self.exact else lowered(path[:LONGEST])
        score, places = 0.0, _NOWHERE
        for word in self.words:
            found = fitting(word.text, text, loose=word.is_loose)
            if found is None and not word.means & traits:
                return None
            if found is not None:
                score, places = score + found.score, places | found.places
        return Hit(score, places)


def lowered(path: str) -> str:
    """In lower case, each letter in its place."""
    lower = path.lower()
    return lower if len(lower) == len(path) else path


def query_of(needle: str, paths: Iterable[str]) -> Query:
    """What a person means by `needle` where these are the names."""
    exact = needle != needle.lower()
    names = [path if exact else path.lower() for path in paths]
    return Query(tuple(_word(word, names) for word in needle.split()), exact)


def _word(word: str, names: list[str]) -> Word:
    spoken = SPOKEN.get(word)
    if spoken is not None:
        return Word(word, frozenset({spoken}))
    begun = {means for other, means in SPOKEN.items() if other.startswith(word)} if len(word) >= PREFIX else set()
    # A word that is only begun means a state where no name has it.
    return Word(word, frozenset(begun)) if begun and not any(word in name for name in names) else Word(word)


def traits_of(record: FunctionRecord, state: State) -> frozenset[str]:
    """The words that a function is known by besides its name."""
    traits: set[str] = {state}
    if state in TROUBLE:
        traits.add("trouble")
    if record.marked:
        traits.add("marked")
    told = record.told
    if told.matches is False:
        traits.add("mismatch")
    if record.reading is not None and record.reading.config is not None and record.reading.config.ws_persistent:
        traits.add("persistent")
    if told.mode is not None:
        both = told.mode is ExportMode.BOTH
        traits |= {"both", "command", "reactor"} if both else {str(told.mode)}
    elif record.plan is not None:
        traits.add(record.plan.mode)  # what it would be
    return frozenset(traits)


# -- how well a word fits a path


def fitting(word: str, path: str, *, loose: bool = True) -> Hit | None:
    """Where a word is in a path, best place first: in one piece, else letter by letter if `loose`."""
    name = path.rfind("/") + 1
    if word in path:
        return max((_piece(at, word, path, name) for at in _all(word, path)), key=_worth)
    if not loose or not _in_order(word, path):
        return None
    spread = [hit for at in _all(word[:1], path) if (hit := _letters(at, word, path, name)) is not None]
    return max(spread, key=_worth, default=None)


def _worth(hit: Hit) -> float:
    return hit.score


def _in_order(word: str, path: str) -> bool:
    """Whether the letters of a word come one after the other in a path, however far apart."""
    at = -1
    for letter in word:
        at = path.find(letter, at + 1)
        if at < 0:
            return False
    return True


def _all(piece: str, text: str) -> list[int]:
    """Where a piece is in a text."""
    found, at = [], text.find(piece)
    while at >= 0:
        found.append(at)
        at = text.find(piece, at + 1)
    return found


def _begins(at: int, path: str) -> bool:
    """Whether a part of a name begins there."""
    return at == 0 or path[at - 1] in _EDGES


def _piece(at: int, word: str, path: str, name: int) -> Hit:
    """The worth of a word that stands there in one piece: in a name more than in its folders, most where one begins."""
    end = at + len(word)
    ends = end == len(path) or path[end] in _EDGES
    score = 100.0 + 40 * _begins(at, path) + 30 * (at >= name) + 15 * ends
    return Hit(score, frozenset(range(at, end)))


def _letters(at: int, word: str, path: str, name: int) -> Hit | None:
    """The worth of a word whose letters follow each other from there on: near by, or where another part begins."""
    places, score = [at], 40.0 + 20 * _begins(at, path) + 15 * (at >= name)
    for letter in word[1:]:
        near = path.find(letter, places[-1] + 1, places[-1] + 2 + GAP)
        place = near if near >= 0 else _next_part(letter, path, places[-1] + 1)
        if place < 0:
            return None
        score += 3 if place == places[-1] + 1 else 4 if _begins(place, path) else -4
        places.append(place)
    return Hit(score, frozenset(places))


def _next_part(letter: str, path: str, start: int) -> int:
    """Where a part of a name begins with that letter, from `start` on; -1 where none does."""
    return next((at for at in _all(letter, path) if at >= start and _begins(at, path)), -1)
