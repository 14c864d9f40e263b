"""The records about Slack: one row per incident, one per report.

A post is claimed before it is made and completed with its `ts` after it: where an old claim has no `ts`,
Slack has to be searched before anything is posted again.
"""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from responder.aws.items import from_item, to_item
from responder.core.codec import load
from responder.core.context import Gateway
from responder.core.errors import Changed
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.messages.report_message import ReportMessage
from responder.slack.status import IncidentStatus, add
from responder.store.rows import KEPT, pack, stamp

# No run of a function takes longer: the one that claimed the post has ended.
_ABANDONED = timedelta(minutes=1)
_UNPOSTED = "attribute_not_exists(ts)"
# Older than any time.
_NEVER = "-"


@frozen
class RootMessage:
    """The message of an incident: where it is, and what it has to say.

    `status` is None where it cannot be read, `ts` empty until the message is posted. `version` counts what it
    had to say, `lost` how often it was deleted; `first` is the id of the report that it was posted for.
    """

    status: IncidentStatus | None
    version: int
    channel: str = ""
    ts: str = ""
    lost: int = 0
    first: str = ""

    def status_with(self, report: ReportMessage) -> IncidentStatus:
        """The status of its incident; by this report alone where that cannot be read."""
        return self.status or add(None, report)


class PostClaim(NamedTuple):
    """Of one post. `ts`: it is made. `mine`: we have to make it, and to `look` first whether a run that died
    has made it, not before `began`. Neither: another run is making it right now."""

    mine: bool = False
    look: bool = False
    ts: str = ""
    began: datetime | None = None


@frozen
class SlackRows:
    """Every method raises our errors when the table cannot be reached. Where a `report` can be named, none
    means the incident's own message."""

    aws: Gateway
    table: str
    incident: str

    def root(self) -> RootMessage | None:
        """The root message as it is stored now."""
        key = self._key("")
        answer = self.aws.call("dynamodb", "get_item", TableName=self.table, Key=key, ConsistentRead=True)
        return _root(from_item(answer.get("Item") or {}))

    def keep(self, seen: RootMessage | None, status: IncidentStatus, now: datetime) -> RootMessage | None:
        """What the message has to say from now on; None where another run was first since `seen` was read."""
        update = "SET #data = :data, #state = :state, #at = :at, version = :version, expires = :expires"
        names = {"#data": "data", "#state": "state", "#at": "at"}
        values = {
            ":data": pack(status, in_order=True),
            ":state": status.state.value,
            ":at": stamp(status.newest.at),
            ":version": seen.version + 1 if seen else 1,
            ":expires": _expires(now),
        }
        if seen:
            unchanged = "version = :seen"
            values[":seen"] = seen.version
        else:
            unchanged = "attribute_not_exists(version)"
            update += ", #first = :first"
            names["#first"] = "first"
            values[":first"] = status.newest.id
        try:
            written = self._update(
                "", update, unchanged, values, ExpressionAttributeNames=names, ReturnValues="ALL_NEW"
            )
        except Changed:
            return None
        return _root(from_item(written.get("Attributes", {})))

    def claim(self, now: datetime, report: str = "") -> PostClaim:
        """Before it is posted."""
        try:
            answer = self._update(
                report,
                "SET claimed = :now, began = if_not_exists(began, :now), expires = :expires",
                f"{_UNPOSTED} AND (attribute_not_exists(claimed) OR claimed < :old)",
                {":now": stamp(now), ":old": stamp(now - _ABANDONED), ":expires": _expires(now)},
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except Changed as error:
            return PostClaim(ts=str(from_item(error.item or {}).get("ts", "")))
        before = from_item(answer.get("Attributes", {}))
        claimed = before.get("claimed")
        first = before.get("began") or claimed
        try:
            began = datetime.fromisoformat(str(first)) if first else None
        except ValueError:
            began = None
        return PostClaim(mine=True, look=claimed is not None, began=began)

    def posted(self, channel: str, ts: str, report: str = "") -> None:
        """Where it is. The first post counts, should there ever be two."""
        self._once(report, "SET ts = :ts, channel = :channel", _UNPOSTED, {":ts": ts, ":channel": channel})

    def free(self, report: str = "") -> None:
        """It was certainly not posted: the next run need not wait."""
        self._once(report, "SET claimed = :never", _UNPOSTED, {":never": _NEVER})

    def lost(self, ts: str) -> None:
        """The incident's message was deleted."""
        update = "SET lost = if_not_exists(lost, :no) + :one REMOVE ts, claimed, began"
        self._once("", update, "ts = :ts", {":ts": ts, ":one": 1, ":no": 0})

    def draw(self, report: str) -> bool:
        """Whether its picture is still to be made; True once."""
        return self._once(report, "SET drawn = :yes", "attribute_not_exists(drawn)", {":yes": True})

    def _once(self, report: str, update: str, condition: str, values: Data) -> bool:
        try:
            self._update(report, update, condition, values)
        except Changed:
            return False
        return True

    def _update(self, report: str, update: str, condition: str, values: Data, **more: Any) -> Json:
        return self.aws.call(
            "dynamodb",
            "update_item",
            TableName=self.table,
            Key=self._key(report),
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            **more,
        )

    def _key(self, report: str) -> Json:
        return to_item({"pk": f"INCIDENT#{self.incident}", "sk": f"SLACK#{report}" if report else "SLACK"})


def _root(row: Data) -> RootMessage | None:
    """None of a row that has nothing to say yet. A status that another version of us has written is read as
    far as it is known here; where it is unreadable, the next report begins it anew."""
    if "data" not in row:
        return None
    try:
        status = load(IncidentStatus, json.loads(row["data"]))
    except (RecursionError, TypeError, ValueError):
        status = None
    text = {name: str(row.get(name, "")) for name in ("channel", "ts", "first")}
    return RootMessage(status, int(row.get("version", 0)), lost=int(row.get("lost", 0)), **text)


def _expires(now: datetime) -> int:
    return int((now + KEPT).timestamp())
