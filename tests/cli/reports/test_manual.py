"""The manual page tells of every command and option, and is the one in the tree."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tui.cli import COMMANDS
from tui.cli.reports.arguments import forms
from tui.cli.reports.manual import PAGE, manual


def test_the_page_in_the_tree_is_up_to_date() -> None:
    assert PAGE.read_text() == manual(), "python -m tests.make_readme writes it"


def test_every_command_and_option_is_told() -> None:
    page = manual().replace("\\-", "-")
    for name in COMMANDS:
        assert f"\n.SS {name}\n" in page
    for form in forms():
        section = page.split(f"\n.SS {form.name}\n")[1].split("\n.SS ")[0]
        assert all(f"\\fB{flag}\\fR" in section for option in form.options for flag in option.flags)


def test_what_must_be_there_stands_without_brackets() -> None:
    assert "fn\\-tui diff\\fR [options] \\fIA\\fR \\fIB\\fR\n" in manual()
    assert "fn\\-tui check\\fR [options] [\\fIDIR|WORKSPACE\\fR] ...\n" in manual()


def test_no_line_of_text_is_taken_for_a_request() -> None:
    known = {"TH", "SH", "SS", "TP", "PP", "B", "I", "br"}
    requests = {line[1:].split(" ")[0] for line in manual().splitlines() if line.startswith((".", "'"))}
    assert requests <= known


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_shows_it() -> None:
    shown = subprocess.run(
        ["man", "-l", str(PAGE)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "MANWIDTH": "80"},
    )
    assert shown.stderr == ""
    assert "--compiler" in shown.stdout
