"""A workspace's own settings take effect only after a person has agreed to this very content in this very place."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.settings.effects import consequences, effect, written
from tui.settings.keys import SETTING_KEYS, SettingKey, Settings
from tui.settings.settings import load_settings
from tui.settings.toml_file import SettingsProblem, TomlFile, read_toml
from tui.settings.trust import WorkspaceFile, agree, decline, digest, workspace_file
from tui.settings.workspace_file import WORKSPACE_FILE, find_workspace_file
from tui.settings.xdg import state_home

TEXT = "watch = true\njobs = 4\n"


def workspace(folder: Path, text: str = TEXT) -> WorkspaceFile:
    """The workspace's file as it is found now."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WORKSPACE_FILE).write_text(text)
    found = workspace_file(folder)
    assert isinstance(found, WorkspaceFile)
    return found


def again(folder: Path) -> WorkspaceFile:
    found = workspace_file(folder)
    assert isinstance(found, WorkspaceFile)
    return found


def test_nothing_is_in_force_before_a_person_agrees(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    assert (found.in_force, found.answer, found.names) == (None, None, "watch, jobs")
    assert load_settings(found.in_force, environment={}) == (Settings(), ())
    assert agree(found.file) is None
    found = again(tmp_path)
    assert found.answer == "agreed"
    assert load_settings(found.in_force, environment={})[0] == Settings(watch=True, jobs=4)


@pytest.mark.parametrize("text", [TEXT + "# a word more\n", TEXT.replace("4", "5"), TEXT[:-1]])
def test_another_content_was_never_agreed_to(text: str, tmp_path: Path) -> None:
    agree(workspace(tmp_path).file)
    assert workspace(tmp_path, text).in_force is None
    assert workspace(tmp_path).in_force is not None  # and the old words are still agreed to


def test_the_same_words_elsewhere_were_never_agreed_to(tmp_path: Path) -> None:
    agree(workspace(tmp_path / "mine").file)
    assert workspace(tmp_path / "clone").in_force is None
    clone = tmp_path / "other"
    clone.mkdir()
    (clone / WORKSPACE_FILE).symlink_to(tmp_path / "mine" / WORKSPACE_FILE)  # git keeps links
    assert again(clone).in_force is None


def test_one_folder_by_two_names_is_one_place(tmp_path: Path) -> None:
    agree(workspace(tmp_path / "real").file)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert again(tmp_path / "link").in_force is not None


def test_who_declined_is_not_asked_again_until_the_file_changes(tmp_path: Path) -> None:
    decline(workspace(tmp_path).file)
    found = again(tmp_path)
    assert (found.answer, found.in_force) == ("declined", None)
    assert workspace(tmp_path, "jobs = 2\n").answer is None
    agree(workspace(tmp_path).file)
    assert again(tmp_path).answer == "agreed"


@pytest.mark.parametrize("text", ["", "# nothing\n", "jobbs = 2\n", 'editor = "evil"\n', "jobs = 99\n"])
def test_a_file_that_could_change_nothing_is_not_asked_about(text: str, tmp_path: Path) -> None:
    found = workspace(tmp_path, text)
    assert found.in_force is not None
    settings, problems = load_settings(found.in_force, environment={})
    assert settings == Settings()
    assert len(problems) == (0 if text.startswith(("#",)) or not text else 1)


def kept(found: WorkspaceFile) -> Path:
    """The file that holds the answer."""
    (path,) = (state_home() / "trust").glob(f"{digest(found.file)[:40]}-*.json")
    return path


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"version": 1}', b'{"version": 1, "answer": "agreed"}', b"x" * 200_000]
)
def test_a_damaged_answer_is_no_agreement(content: bytes, tmp_path: Path) -> None:
    found = workspace(tmp_path)
    agree(found.file)
    kept(found).write_bytes(content)
    assert again(tmp_path).in_force is None


def test_the_answer_to_another_file_under_this_name_is_none(tmp_path: Path) -> None:
    first, second = workspace(tmp_path / "a"), workspace(tmp_path / "b")
    agree(first.file)
    decline(second.file)
    kept(second).write_bytes(kept(first).read_bytes())
    assert again(tmp_path / "b").in_force is None


def test_answers_are_for_the_person_alone(tmp_path: Path) -> None:
    found = workspace(tmp_path)
    agree(found.file)
    assert kept(found).stat().st_mode & 0o077 == 0


def test_what_cannot_be_kept_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    said = agree(workspace(tmp_path / "ws").file)
    assert said is not None
    assert "what was agreed of a workspace's settings" in said
    assert again(tmp_path / "ws").in_force is None


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_said_and_not_read(make: object, tmp_path: Path) -> None:
    assert callable(make)
    make(tmp_path / WORKSPACE_FILE)
    assert isinstance(workspace_file(tmp_path), SettingsProblem)


# --- where it is looked for


def test_it_is_found_above_a_function(tmp_path: Path) -> None:
    file = workspace(tmp_path / "ws").file.path
    (tmp_path / "ws/services/a").mkdir(parents=True)
    assert find_workspace_file(tmp_path / "ws/services/a") == file
    nearer = workspace(tmp_path / "ws/services").file.path
    assert find_workspace_file(tmp_path / "ws/services/a") == nearer


def test_not_above_a_repository(tmp_path: Path) -> None:
    workspace(tmp_path)
    (tmp_path / "repo/a").mkdir(parents=True)
    assert find_workspace_file(tmp_path / "repo/a") == tmp_path / WORKSPACE_FILE
    (tmp_path / "repo/.git").write_text("gitdir: elsewhere\n")  # as in a work tree
    assert find_workspace_file(tmp_path / "repo/a") is None


def test_not_from_the_home_folder_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace(tmp_path)
    (tmp_path / "home/ws").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert find_workspace_file(tmp_path / "home/ws") is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root, for another uid")
def test_above_the_folder_only_what_is_ours(tmp_path: Path) -> None:
    file = workspace(tmp_path).file.path
    (tmp_path / "ws").mkdir()
    os.chown(file, 65534, 65534)
    assert find_workspace_file(tmp_path / "ws") is None
    assert find_workspace_file(tmp_path) == file  # in the folder itself it is asked about


# --- what is told of it


@pytest.mark.parametrize("key", [key for key in SETTING_KEYS if key.from_workspace], ids=lambda key: str(key.name))
def test_each_setting_of_a_workspace_is_told_in_a_sentence(key: SettingKey, tmp_path: Path) -> None:
    line = f"[keys]\n{key.example}\n" if key.kind == "keys" else f"{key.name} = {key.example}\n"
    (entry,) = workspace(tmp_path, line).entries
    assert written(entry).startswith(key.name)
    sentence = effect(entry, tmp_path)
    assert sentence
    assert not sentence.endswith(".")
    off = Settings()
    default = {field.name: getattr(off, field.name) for field in fields(Settings)}[key.name]
    assert key.kind == "keys" or sentence != effect(type(entry)(key, default), tmp_path)


def test_a_contract_outside_is_told_as_such(tmp_path: Path) -> None:
    def told(value: str) -> str:
        found = workspace(tmp_path / "ws", f'contract = "{value}"\n')
        return consequences(found.entries, tmp_path / "ws")[0][1]

    (tmp_path / "ws").mkdir()
    (tmp_path / "ws/link.json").symlink_to("/etc/passwd")
    assert "outside" not in told("host.json")
    for path in ("/etc/passwd", "../host.json", "link.json", "~/host.json"):
        assert told(path).endswith("which lies outside of this workspace")


@given(source=st.binary(max_size=300))
def test_whatever_a_file_holds_nothing_of_it_is_in_force_unasked(
    source: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / WORKSPACE_FILE).write_bytes(source)
    found = workspace_file(folder)
    if isinstance(found, WorkspaceFile):
        assert load_settings(found.in_force, environment={})[0] == Settings()
        file = read_toml(folder / WORKSPACE_FILE)
        assert isinstance(file, TomlFile)
        assert file.source == source
