from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.app.records import built, function, record, refused
from tui.app.desk.record import BuildProgress, FunctionRecord
from tui.app.desk.store import FIELDS, Store
from tui.app.desk.taste import Taste
from tui.app.functions.folding import Folding
from tui.app.functions.listing import Listing
from tui.app.functions.marking import Marks

SHOP = ("chat", "shop/eu/ledger", "shop/eu/order", "shop/us/tax", "web/site")


def store_of(*records: FunctionRecord) -> Store:
    store = Store()
    store.find(each.function for each in records)
    for each in records:
        tell(store, each)
    return store


def tell(store: Store, known: FunctionRecord) -> None:
    store.change(known.path, **{name: getattr(known, name) for name in FIELDS if name != "marked"})


def listing_of(*paths: str, taste: Taste = Taste()) -> Listing:  # noqa: B008 (frozen)
    listing = Listing(store_of(*(record(path) for path in paths)), taste)
    listing.renew()
    return listing


def keys(listing: Listing) -> list[str]:
    return [row.key for row in listing.rows]


def test_the_cursor_begins_on_the_first_function() -> None:
    listing = listing_of("shop/a", "shop/b")
    assert keys(listing) == ["shop/", "shop/a", "shop/b"]
    assert listing.key == "shop/a"


def test_folding_takes_the_cursor_along_and_unfolding_shows_all_again() -> None:
    listing = listing_of(*SHOP)
    folding = Folding(listing)
    assert keys(listing) == ["chat", "shop/", "shop/eu/", "shop/eu/ledger", "shop/eu/order", "shop/us/tax", "web/site"]
    listing.go(4)
    assert folding.fold()  # to the folder
    assert listing.key == "shop/eu/"
    assert folding.fold()
    assert keys(listing) == ["chat", "shop/", "shop/eu/", "shop/us/tax", "web/site"]
    assert folding.fold()  # to the folder above
    assert listing.key == "shop/"
    assert folding.unfold()  # it is open: into it
    assert listing.key == "shop/eu/"
    assert folding.unfold()
    assert folding.unfold()
    assert listing.key == "shop/eu/ledger"
    assert not folding.unfold()


def test_all_folders_fold_and_unfold_at_once() -> None:
    listing = listing_of(*SHOP)
    folding = Folding(listing)
    listing.go(3)
    folding.fold_all()
    assert keys(listing) == ["chat", "shop/", "web/site"]
    assert listing.key == "shop/"
    folding.fold_all()
    assert len(keys(listing)) == 7


def test_a_function_that_is_folded_away_is_revealed() -> None:
    listing = listing_of(*SHOP, taste=Taste(folded=frozenset({"shop/", "shop/eu/"})))
    assert keys(listing) == ["chat", "shop/", "web/site"]
    assert listing.reveal("shop/eu/order")
    assert listing.key == "shop/eu/order"
    assert listing.taste.folded == frozenset()
    assert not listing.reveal("gone")


def test_sorted_by_state_what_wants_a_person_stands_first_and_its_folder_with_it() -> None:
    store = store_of(built("a/fine"), built("a/x/wrong", "blocked"), built("a/x/fine"), refused("z"))
    listing = Listing(store, Taste(sort="state"))
    listing.renew()
    assert keys(listing) == ["z", "a/", "a/x/", "a/x/wrong", "a/x/fine", "a/fine"]
    listing.toggle_flat()
    assert keys(listing) == ["z", "a/x/wrong", "a/fine", "a/x/fine"]
    listing.reveal("a/x/wrong")
    store.change("a/x/wrong", progress=BuildProgress("queued", 1))
    listing.follow(["a/x/wrong"])
    assert keys(listing)[1] == "a/x/wrong"
    tell(store, built("a/x/wrong"))
    assert listing.follow(["a/x/wrong"]) is None
    assert keys(listing) == ["z", "a/fine", "a/x/fine", "a/x/wrong"]
    assert listing.key == "a/x/wrong"


def test_sizes_of_a_folder_add_up() -> None:
    store = store_of(built("big", size=900), built("shop/a", size=500), built("shop/b", size=600), record("none"))
    listing = Listing(store, Taste(sort="size"))
    listing.renew()
    assert keys(listing) == ["shop/", "shop/b", "shop/a", "big", "none"]


def test_the_last_build_stands_first() -> None:
    old, new = built("old"), replace(built("new"), modified=1_800_000_000.0)
    listing = Listing(store_of(old, new, record("never")), Taste(sort="build"))
    listing.renew()
    assert keys(listing) == ["new", "old", "never"]


def test_the_filter_shows_the_folders_of_what_it_finds_and_is_left_where_it_was_entered() -> None:
    listing = listing_of(*SHOP, taste=Taste(folded=frozenset({"shop/"})))
    listing.go(2)
    listing.search("shop")
    assert keys(listing) == ["shop/", "shop/eu/", "shop/eu/ledger", "shop/eu/order", "shop/us/tax"]
    listing.search("ordr")
    assert keys(listing) == ["shop/eu/order"]  # one row names the chain
    assert listing.count == 1
    listing.search("")
    assert keys(listing) == ["chat", "shop/", "web/site"]
    assert listing.key == "web/site"


def test_what_one_did_in_the_filter_stays() -> None:
    listing = listing_of(*SHOP)
    listing.search("order")
    listing.settle()
    listing.search("")
    assert listing.key == "shop/eu/order"


def test_a_filter_typed_letter_by_letter_finds_what_it_finds_at_once() -> None:
    paths = [f"{area}/{name}" for area in ("pay/cmd", "web") for name in ("fail-over", "payment", "c-m-d-x", "order")]
    typed = listing_of(*paths)
    for needle in ("p", "pa", "pay", "pay o", "pay", "c", "cm", "cmd", "cmdx", "cmd", "f", "fail", "failx", "fA", ""):
        typed.search(needle)
        fresh = listing_of(*paths)
        fresh.search(needle)
        assert (keys(typed), typed.sieve.hits) == (keys(fresh), fresh.sieve.hits), needle
        assert [row.tally for row in typed.rows] == [row.tally for row in fresh.rows]


def test_the_best_hit_has_the_cursor() -> None:
    listing = listing_of("orders/archive", "orders/refund", "web/order")
    listing.search("order")
    assert listing.key == "web/order"
    assert keys(listing)[0] == "web/order"


def test_words_for_states_and_modes_narrow_it_with_names() -> None:
    store = store_of(built("shop/a", "blocked"), built("shop/b"), built("web/a", "blocked"), record("web/b"))
    listing = Listing(store)
    listing.renew()
    listing.search("blocked")
    assert listing.order == ["shop/a", "web/a"]
    listing.search("command web")
    assert listing.order == ["web/a"]
    listing.search("unbu")
    assert listing.order == ["web/b"]
    listing.search("Blocked")
    assert listing.order == []


def test_a_function_stays_found_while_it_builds_and_under_the_cursor() -> None:
    store = store_of(*(built(path, "blocked") for path in ("a", "b", "c")))
    listing = Listing(store)
    listing.renew()
    listing.search("blocked")
    store.change("a", progress=BuildProgress("building"))
    store.change("b", progress=BuildProgress("building"))
    assert listing.follow(["a", "b"]) is not None
    for path in ("a", "b"):
        tell(store, built(path))
    assert listing.follow(["a", "b"]) is None
    assert keys(listing) == ["a", "c"]  # the cursor is on a
    listing.go(1)
    assert keys(listing) == ["c"]
    assert listing.key == "c"


def test_where_a_function_goes_its_neighbour_has_the_cursor() -> None:
    listing = listing_of("a", "b", "c")
    listing.go(1)
    listing.store.find([function("a"), function("c")], whole=True)
    listing.renew()
    assert listing.key == "c"


def test_where_a_folder_becomes_part_of_a_chain_the_cursor_stays_on_it() -> None:
    listing = listing_of("a/b/x", "a/b/y", "a/c")
    listing.reveal("a/")
    listing.store.find([function("a/b/x"), function("a/b/y")], whole=True)
    listing.renew()
    assert keys(listing) == ["a/b/", "a/b/x", "a/b/y"]
    assert listing.key == "a/b/"


# -- marks


def test_a_folder_marks_what_is_in_it_and_takes_it_back() -> None:
    listing = listing_of(*SHOP)
    marks = Marks(listing.store, listing)
    listing.reveal("shop/")
    assert marks.toggle()
    assert listing.store.marked == ["shop/eu/ledger", "shop/eu/order", "shop/us/tax"]
    listing.reveal("shop/eu/order")
    marks.toggle()
    listing.reveal("shop/")
    marks.toggle()
    assert len(listing.store.marked) == 3
    marks.toggle()
    assert listing.store.marked == []


def test_a_range_marks_what_lies_between_and_no_more() -> None:
    listing = listing_of("a", "b", "c", "d", "e")
    marks = Marks(listing.store, listing)
    listing.store.change("e", marked=True)
    listing.go(1)
    marks.toggle_range()
    for place, marked in ((3, ["b", "c", "d", "e"]), (2, ["b", "c", "e"]), (0, ["a", "b", "e"])):
        listing.go(place)
        marks.follow()
        assert listing.store.marked == marked
    marks.toggle_range()
    listing.go(4)
    marks.follow()
    assert listing.store.marked == ["a", "b", "e"]


def test_a_range_takes_a_folded_folder_whole_and_an_open_one_row_by_row() -> None:
    listing = listing_of("a/x", "a/y", "b/x", "b/y", taste=Taste(folded=frozenset({"b/"})))
    marks = Marks(listing.store, listing)
    listing.reveal("a/y")
    marks.toggle_range()
    listing.go(3)
    marks.follow()
    assert listing.store.marked == ["a/y", "b/x", "b/y"]


def test_marks_are_inverted_among_what_the_filter_shows() -> None:
    listing = listing_of("ape", "apt", "bee")
    marks = Marks(listing.store, listing)
    for path in ("ape", "bee"):
        listing.store.change(path, marked=True)
    listing.search("ap")
    marks.invert()
    assert listing.store.marked == ["apt", "bee"]


# -- whatever happens


NAMES = st.lists(st.sampled_from(["a", "b", "a-b", "shop"]), min_size=1, max_size=4).map("/".join)
MADE = (
    record,
    built,
    refused,
    lambda path: built(path, "blocked"),
    lambda path: built(path, size=len(path)),
    lambda path: built(path, stale=True),
    lambda path: replace(built(path), progress=BuildProgress("building")),
)


class Anything(RuleBasedStateMachine):
    """Functions come, go and change; a person folds, sorts, filters, moves. Nothing is lost, doubled, or jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store()
        self.listing = Listing(self.store)

    def keeps_the_cursor(self, before: str | None) -> None:
        """Where the row is still there, the cursor is on it."""
        if before is not None and before in self.listing:
            assert self.listing.key == before

    @rule(paths=st.lists(NAMES, unique=True, max_size=12), whole=st.booleans())
    def disk(self, paths: list[str], whole: bool) -> None:
        before = self.listing.key
        self.store.find([function(path) for path in paths], whole=whole)
        self.listing.renew()
        self.keeps_the_cursor(before)

    @rule(data=st.data(), make=st.sampled_from(MADE))
    def state(self, data: st.DataObject, make: object) -> None:
        if self.store.paths:
            path, before = data.draw(st.sampled_from(self.store.paths)), self.listing.key
            tell(self.store, make(path))  # type: ignore[operator]
            self.listing.follow([path])
            self.keeps_the_cursor(before)

    @rule(needle=st.sampled_from(["", "a", "sh", "ab", "blocked", "stale a", "zz"]))
    def narrow(self, needle: str) -> None:
        self.listing.search(needle)

    @rule(what=st.sampled_from(["fold", "unfold", "toggle", "fold_all"]))
    def folding(self, what: str) -> None:
        getattr(Folding(self.listing), what)()

    @rule(what=st.sampled_from(["next_sort", "toggle_flat"]))
    def order(self, what: str) -> None:
        before = self.listing.key
        getattr(self.listing, what)()
        self.keeps_the_cursor(before)

    @rule(place=st.integers(0, 30))
    def move(self, place: int) -> None:
        self.listing.go(place)

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        listing, order = self.listing, self.listing.order
        assert len(set(order)) == len(order) == listing.count
        assert set(order) <= set(self.store.paths)
        assert listing.sieve.is_on or set(order) == set(self.store.paths)
        hidden = {path for row in listing.rows if row.key in listing.folded for path in row.functions()}
        shown = [row.key for row in listing.rows if not row.is_folder]
        assert len(set(shown)) == len(shown)
        assert set(shown) | hidden == set(order)
        assert not set(shown) & hidden

    @invariant()
    def sums_are_true(self) -> None:
        for row in self.listing.rows:
            if row.is_folder:
                states = [self.store.state(path) for path in row.functions()]
                assert all(row.tally.get(state, 0) == states.count(state) for state in {*row.tally, *states})

    @invariant()
    def the_cursor_is_on_its_row(self) -> None:
        listing = self.listing
        assert (listing.key is None) == (not listing.rows)
        assert not listing.rows or listing.rows[listing.place].key == listing.key


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_a_letter_taken_back_finds_what_has_come_meanwhile() -> None:
    store = store_of(record("chat"), record("charge"), record("echo"))
    listing = Listing(store)
    listing.renew()
    for needle in ("ch", "cha", "char"):
        listing.search(needle)
    assert keys(listing) == ["charge"]
    store.find([record("chapel").function])
    listing.renew()
    listing.search("cha")
    assert set(keys(listing)) == {"chapel", "charge", "chat"}
    listing.search("ch")
    assert set(keys(listing)) == {"chapel", "charge", "chat", "echo"}
    listing.search("cha")
    assert set(keys(listing)) == {"chapel", "charge", "chat"}


def test_a_letter_taken_back_grows_no_tree_and_sums_up_what_came_meanwhile() -> None:
    store = store_of(*(record(path) for path in ("pay/chat", "pay/charge", "web/echo")))
    listing = Listing(store)
    listing.renew()
    whole = listing.tree
    listing.search("c")
    assert listing.tree is whole  # all have it
    listing.search("cha")
    tell(store, built("pay/chat", "blocked"))
    listing.follow(["pay/chat"])
    assert [row.key for row in listing.rows] == ["pay/", "pay/charge", "pay/chat"]
    listing.search("c")
    assert listing.tree is whole
    assert whole.nodes["pay/"].tally == {"blocked": 1, "unbuilt": 1}
    listing.search("")
    assert listing.tree is whole
    assert keys(listing) == ["pay/", "pay/charge", "pay/chat", "web/echo"]


def test_a_mark_is_told_by_the_folders_that_the_function_is_in() -> None:
    listing = listing_of(*SHOP)
    listing.store.change("shop/eu/order", marked=True)
    assert listing.follow(["shop/eu/order"]) == {"shop/eu/order", "shop/eu/", "shop/"}
