"""What stands in the rows about Slack, as data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from responder.standing import Standing

# No run of a function lives longer, so the one that claimed it has died.
ABANDONED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Root:
    """The message of an incident: where it is, and what it has to say.

    `version` counts what it had to say; `ts` is empty until it is posted; `lost` is how often it was deleted.
    """

    standing: Standing
    version: int
    channel: str = ""
    ts: str = ""
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """Of one post. `ts`: it is made; `mine`: we have to make it, and to `look` first where somebody may
    have made it before he died, not before `began`. Neither: somebody is making it right now."""

    mine: bool = False
    look: bool = False
    ts: str = ""
    began: datetime | None = None


def root(row: Mapping[str, Any]) -> Root | None:
    """None of a row that has nothing to say yet."""
    if "data" not in row:
        return None
    where = str(row.get("channel", "")), str(row.get("ts", ""))
    return Root(Standing(**json.loads(row["data"])), int(row["version"]), *where, int(row.get("lost", 0)))


def claimed(before: Mapping[str, Any]) -> Claim:
    """A claim that is ours now, by what stood there before."""
    given = before.get("claimed")
    try:
        began = datetime.fromisoformat(str(given)) if given else None
    except ValueError:
        began = None
    return Claim(mine=True, look=given is not None, began=began)
