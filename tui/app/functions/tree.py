"""Functions as a tree of folders, where a chain of only children is one row. Pure: the widget draws it.

A tree is grown anew when names come or go; what the states in it sum up to is kept function by function. Imports
next to nothing: the first frame of a workspace that nobody knows is such a tree.
"""

from __future__ import annotations

from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from tui.lines.states import State

Rank = tuple[float, ...]  # the less, the further up


class Node:
    """A row: a function, whose key is its path, or a folder, whose key is its path with a slash behind it."""

    __slots__ = ("above", "children", "key", "label", "level", "place", "tally")

    def __init__(self, key: str, label: str, level: int = 0, place: int = 0) -> None:
        """`label`: what stands in the row, the path from the row above it on; `place`: in path order."""
        self.key = key
        self.label = label
        self.level = level
        self.place = place
        self.above: Node | None = None
        self.children: list[Node] = []
        self.tally: dict[State, int] = {}  # of a folder: how many functions of each state are in it

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.key.endswith("/")

    @property
    def path(self) -> str:
        """The path of the function, or of the folder."""
        return self.key.rstrip("/")

    @property
    def count(self) -> int:
        """How many functions it stands for."""
        return sum(self.tally.values()) if self.is_folder else 1

    def functions(self) -> list[str]:
        """The paths of the functions in it, in the order of the rows; of a function its own."""
        return [node.key for node in walk([self]) if not node.is_folder]

    def folders_above(self) -> Iterator[Node]:
        """The folders that it is in, innermost first."""
        node = self.above
        while node is not None:
            yield node
            node = node.above


class Tree:
    """The rows at the top, and each row by its key."""

    __slots__ = ("nodes", "states", "top")

    def __init__(self, top: list[Node], nodes: dict[str, Node]) -> None:
        self.top = top
        self.nodes = nodes
        self.states: dict[str, State] = {}  # as they are summed up

    def count(self, states: Mapping[str, State]) -> set[str]:
        """These functions are in these states now: sum them up. The keys of the rows that say something else since."""
        changed: set[str] = set()
        for path, state in states.items():
            leaf, before = self.nodes.get(path), self.states.get(path)
            if leaf is None or before == state:
                continue
            self.states[path] = state
            changed.add(path)
            folder = leaf.above
            while folder is not None:
                if before is not None:
                    folder.tally[before] -= 1
                folder.tally[state] = folder.tally.get(state, 0) + 1
                changed.add(folder.key)
                folder = folder.above
        return changed

    def shown(self, folded: AbstractSet[str] = frozenset()) -> list[Node]:
        """The rows, without those in folded folders."""
        return list(walk(self.top, folded))

    def arrange(self, rank: Callable[[str], Rank], joined: Callable[[Iterable[Rank]], Rank]) -> None:
        """Sort the rows of each folder by the rank of functions, and of folders by what those in them come to.

        Rows of the same rank stand in path order.
        """
        ranks: dict[str, Rank] = {}
        for node in reversed(list(walk(self.top))):  # what is in a folder before the folder
            if node.is_folder:
                node.children.sort(key=lambda child: (ranks[child.key], child.place))
                ranks[node.key] = joined(ranks[child.key] for child in node.children)
            else:
                ranks[node.key] = rank(node.key)
        self.top.sort(key=lambda node: (ranks[node.key], node.place))


def walk(nodes: Sequence[Node], folded: AbstractSet[str] = frozenset()) -> Iterator[Node]:
    """These rows and those in them, from top to bottom; without those in folded folders."""
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        if node.children and node.key not in folded:
            waiting.extend(reversed(node.children))


def grow(paths: Iterable[str], *, flat: bool = False) -> Tree:
    """The tree of these paths, which come in path order. `flat`: without folders."""
    if flat:
        leaves = {path: Node(path, path, place=place) for place, path in enumerate(paths)}
        return Tree(list(leaves.values()), leaves)
    top = _folded_up(list(paths))
    nodes: dict[str, Node] = {}
    for place, node in enumerate(walk(top)):
        node.place, nodes[node.key] = place, node
        for child in node.children:
            child.level, child.above = node.level + 1, node
            child.label = child.label[len(node.key) :]
    return Tree(top, nodes)


def _folded_up(paths: list[str]) -> list[Node]:
    """The rows at the top, with those in them; each has its whole path for a label.

    Folders are made only where paths part: neighbours share as much of a path as the folder that they are both in.
    """
    open_folders = [Node("", "")]  # the root, and what is open in it; each key is the beginning of the path just seen
    for path, following in pairwise([*paths, ""]):
        shared = _shared(path, following)
        node = Node(path, path)
        while len(open_folders[-1].key) > shared:
            folder = open_folders.pop()
            folder.children.append(node)
            node = folder
        if len(open_folders[-1].key) < shared:
            open_folders.append(Node(path[:shared], path[: shared - 1]))
        open_folders[-1].children.append(node)
    return open_folders[0].children


def _shared(path: str, other: str) -> int:
    """How many characters the folder has that two functions are both in, its slash with it; 0 where there is none."""
    end = path.rfind("/") + 1
    while end and not other.startswith(path[:end]):
        end = path.rfind("/", 0, end - 1) + 1
    return end
