from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.wasm.sizes.treemap import treemap

weights = st.lists(st.integers(0, 10**7), max_size=40).map(lambda found: sorted(found, reverse=True))


@given(weights, st.integers(0, 120), st.integers(0, 40))
def test_tiles_fill_the_cells_without_gap_or_overlap(found: list[int], width: int, height: int) -> None:
    tiles = treemap(found, width, height)
    cells: set[tuple[int, int]] = set()
    for tile in tiles:
        for x in range(tile.x, tile.x + tile.width):
            for y in range(tile.y, tile.y + tile.height):
                assert (x, y) not in cells
                cells.add((x, y))
    assert len(cells) == (width * height if tiles else 0)
    assert all(0 <= x < width and 0 <= y < height for x, y in cells)
    assert bool(tiles) == (any(found) and width > 0 and height > 0)


def test_areas_are_in_proportion() -> None:
    tiles = treemap([600, 300, 100], 100, 20)
    areas = [tile.width * tile.height / 2000 for tile in tiles]
    assert all(abs(area - share) < 0.05 for area, share in zip(areas, (0.6, 0.3, 0.1), strict=True))


def test_equal_weights_look_square_on_screen() -> None:
    for tile in treemap([1] * 8, 80, 20):
        assert 0.4 < tile.width / 2 / tile.height < 2.6


def test_weights_too_small_for_a_cell_get_none() -> None:
    tiles = treemap([10**6, 1], 10, 4)
    assert [tile.item for tile in tiles] == [0]
