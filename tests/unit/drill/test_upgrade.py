"""`make upgrade`: what it says where it cannot begin, and which rows it keeps."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.upgrade import back, before, checkout, rows, run
from responder.core.settings_document import parse


def test_without_a_commit_it_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main([]) == 2
    assert capsys.readouterr() == ("", "Which commit? make upgrade FROM=<commit>\n")


@pytest.mark.parametrize(
    ("shallow", "said"),
    [
        ("false", "No commit nosuch here\n"),
        ("true", "No commit nosuch here: this clone is shallow, `git fetch --unshallow` completes it\n"),
    ],
)
def test_an_unknown_commit_is_one_line(
    shallow: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def git(*words: str) -> str:
        if "--verify" in words:
            raise subprocess.CalledProcessError(1, words)
        return shallow

    monkeypatch.setattr(checkout, "_git", git)
    assert run.main(["nosuch"]) == 2
    assert capsys.readouterr() == ("", said)


@pytest.fixture
def ignored() -> Iterator[None]:
    """SIGTERM, as far as nothing handles it."""
    handler = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.usefixtures("ignored")
def test_a_run_that_is_ended_removes_its_worktree(monkeypatch: pytest.MonkeyPatch) -> None:
    made, removed = [], []

    def git(*words: str) -> str:
        match words:
            case "worktree", "add", *_, root, _:
                made.append(root)
            case "worktree", "remove", _, root:
                removed.append(root)
        return "1234567"

    monkeypatch.setattr(checkout, "_git", git)
    monkeypatch.setattr(checkout, "_environments", lambda root: os.kill(os.getpid(), signal.SIGTERM))
    assert run.main(["1234567"]) == 130
    assert made == removed != []
    assert not Path(made[0]).parent.exists()


def test_rows_that_differ_in_nothing_but_values_are_kept_once(tmp_path: Path) -> None:
    found = [
        {"pk": "A", "sk": "STEP#1", "data": '{"kind": "applied", "at": "1"}'},
        {"pk": "A", "sk": "STEP#2", "data": '{"kind": "applied", "at": "2"}'},
        {"pk": "A", "sk": "STEP#3", "data": '{"kind": "ended", "at": "3"}'},
        {"pk": "A", "sk": "STEP#4", "data": "[NO JSON]"},
    ]
    assert rows.write(tmp_path, {"steps": found[:1]}, {"steps": found[1:]}) == f"3 in {tmp_path}"
    kept = json.loads((tmp_path / "steps.json").read_text(encoding="utf-8"))
    assert {each["sk"] for each in kept} == {"STEP#1", "STEP#3", "STEP#4"}


def test_a_record_of_a_failure_keeps_no_path_of_this_machine() -> None:
    body = json.dumps({"responsePayload": {"errorType": "Denied", "stackTrace": ['File "/home/me/x.py"']}})
    assert "/home" not in rows._without_paths(body)


def test_only_the_part_that_is_unknown_is_put_aside() -> None:
    document = {"soak_minutes": 10, "people": {"aiko": {"aws": ["x"], "phone": "1"}}, "later": True}
    for where in ("later", "people.aiko.phone"):
        back._remove(document, where.split("."))
    assert document == {"soak_minutes": 10, "people": {"aiko": {"aws": ["x"]}}}


def test_every_setting_of_this_version_is_rehearsed_with_another_value_than_its_default() -> None:
    parts = before.known_settings(checkout.PRESENT)
    known = {name: part for name, part in parts.items() if "default" in part}
    document = before.others(known)
    same = {name for name, part in known.items() if document[name] == part["default"]}
    assert document.keys() == known.keys() and same == before._KEPT.keys()
    parse(json.dumps(document))


def test_a_setting_without_another_value_is_named() -> None:
    with pytest.raises(checkout.UpgradeError, match="later_text"):
        before.others({"later_text": {"default": "a"}})
