"""Functions as a tree of folders, where a chain of only children is one row. Pure: the widget draws it.

A tree is grown anew when names come or go; what the states in it sum up to is kept function by function. Imports
next to nothing: the first frame of a workspace that nobody knows is such a tree.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from tui.app.desk.store import Store
    from tui.lines.states import State

Rank = tuple[float, ...]  # the less, the further up
KEPT = 3  # of 5,000 functions about 1 MB each, while a filter is on
_NOTHING: dict[State, int] = {}  # what a function sums up: shared by thousands, and never changed


class Node:
    """A row: a function, whose key is its path, or a folder, whose key is its path with a slash behind it."""

    __slots__ = ("above", "children", "key", "label", "level", "tally")

    def __init__(self, key: str, label: str, level: int = 0) -> None:
        """`label`: what stands in the row, the path from the row above it on."""
        self.key = key
        self.label = label
        self.level = level
        self.above: Node | None = None
        self.children: Sequence[Node] = ()
        self.tally = _NOTHING  # of a folder: how many functions of each state are in it

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

    __slots__ = ("_is_arranged", "nodes", "states", "top")

    def __init__(self, top: list[Node], nodes: dict[str, Node]) -> None:
        """`nodes`: all of them, in path order, a folder before what is in it."""
        self.top = top
        self.nodes = nodes
        self.states: dict[str, State] = {}  # as they are summed up
        self._is_arranged = False

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

    def count_all(self, states: dict[str, State]) -> None:
        """All functions are in these states: sum them up anew. The tree keeps `states`."""
        self.states = states
        for node in reversed(self.nodes.values()):  # what is in a folder before the folder
            if not node.children:
                continue
            tally: dict[State, int] = {}
            node.tally = tally
            for child in node.children:
                if child.children:
                    for state, count in child.tally.items():
                        tally[state] = tally.get(state, 0) + count
                else:
                    state = states[child.key]
                    tally[state] = tally.get(state, 0) + 1

    def shown(self, folded: AbstractSet[str] = frozenset()) -> list[Node]:
        """The rows, without those in folded folders."""
        return list(walk(self.top, folded))

    def arrange(self, ranks: Mapping[str, Rank], joined: Callable[[list[Rank]], Rank]) -> None:
        """Sort the rows of each folder by the ranks of functions, and of folders by what those in them come to.

        Rows of the same rank stand in path order. `joined` is given the ranks in a folder, the least first.
        """
        self.restore()
        of_all = dict(ranks)

        def rank_of(node: Node) -> Rank:
            return of_all[node.key]

        for node in reversed(self.nodes.values()):
            if node.children:
                node.children = sorted(node.children, key=rank_of)
                of_all[node.key] = joined([of_all[child.key] for child in node.children])
        self.top.sort(key=rank_of)
        self._is_arranged = True

    def restore(self) -> None:
        """Put the rows back in path order."""
        if not self._is_arranged:
            return
        self._is_arranged = False
        rows: dict[str | None, list[Node]] = {None: self.top}
        self.top.clear()
        for node in self.nodes.values():
            if node.children:
                node.children = rows[node.key] = []
            rows[node.above.key if node.above is not None else None].append(node)

    def let_go(self) -> None:
        """Nobody asks this tree any more. Its rows hold each other: this frees them without a pass of the collector."""
        for node in self.nodes.values():
            if node.children:
                node.children = ()


class Trees:
    """Grows trees over a store, what is in their folders summed up.

    The last few are kept: letters of a filter that are taken back, and those that find the same, grow none.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept: list[tuple[list[str], bool, Tree]] = []  # of what, whether flat; asked for last, first

    def of(self, paths: list[str], *, flat: bool) -> Tree:
        """The tree of these functions, in any order of rows. `flat`: without folders."""
        place = next((at for at, known in enumerate(self._kept) if known[0] == paths and known[1] == flat), None)
        found = self._kept.pop(place) if place is not None else (paths, flat, self._grown(paths, flat=flat))
        self._kept.insert(0, found)
        self.let_go(KEPT)
        state = self.store.state
        found[2].count_all({path: state(path) for path in paths})
        return found[2]

    def let_go(self, kept: int = 0) -> None:
        """Keep so many, those asked for last."""
        for _, _, tree in self._kept[kept:]:
            tree.let_go()
        del self._kept[kept:]

    def _grown(self, paths: list[str], *, flat: bool) -> Tree:
        tree = grow(paths, flat=flat)
        if "." in tree.nodes:
            tree.nodes["."].label = self.store.function(".").directory.name  # the workspace itself
        return tree


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
        leaves = {path: Node(path, path) for path in paths}
        return Tree(list(leaves.values()), leaves)
    top = _folded_up(list(paths))
    nodes: dict[str, Node] = {}
    for node in walk(top):
        nodes[node.key] = node
        if node.children:
            inside, level = len(node.key), node.level + 1
            for child in node.children:
                child.level, child.above, child.label = level, node, child.label[inside:]
    return Tree(top, nodes)


def _folded_up(paths: list[str]) -> list[Node]:
    """The rows at the top, with those in them; each has its whole path for a label.

    Folders are made only where paths part: neighbours share as much of a path as the folder that they are both in.
    """
    root: list[Node] = []
    # What is open: key, which is the beginning of the path just seen, and the rows in it so far.
    opened: list[tuple[str, list[Node]]] = [("", root)]
    key, children = opened[0]  # the innermost
    following = iter([*paths[1:], ""])
    for path in paths:
        node, other = Node(path, path), next(following)
        if other.startswith(key) and path.find("/", len(key)) < 0:  # as most: it is in the folder that is open
            children.append(node)
            continue
        shared = _shared(path, other)
        while len(opened[-1][0]) > shared:
            opened[-1][1].append(node)
            key, inside = opened.pop()
            node = Node(key, key[:-1])
            node.children, node.tally = inside, {}
        if len(opened[-1][0]) < shared:
            opened.append((path[:shared], []))
        key, children = opened[-1]
        children.append(node)
    return root


def _shared(path: str, other: str) -> int:
    """How many characters the folder has that two functions are both in, its slash with it; 0 where there is none."""
    end = path.rfind("/") + 1
    while end and not other.startswith(path[:end]):
        end = path.rfind("/", 0, end - 1) + 1
    return end
