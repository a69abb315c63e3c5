"""Pages that the code cites are there, and name what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

CITED = re.compile(r"\b([\w/]*[A-Z]{4,}\.md)\b")
SOURCES = sorted((ROOT / "tui").rglob("*.py"))
PAGES = sorted([*(ROOT / "tui").rglob("*.md"), *(ROOT / ".github").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
PLACE = re.compile(r"`((?:tui|tests|screenshots|\.ci)/[\w./-]+)`")


def test_every_page_that_the_code_cites_is_there() -> None:
    names = ["/" + page.relative_to(ROOT).as_posix() for page in PAGES]
    for source in SOURCES:
        for name in CITED.findall(source.read_text(encoding="utf-8")):
            assert any(page.endswith("/" + name) for page in names), f"{source} cites {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_place_that_a_page_names_is_there(page: Path) -> None:
    if "demo/workspace" in page.as_posix():
        return
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        assert (page.parent / target).exists(), f"{page} links to {target}"
    for place in PLACE.findall(text):
        assert (ROOT / place.rstrip("/")).exists(), f"{page} names {place}"


def test_every_file_that_the_map_names_is_there() -> None:
    files = ["/" + path.relative_to(ROOT).as_posix() for path in (ROOT / "tui").rglob("*")]
    for name in re.findall(r"`([\w./-]+\.(?:py|md)|[\w./-]+/)`", (ROOT / "tui/README.md").read_text(encoding="utf-8")):
        wanted = "/" + name.removeprefix("../").rstrip("/")
        assert any(path.endswith(wanted) for path in files) or (ROOT / name).exists(), f"the map names {name}"
