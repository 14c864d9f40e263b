"""A page with an error fails `make pages`; a fake browser replaces Chromium."""

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from rehearsal.pages import browser
from rehearsal.pages.browser import Opened, Size, find, framed, look, on_paper, sizes
from rehearsal.pages.links import dead

SCRIPT = """#!/bin/sh
for each in "$@"; do case "$each" in
  --screenshot=*|--print-to-pdf=*) touch "${{each#*=}}" ;;
  --dump-dom) echo '<title>[[{screen},2000,50,[]],[{phone},4000,{letters},{said}],[688,9,9,[]]]</title>' ;;
esac; done
echo "$@" >> {log}
echo '[1:1:1124/234600.1:INFO:headless.cc(1)] started' >&2
{more}
"""
COMPLAINT = """echo '[1:1:1124/234600.1:INFO:CONSOLE:3] "boom", source: file:///x.html (3)' >&2"""
POLICY = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-x'">"""
GOOD = f"<!doctype html>{POLICY}<p>Hello</p>"


def opened(
    folder: Path,
    more: str = "",
    html: str = GOOD,
    screen: int = 1280,
    phone: int = 390,
    letters: int = 50,
    said: str = "[]",
) -> Opened:
    program, page = folder / "chromium", folder / "x.html"
    log = folder / "log"
    values = {"screen": screen, "phone": phone, "letters": letters, "said": said}
    program.write_text(SCRIPT.format(more=more, log=log, **values))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    page.write_text(html)
    return look(str(program), page, folder / "pictures" / "x.png")


def test_a_page_without_console_errors_passes_on_screen_phone_and_paper(tmp_path: Path) -> None:
    seen = opened(tmp_path)
    assert seen.fine
    assert [each.name for each in seen.pictures] == ["x.png", "x.phone.png", "x.dark.png", "x.pdf"]


def test_its_pictures_show_the_whole_page(tmp_path: Path) -> None:
    opened(tmp_path)
    asked = (tmp_path / "log").read_text()
    assert "--window-size=1280,2000 " in asked
    assert "--window-size=390,4000 " in asked


def test_a_page_with_a_console_error_fails(tmp_path: Path) -> None:
    seen = opened(tmp_path, COMPLAINT)
    assert (seen.fine, seen.said) == (False, ("boom",))


def test_a_page_whose_picture_is_missing_fails(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(GOOD)
    assert not look("false", tmp_path / "x.html", tmp_path / "x.png").fine


def test_a_page_that_is_wider_than_a_phone_fails(tmp_path: Path) -> None:
    assert opened(tmp_path, phone=458).said == ("458 px wide in a window of 390 px",)


def test_a_page_with_a_torn_word_fails(tmp_path: Path) -> None:
    said = """["torn words: unknown", "overlapping labels: 5 &amp; 7"]"""
    assert opened(tmp_path, said=said).said == (
        "at 390 px: torn words: unknown",
        "at 390 px: overlapping labels: 5 & 7",
    )


def test_a_page_is_measured_as_it_is_printed() -> None:
    html = "@media screen and (max-width: 40rem) { a } @media print { b }"
    assert on_paper(html) == "@media speech and (max-width: 40rem) { a } @media all { b }"


def test_an_empty_page_fails(tmp_path: Path) -> None:
    assert opened(tmp_path, letters=0).said == ("nothing to be read at 390 px",)


def test_a_page_that_was_not_made_is_reported(tmp_path: Path) -> None:
    seen = look("false", tmp_path / "x.html", tmp_path / "x.png")
    assert (seen.fine, seen.said) == (False, ("it was not made",))


def test_a_page_that_may_load_something_fails(tmp_path: Path) -> None:
    """A request that fails leaves nothing on the console; one that is forbidden does."""
    (said,) = opened(tmp_path, html="<!doctype html><img src='https://example.com/x.png'>").said
    assert "Content-Security-Policy" in said


def test_a_link_that_leads_nowhere_is_dead(tmp_path: Path) -> None:
    (tmp_path / "other.html").write_text('<p id="there">')
    (tmp_path / "x.html").write_text(
        '<p id="top"><a href="#top"></a><a href="other.html#there"></a><a href="https://x/a%20b?c=d*e"></a>'
        '<a href="#gone"></a><a href="other.html#gone"></a><a href="missing.html"></a>'
        '<a href="https://x/a<b>c"></a><a href="javascript:alert(1)"></a><a href=""></a>'
    )
    assert dead(tmp_path / "x.html") == [
        "#gone",
        "other.html#gone",
        "missing.html",
        "https://x/a<b>c",
        "javascript:alert(1)",
        "",
    ]


def test_a_browser_that_hangs_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_SECONDS", 0.5)
    seen = opened(tmp_path, "exec sleep 5")
    assert not seen.fine
    assert "did not end" in seen.said[0]


def test_a_page_measures_itself_in_frames_where_it_may_run_a_script() -> None:
    page = '<meta http-equiv="Content-Security-Policy" content="x"><p class="a">b</p>'
    html = framed([(page, 1280), (page, 390)])
    assert html.count("<iframe") == 2
    assert "Content-Security-Policy" not in html
    assert "&lt;p class=&quot;a&quot;&gt;" in html


def test_where_nothing_was_measured_no_width_has_a_size() -> None:
    assert sizes("<title>x</title>", 2) == [Size(), Size()]


@pytest.mark.parametrize(("language", "said"), [("ja", "ありません"), ("en", "There is no Chromium")])
def test_without_a_browser_the_command_says_how_to_get_one(
    language: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("rehearsal.pages.run.run", lambda *_: find())
    done = CliRunner().invoke(app, ["pages", "--language", language], env={"PATH": str(tmp_path)})
    assert (done.exit_code, said in done.stderr, "apt install chromium" in done.stderr) == (2, True, True)
