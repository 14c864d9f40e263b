"""A page that complains fails `make pages`; a browser of our own making stands for Chromium."""

import stat
from pathlib import Path

import pytest

from liveness_ops.pages.browser import NoBrowserError, find, look

pytestmark = pytest.mark.unit
SCRIPT = """#!/bin/sh
for each in "$@"; do case "$each" in --screenshot=*) touch "${{each#--screenshot=}}";; esac; done
echo '[1:1:1124/234600.1:INFO:headless.cc(1)] started' >&2
{more}
"""
COMPLAINT = """echo '[1:1:1124/234600.1:INFO:CONSOLE:3] "boom", source: file:///x.html (3)' >&2"""


def browser(folder: Path, more: str) -> str:
    program = folder / "chromium"
    program.write_text(SCRIPT.format(more=more))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def test_a_page_that_is_drawn_in_silence_is_fine(tmp_path: Path) -> None:
    opened = look(browser(tmp_path, ""), tmp_path / "x.html", tmp_path / "pictures" / "x.png")
    assert opened.fine


def test_a_page_that_complains_is_not(tmp_path: Path) -> None:
    opened = look(browser(tmp_path, COMPLAINT), tmp_path / "x.html", tmp_path / "x.png")
    assert (opened.fine, opened.said) == (False, ("boom",))


def test_a_page_without_a_picture_is_not(tmp_path: Path) -> None:
    assert not look("false", tmp_path / "x.html", tmp_path / "x.png").fine


def test_without_a_browser_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoBrowserError, match="apt install chromium"):
        find()
