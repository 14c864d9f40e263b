"""How a command ends when it cannot go on."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from responder.text import Text


class Exit(IntEnum):
    """Exit statuses, the same for every command."""

    DONE = 0
    DECLINED = 1
    USAGE = 2
    STRANGER = 3
    NO_INCIDENT = 4
    NOTHING_OPEN = 5
    AWS = 6
    NOT_DONE = 7
    BROKEN = 8
    INTERRUPTED = 130


class Stop(Exception):
    """The command ends here, with one line that says why; `data` is for --json."""

    def __init__(self, status: Exit, said: Text, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(said.key)
        self.status = status
        self.said = said
        self.data = dict(data or {})
