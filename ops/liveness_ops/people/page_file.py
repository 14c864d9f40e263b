"""The page that a command writes beside what it shows."""

import webbrowser
from contextlib import suppress
from pathlib import Path

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.screen import Screen
from liveness_ops.whole_file import write_whole
from responder.core.text import text


def write_page(screen: Screen, path: Path, page: str, *, show: bool) -> str:
    """Its absolute path. It is whole or not there, has commands as the screen shows them, and is opened.

    Raises EarlyExit where it cannot be written."""
    try:
        write_whole(path, screen.typed(page))
    except OSError as error:
        said = text("ops.check_not_written", path=str(path), why=type(error).__name__)
        raise EarlyExit(Exit.USAGE, said, {"path": str(path)}) from None
    written = path.absolute()
    screen.note(text("ops.check_page", path=str(written)))
    if show and not screen.machine:
        # A machine without a browser still has the file.
        with suppress(webbrowser.Error, OSError):
            webbrowser.open(written.as_uri())
    return str(written)
