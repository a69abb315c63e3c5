from __future__ import annotations

import time

from tests.app.samples import HOSTILE, UNSAFE
from tests.app.screens import StyledApp, shot_text
from tui.app.dialogs.messages import MessagesScreen, message_rows
from tui.app.frame.footer import Footer, said_line
from tui.app.keys.actions import ACTIONS
from tui.app.messages import CopyRequested
from tui.app.notices import KEPT, Notice, Notices
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of


class MessagesApp(StyledApp):
    """Stands in for the program."""

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self.notices = notices
        self.copied: list[str] = []

    def on_mount(self) -> None:
        self.push_screen(MessagesScreen(tuple(self.notices.said), Glyphs()))

    def on_copy_requested(self, message: CopyRequested) -> None:
        self.copied.append(message.text)


async def test_the_newest_stands_first_whole_and_y_copies_it() -> None:
    notices = Notices()
    notices.add(Notice("built chat in 3.1 s"), 0)
    notices.add(Notice("keys: one\nkeys: two", "warning", "Settings"), 60)
    app = MessagesApp(notices)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        text = shot_text(app)
        clocks = [time.strftime("%H:%M:%S", time.localtime(at)) for at in (60, 0)]
        assert text.index(clocks[0]) < text.index("keys: one") < text.index("keys: two") < text.index(clocks[1])
        await pilot.press("y")
        assert app.copied == ["keys: one\nkeys: two"]


def test_what_is_kept_is_bounded_and_harmless() -> None:
    notices = Notices()
    for number in range(KEPT + 5):
        notices.add(Notice(f"{number}"))
    assert [said.first for said in notices.said][:1] == ["5"]
    for text in HOSTILE:
        said = notices.add(Notice(text, title=text))
        assert not set("".join((*said.lines, said.title))) & UNSAFE
        for width in (10, 40, 120):
            assert width_of(said_line(said, Glyphs(), width, "M")) <= width
            for row in message_rows([said], Glyphs(), width):
                assert all(width_of(line) <= width for line in row.lines)


def test_a_message_goes_before_keys_and_leaves_the_way_to_all_of_them() -> None:
    footer = Footer(Glyphs(), ACTIONS)
    keys = plain(footer.line(80))
    footer.said = Notices().add(Notice("rebuilt chat: function.go changed"))
    line = plain(footer.line(80))
    assert line.endswith("rebuilt chat: function.go changed ")
    assert line.startswith(" b Build")
    assert "? Keys" in line
    assert len(line) == 80
    footer.said = Notices().add(Notice(("a long tale " * 20).rstrip(), "error"))
    cut = plain(footer.line(80))
    assert cut.startswith(" ? Keys")
    assert "…" in cut
    assert cut.endswith(" tale M ")
    footer.said = None
    assert plain(footer.line(80)) == keys


def test_of_several_lines_the_last_one_of_the_screen_says_how_many() -> None:
    said = Notices().add(Notice("one\ntwo\nthree", "warning", "Settings"))
    assert said.first == "Settings: one (+2 more)"
    assert plain(said_line(said, Glyphs(), 60, "M")) == "▲ Settings: one (+2 more) M "
