"""What is decided about a cluster: to use one that others can listen to, and what becomes of builds when it goes."""

from __future__ import annotations

from tui.app.colours.roles import Part
from tui.app.dialogs.choices.choice import Choice, ChoiceScreen
from tui.app.rows.glyphs import Glyphs
from tui.text import plural, printable


def open_network_screen(address: str, glyphs: Glyphs) -> ChoiceScreen:
    """Whether to use it. The first is where the cursor is: enter, pressed by habit, agrees to nothing."""
    from tui.cluster.consent import what_is_open

    choices = [
        Choice("leave", "Leave it", "builds run on this machine"),
        Choice("use", "Use it all the same", "for this address, from now on"),
    ]
    note = (Part(glyphs.text(printable(f"{what_is_open(address)}.", 500))),)
    return ChoiceScreen("Use an open network?", choices, glyphs, typing=False, note=note)


def gone_screen(why: str, count: int, glyphs: Glyphs) -> ChoiceScreen:
    """Whether this machine builds what was not built there; nothing, where enter is pressed by habit."""
    them = plural(count, "function")
    choices = [
        Choice("leave", "Leave", "nothing is built until you ask"),
        Choice("here", "Build here", f"{them} that the cluster did not build"),
    ]
    note = (Part(f"{glyphs['error']} ", "error"), Part(glyphs.text(printable(f"{why}; {them} not built.", 300))))
    return ChoiceScreen("The cluster is gone", choices, glyphs, typing=False, note=note)
