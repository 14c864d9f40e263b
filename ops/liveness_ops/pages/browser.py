"""A headless Chromium that opens one page, offline, and says what it complained about."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SIZE = "1280,2400"
_SECONDS = 60
# Chromium logs a page's console as `[…:INFO:CONSOLE(12)] "text", source: …`.
_CONSOLE = re.compile(r':CONSOLE[:(]\d+\)?\] "(.*)", source:')


class NoBrowserError(RuntimeError):
    """There is none on this machine."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`said`: everything on the page's console; `picture`: where its screenshot is."""

    page: Path
    picture: Path
    said: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """It was drawn, and complained of nothing."""
        return not self.said and self.picture.exists()


def find() -> str:
    """The browser's program.

    Raises:
        NoBrowserError: none of the known names is on PATH.
    """
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowserError("no Chromium on PATH (on Debian and Ubuntu: apt install chromium)")
    return found


def look(browser: str, page: Path, picture: Path) -> Opened:
    """Open it without a network, wait until it is drawn, take its picture."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(  # noqa: S603 - the browser found above, and no shell
            [
                browser,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--proxy-server=127.0.0.1:9",
                f"--user-data-dir={profile}",
                "--enable-logging=stderr",
                f"--window-size={_SIZE}",
                f"--screenshot={picture}",
                page.resolve().as_uri(),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    return Opened(page, picture, tuple(_CONSOLE.findall(done.stderr)))
