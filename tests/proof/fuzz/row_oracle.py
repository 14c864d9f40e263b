"""Which rows an act may rest on: judged by code of the test, not by the reader that is shipped."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from responder.aws.items import from_item
from responder.core.plain_data import Data, Json

type Row = Data


def sound(rows: list[Json], incident: str) -> bool:
    """The ledger and this incident hold what they should."""
    for row in map(from_item, rows):
        judge = _judge(str(row["pk"]), str(row["sk"]), incident)
        if judge is not None and not _holds(judge, row):
            return False
    return True


def _judge(pk: str, sk: str, incident: str) -> Callable[[Row], bool] | None:
    if pk == "STACK":
        kinds = {"LEASE": _lease, "APPLIED": _applied, "VERSION": lambda row: type(row["version"]) is int}
        return kinds.get(sk.partition("#")[0])
    return None


def _holds(judge: Callable[[Row], bool], row: Row) -> bool:
    try:
        return judge(row)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _lease(row: Row) -> bool:
    data = json.loads(row["data"])
    words = all(isinstance(data[name], str) for name in ("remedy", "scope", "incident"))
    states = ("applying", "in_force", "partial", "reverting", "ended", "failed")
    changes = isinstance(data["changes"], list) and all(map(_change, data["changes"]))
    ends = data["until"] is None or data["until"] == "" or _time(data["until"])
    return (
        words
        and data["state"] in states
        and _time(data["at"])
        and ends
        and changes
        and isinstance(data["snapshot"], dict)
    )


def _change(one: Row) -> bool:
    words = all(isinstance(one[name], str) for name in ("target", "setting", "before", "after"))
    statuses = ("planned", "applied", "already", "in_progress", "failed", "reverted", "kept")
    return words and one["status"] in statuses


def _applied(row: Row) -> bool:
    data = json.loads(row["data"])
    words = all(isinstance(data[name], str) for name in ("remedy", "scope", "incident"))
    return words and type(data["ok"]) is bool and _time(data["at"])


def _time(value: Any) -> bool:
    found = datetime.fromisoformat(value)
    return found.tzinfo is not None and 2000 <= found.year < 2200
