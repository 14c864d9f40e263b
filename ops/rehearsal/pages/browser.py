"""A headless Chromium that opens one page, offline: its pictures, and what is wrong with it.

A window of Chromium's own is never narrower than 500 px while it is asked for the size of a page. So the page
is measured in a frame as narrow as a phone, of a page that may run a script.
"""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# CSS pixels of a screen and of a phone; the pictures are as high as the page.
WIDTHS = (1280, 390)
# The same between the margins of a page of A4.
PAPER = 688
_LOWEST, _HIGHEST = 200, 30_000
_SECONDS = 120
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--proxy-server=127.0.0.1:9",
    "--enable-logging=stderr",
)
_DARK = "--blink-settings=preferredColorScheme=0"
# Chromium logs a page's console as `[…:INFO:CONSOLE(12)] "text", source: …`.
_CONSOLE = re.compile(r':CONSOLE[:(]\d+\)?\] "(.*)", source:')
# A blocked request is a complaint on the console; one that merely fails is none.
_POLICY = "content=\"default-src 'none';"


class NoBrowserError(RuntimeError):
    """There is no browser on this machine."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A page as it was opened. `said`: what is wrong; `pictures`: on a screen, on a phone, in dark mode, and
    on paper."""

    page: Path
    pictures: tuple[Path, ...]
    said: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Whether it was drawn everywhere without a fault."""
        return not self.said and all(each.exists() for each in self.pictures)


@dataclass(frozen=True, slots=True)
class Size:
    """In CSS pixels; `letters` that can be read. All zero where the page was not drawn.

    `said`: words that are torn, tables that are cut, letters of a chart that overlap.
    """

    width: int = 0
    height: int = 0
    letters: int = 0
    said: tuple[str, ...] = ()


def find() -> str:
    """The browser's program.

    Raises:
        NoBrowserError: none of the known names is on PATH.
    """
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowserError
    return found


def look(browser: str, page: Path, picture: Path) -> Opened:
    """Open a page without a network, as on a screen, on a phone and in dark mode, and print it.

    `picture`: the file of the first; `.phone.png`, `.dark.png` and `.pdf` are in the same folder.
    """
    pictures = tuple(picture.with_suffix(f".{end}") for end in ("png", "phone.png", "dark.png", "pdf"))
    picture.parent.mkdir(parents=True, exist_ok=True)
    for each in pictures:
        each.unlink(missing_ok=True)
    try:
        said = tuple(dict.fromkeys(_complaints(browser, page, pictures)))
    except subprocess.TimeoutExpired:
        said = (f"the browser did not end in {_SECONDS} s",)
    return Opened(page, pictures, said)


def capture(browser: str, page: Path, picture: Path, width: int, height: int | None = None) -> None:
    """A picture of its beginning, or of the whole page; nothing is judged."""
    if height is None:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "framed.html"
            copy.write_text(framed([(page.read_text(encoding="utf-8"), width)]), encoding="utf-8")
            height = sizes(_start(browser, copy, "--dump-dom").stdout, 1)[0].height
    _start(browser, page, f"--window-size={width},{height}", f"--screenshot={picture}")


def _complaints(browser: str, page: Path, pictures: tuple[Path, ...]) -> Iterator[str]:
    screen, phone, dark, paper = pictures
    if not page.exists():
        yield "it was not made"
        return
    html = page.read_text(encoding="utf-8")
    if _POLICY not in html:
        yield "no Content-Security-Policy: it may load what it likes"
    printing = (f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    *shown, printed = _sizes(browser, html)
    for width, size in zip((*WIDTHS, PAPER), (*shown, printed), strict=True):
        if not size.letters:
            yield f"nothing to be read at {width} px"
        if size.width > width:
            yield f"{size.width} px wide in a window of {width} px"
        yield from (f"at {width} px: {each}" for each in size.said)
    for width, size, picture in zip(WIDTHS, shown, (screen, phone), strict=True):
        window = f"--window-size={width},{min(max(size.height, _LOWEST), _HIGHEST)}"
        more = printing if picture is screen else ()
        done = _start(browser, page, window, f"--screenshot={picture}", *more)
        yield from _CONSOLE.findall(done.stderr)
        if picture is screen:
            _start(browser, page, window, f"--screenshot={dark}", _DARK)


def _sizes(browser: str, html: str) -> list[Size]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "framed.html"
        frames = [*((html, width) for width in WIDTHS), (on_paper(html), PAPER)]
        copy.write_text(framed(frames), encoding="utf-8")
        return sizes(_start(browser, copy, "--dump-dom").stdout, len(frames))


def _start(browser: str, page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as profile:
        return subprocess.run(  # noqa: S603 - the browser found above, and no shell
            [browser, *_OPTIONS, f"--user-data-dir={profile}", *options, page.resolve().as_uri()],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )


_META_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_MEASURE = (Path(__file__).with_name("measure.js")).read_text(encoding="utf-8")
_TITLE = re.compile(r"<title>(\[.*?\])</title>", re.DOTALL)


def framed(pages: Sequence[tuple[str, int]]) -> str:
    """A page that shows each of these in its width, and has their sizes as its title."""
    frames = (
        f'<iframe style="width:{width}px;height:200px;border:0" srcdoc="{_without_policy(html)}"></iframe>'
        for html, width in pages
    )
    return f"<!doctype html><title></title><script>{_MEASURE}</script>{''.join(frames)}"


def on_paper(html: str) -> str:
    """A page for a screen that looks as it is printed."""
    return html.replace("@media screen", "@media speech").replace("@media print", "@media all")


def _without_policy(html: str) -> str:
    return escape(_META_POLICY.sub("", html), quote=True)


def sizes(dom: str, count: int) -> list[Size]:
    """The sizes of so many pages that the page around them wrote into the browser's dump."""
    title = _TITLE.search(dom)
    seen = json.loads(unescape(title[1])) if title else []
    found = [Size(width, height, letters, tuple(said)) for width, height, letters, said in seen]
    return found if len(found) == count else [Size()] * count
