"""What stands in the rows about Slack, as data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from responder.core.codec import load
from responder.messages.report_message import ReportMessage
from responder.slack.status import IncidentStatus, add

# No run of a function lives longer, so the one that claimed it has died.
ABANDONED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RootMessage:
    """The message of an incident: where it is, and what it has to say.

    `version` counts what it had to say; `ts` is empty until it is posted; `lost` is how often it was deleted;
    `first` is the id of the report that it was posted for. `standing` is None where it cannot be read.
    """

    standing: IncidentStatus | None
    version: int
    channel: str = ""
    ts: str = ""
    lost: int = 0
    first: str = ""

    def stands(self, report: ReportMessage) -> IncidentStatus:
        """How its incident stands; where that cannot be read, by this report alone."""
        return self.standing or add(None, report)


@dataclass(frozen=True, slots=True)
class PostClaim:
    """Of one post. `ts`: it is made; `mine`: we have to make it, and to `look` first where somebody may
    have made it before he died, not before `began`. Neither: somebody is making it right now."""

    mine: bool = False
    look: bool = False
    ts: str = ""
    began: datetime | None = None


def root(row: Mapping[str, Any]) -> RootMessage | None:
    """None of a row that has nothing to say yet."""
    if "data" not in row:
        return None
    where = str(row.get("channel", "")), str(row.get("ts", ""))
    more = int(row.get("lost", 0)), str(row.get("first", ""))
    return RootMessage(standing(row["data"]), int(row.get("version", 0)), *where, *more)


def standing(data: Any) -> IncidentStatus | None:
    """What another version of us has written, as far as it is known here; None of what is unreadable: the
    next report begins it anew."""
    try:
        return load(IncidentStatus, json.loads(data))
    except (RecursionError, TypeError, ValueError):
        return None


def claimed(before: Mapping[str, Any]) -> PostClaim:
    """A claim that is ours now, by what stood there before."""
    given = before.get("claimed")
    first = before.get("began") or given
    try:
        began = datetime.fromisoformat(str(first)) if first else None
    except ValueError:
        began = None
    return PostClaim(mine=True, look=given is not None, began=began)
