"""Links to anything are looked at without being opened."""

from __future__ import annotations

import os
from pathlib import Path

from tui.building.watch.links import Links


def test_what_each_link_leads_to(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path.resolve() / "there"
    here.mkdir()
    there.mkdir()
    (there / "file.go").touch()
    os.mkfifo(there / "pipe")
    leads = {"file.go": "file.go", "pipe.go": "pipe", "gone.go": "gone.go", "folder": "."}
    for name, target in leads.items():
        (here / name).symlink_to(there / target)
    (here / "circle.go").symlink_to("circle.go")
    (here / "zero.go").symlink_to("/dev/zero")
    (here / "plain.go").touch()
    links = Links()
    links.look([here, tmp_path / "nowhere"])
    assert links.folders == {there}
    for name in ("file.go", "gone.go"):
        assert links.leading_to([there / leads[name]]) == {here / name}
    assert links.leading_to([there, there / "pipe", here / "plain.go", Path("/gone/x.go")]) == set()
    assert not links.renew([here / "plain.go", there / "file.go"])
    (here / "file.go").unlink()
    assert links.renew([here / "file.go"])
    assert links.leading_to([there / "file.go"]) == set()


def test_a_link_that_another_one_leads_to(tmp_path: Path) -> None:
    real = tmp_path.resolve()
    (real / "a").mkdir()
    (real / "b.go").symlink_to("c.go")
    (real / "a/x.go").symlink_to("../b.go")
    links = Links()
    links.look([real / "a"])
    assert links.leading_to([real / "c.go"]) == {real / "a/x.go"}
