"""How a command ends when it cannot go on."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from responder.core.declined import Denial, Ending
from responder.core.reasons import Explained
from responder.core.text import Text


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


EXITS: Mapping[Ending, Exit] = {
    Ending.DONE: Exit.DONE,
    Ending.UNCLEAR: Exit.USAGE,
    Ending.STRANGER: Exit.STRANGER,
    Ending.NO_INCIDENT: Exit.NO_INCIDENT,
    Ending.NOTHING_OPEN: Exit.NOTHING_OPEN,
    Ending.NOT_DONE: Exit.NOT_DONE,
    Ending.AWS: Exit.AWS,
    Ending.BROKEN: Exit.BROKEN,
}


class Stop(Exception):
    """The command ends here, with one line that says why; `data` is for --json. Where the line is text of
    the entry for people, `data` has its `error`. `more`: lines after it, where there are several reasons."""

    def __init__(
        self,
        status: Exit,
        said: Text | str,
        data: Mapping[str, Any] | None = None,
        more: Sequence[Text] = (),
    ) -> None:
        super().__init__(said.key if isinstance(said, Text) else said)
        self.status = status
        self.said = said
        self.more = more
        self.data = {"error": said.key, **(data or {})} if isinstance(said, Text) else dict(data or {})

    @classmethod
    def declined(cls, because: Explained[Denial], data: Mapping[str, Any] | None = None) -> "Stop":
        """By a reason that the entry for people has, too."""
        return cls(EXITS[because.kind.ending], because.text, data)
