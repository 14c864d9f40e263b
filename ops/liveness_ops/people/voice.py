"""Where lines go: to a terminal that cannot show every letter, or into a pipe that nobody reads any more."""

import io
import os
import sys
import unicodedata
from contextlib import suppress
from threading import Event
from typing import IO

from rich.console import Console

from responder.store.approvals.writing import tidy


class Voice(Console):
    """A console that goes on with its work when nobody reads it any more, so that its exit status stays
    that of the work. `lost` is set then."""

    def __init__(self, lost: Event, *, stderr: bool, width: int | None = None) -> None:
        super().__init__(stderr=stderr, width=width)
        self.lost = lost

    def on_broken_pipe(self) -> None:
        """What is still said goes nowhere."""
        self.lost.set()
        mute(self.file)


def mute(stream: IO[str]) -> None:
    """Whatever is written to it from now on is dropped, the rest of its buffer too."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def tolerate() -> None:
    """A letter that the terminal's encoding does not have becomes a question mark, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def unicode_out() -> bool:
    """Standard output takes every letter."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"


def visible(said: str) -> str:
    """Without what would steer the terminal, and without bytes that are no text."""
    return "".join(each if each == "\n" or _shown(each) else " " for each in said)


def words(typed: str) -> str:
    """A reason as it is kept: one line of text that every reader can decode and show."""
    return tidy("".join(each if _shown(each) else " " for each in typed))


def _shown(letter: str) -> bool:
    return not unicodedata.category(letter).startswith("C")
