"""What the list's filter asks for: words of names, letter by letter, and words for states and modes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import TROUBLE
from tui.facts import Fact
from tui.lines.states import STATES, State

LONGEST: Final = 400  # characters of a path that are looked at
GAP: Final = 3  # letters that a word may leap over inside a part of a name
PREFIX: Final = 4  # letters of a state's word from which it is understood
_NO_TRAITS: Final[frozenset[str]] = frozenset()
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


class Fit(Fact):
    """How well a word fits a path, the place of its first letter, and whether it stands there in one piece."""

    score: float
    at: int
    whole: bool


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

    def found(self, paths: Iterable[str]) -> dict[str, float]:
        """Those of these functions that fit by their names alone, and how well."""
        fits = ((path, self.score(path)) for path in paths)
        return {path: score for path, score in fits if score is not None}

    def score(self, path: str, traits: AbstractSet[str] = _NO_TRAITS) -> float | None:
        """How well the function of that path fits, which has these traits; None where it does not."""
        text = self._text(path)
        name, score = text.rfind("/") + 1, 0.0
        for word in self.words:
            if word.text in text:
                score += _best_piece(word.text, text, name)[0]
            elif (found := _best_letters(word.text, text, name) if word.is_loose else None) is not None:
                score += found[0]
            elif not word.means & traits:
                return None
        return score

    def places(self, path: str) -> frozenset[int]:
        """Which letters of a path fit."""
        text = self._text(path)
        return frozenset(place for word in self.words for place in letters_of(word.text, text, loose=word.is_loose))

    def narrows(self, other: Query) -> bool:
        """Whether what fits this one fits the other one, too: more was typed."""
        pairs = zip(other.words, self.words, strict=False)
        return (
            self.exact == other.exact
            and len(self.words) >= len(other.words)
            and all(
                new == old or (new.is_loose and old.is_loose and new.text.startswith(old.text)) for old, new in pairs
            )
        )

    def _text(self, path: str) -> str:
        return path[:LONGEST] if self.exact else lowered(path[:LONGEST])


def lowered(path: str) -> str:
    """In lower case, each letter in its place."""
    lower = path.lower()
    return lower if len(lower) == len(path) else path


def query_of(needle: str, paths: Collection[str]) -> Query:
    """What a person means by `needle` where these are the names."""
    exact = needle != needle.lower()

    def is_named(word: str) -> bool:
        return any(word in (path if exact else path.lower()) for path in paths)

    return Query(tuple(_word(word, is_named) for word in needle.split()), exact)


def _word(word: str, is_named: Callable[[str], bool]) -> Word:
    spoken = SPOKEN.get(word)
    if spoken is not None:
        return Word(word, frozenset({spoken}))
    begun = {means for other, means in SPOKEN.items() if other.startswith(word)} if len(word) >= PREFIX else set()
    # A word that is only begun means a state where no name has it.
    return Word(word, frozenset(begun)) if begun and not is_named(word) else Word(word)


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
        both = told.mode == "both"
        traits |= {"both", "command", "reactor"} if both else {str(told.mode)}
    elif record.plan is not None:
        traits.add(record.plan.mode)  # what it would be
    return frozenset(traits)


# -- how well a word fits a path


def fitting(word: str, path: str, *, loose: bool = True) -> Fit | None:
    """Where a word is in a path, best place first: in one piece, else letter by letter if `loose`."""
    name = path.rfind("/") + 1
    if word in path:
        return Fit(*_best_piece(word, path, name), whole=True)
    found = _best_letters(word, path, name) if loose else None
    return Fit(*found, whole=False) if found is not None else None


def letters_of(word: str, path: str, *, loose: bool = True) -> Iterable[int]:
    """The places in a path of the letters of a word that fits it; none where it does not."""
    found = fitting(word, path, loose=loose)
    if found is None:
        return ()
    return range(found.at, found.at + len(word)) if found.whole else _letters(found.at, word, path) or ()


def _best_letters(word: str, path: str, name: int) -> tuple[float, int] | None:
    """The best worth of the letters of a word in a path, and the place of the first; None where they are not in it."""
    if not _in_order(word, path):
        return None
    found: tuple[float, int] | None = None
    for at in _all(word[:1], path):
        places = _letters(at, word, path)
        if places is not None and (found is None or _worth(places, path, name) > found[0]):
            found = (_worth(places, path, name), at)
    return found


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


def _best_piece(word: str, path: str, name: int) -> tuple[float, int]:
    """The best worth of a word in one piece, and its place: in a name rather than in its folders, best where one begins
    and ends.
    """
    best, place, at, length = -1.0, 0, path.find(word), len(word)
    while at >= 0:
        end = at + length
        # Written out: a letter is in most paths, several times, and each key asks all of them.
        score = 100.0
        if at == 0 or path[at - 1] in _EDGES:
            score += 40
        if at >= name:
            score += 30
        if end == len(path) or path[end] in _EDGES:
            score += 15
        if score > best:
            best, place = score, at
        at = path.find(word, at + 1)
    return best, place


def _worth(places: list[int], path: str, name: int) -> float:
    """The worth of a word whose letters are there: near by, or where another part begins."""
    score = 40.0 + 20 * _begins(places[0], path) + 15 * (places[0] >= name)
    for before, place in pairwise(places):
        score += 3 if place == before + 1 else 4 if _begins(place, path) else -4
    return score


def _letters(at: int, word: str, path: str) -> list[int] | None:
    """Where the letters of a word follow each other from there on; None where they do not."""
    places = [at]
    for letter in word[1:]:
        near = path.find(letter, places[-1] + 1, places[-1] + 2 + GAP)
        place = near if near >= 0 else _next_part(letter, path, places[-1] + 1)
        if place < 0:
            return None
        places.append(place)
    return places


def _next_part(letter: str, path: str, start: int) -> int:
    """Where a part of a name begins with that letter, from `start` on; -1 where none does."""
    at = path.find(letter, start)
    while at >= 0 and not _begins(at, path):
        at = path.find(letter, at + 1)
    return at
