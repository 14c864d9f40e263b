"""What was told in Slack: one row per incident, one per report.

A post is claimed before it is made and completed with its `ts` after it: whoever finds an old claim without
one has to look in Slack before posting again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from responder.aws.items import from_item, to_item
from responder.core.context import Gateway
from responder.core.errors import Changed
from responder.slack.post_rows_data import ABANDONED, PostClaim, RootMessage, claimed, root
from responder.slack.status import IncidentStatus
from responder.store.rows import KEPT, pack, stamp

_UNPOSTED = "attribute_not_exists(ts)"
# Older than any time.
_NEVER = "-"


@dataclass(frozen=True, slots=True)
class SlackRows:
    """Every method raises our errors when the table cannot be reached. Where a `report` can be named, none
    means the incident's own message."""

    aws: Gateway
    table: str
    incident: str

    def root(self) -> RootMessage | None:
        """As it is on record now."""
        key = self._key("")
        answer = self.aws.call("dynamodb", "get_item", TableName=self.table, Key=key, ConsistentRead=True)
        return root(from_item(answer.get("Item") or {}))

    def keep(self, seen: RootMessage | None, standing: IncidentStatus, now: datetime) -> RootMessage | None:
        """What the message has to say from now on; None where somebody was first since `seen` was read."""
        given = {
            ":data": pack(standing, in_order=True),
            ":state": standing.state.value,
            ":at": stamp(standing.newest.at),
            ":version": seen.version + 1 if seen else 1,
            ":expires": _expires(now),
        }
        update = "SET #data = :data, #state = :state, #at = :at, version = :version, expires = :expires"
        names = {"#data": "data", "#state": "state", "#at": "at"}
        unchanged = "version = :seen" if seen else "attribute_not_exists(version)"
        more = {":seen": seen.version} if seen else {":first": standing.newest.id}
        if not seen:
            update, names = f"{update}, #first = :first", {**names, "#first": "first"}
        try:
            written = self._update(
                "", update, unchanged, given | more, ExpressionAttributeNames=names, ReturnValues="ALL_NEW"
            )
        except Changed:
            return None
        return root(from_item(written.get("Attributes", {})))

    def claim(self, now: datetime, report: str = "") -> PostClaim:
        """Before it is posted."""
        free = f"{_UNPOSTED} AND (attribute_not_exists(claimed) OR claimed < :old)"
        given = {":now": stamp(now), ":old": stamp(now - ABANDONED), ":expires": _expires(now)}
        try:
            before = self._update(
                report,
                "SET claimed = :now, began = if_not_exists(began, :now), expires = :expires",
                free,
                given,
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except Changed as error:
            return PostClaim(ts=str(from_item(error.item or {}).get("ts", "")))
        return claimed(from_item(before.get("Attributes", {})))

    def posted(self, channel: str, ts: str, report: str = "") -> None:
        """Where it is. The first post counts, should there ever be two."""
        given = {":ts": ts, ":channel": channel}
        self._once(report, "SET ts = :ts, channel = :channel", _UNPOSTED, given)

    def free(self, report: str = "") -> None:
        """It is known not to be posted: whoever comes next need not wait."""
        self._once(report, "SET claimed = :never", _UNPOSTED, {":never": _NEVER})

    def lost(self, ts: str) -> bool:
        """Somebody deleted the incident's message; False where that is known already."""
        update = "SET lost = if_not_exists(lost, :no) + :one REMOVE ts, claimed, began"
        return self._once("", update, "ts = :ts", {":ts": ts, ":one": 1, ":no": 0})

    def draw(self, report: str) -> bool:
        """Whether its picture is still to be made; asked once."""
        return self._once(report, "SET drawn = :yes", "attribute_not_exists(drawn)", {":yes": True})

    def _once(self, report: str, update: str, condition: str, given: Mapping[str, Any]) -> bool:
        try:
            self._update(report, update, condition, given)
        except Changed:
            return False
        return True

    def _update(
        self, report: str, update: str, condition: str, given: Mapping[str, Any], **more: Any
    ) -> dict[str, Any]:
        return self.aws.call(
            "dynamodb",
            "update_item",
            TableName=self.table,
            Key=self._key(report),
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeValues=to_item(given),
            **more,
        )

    def _key(self, report: str) -> dict[str, Any]:
        name = f"SLACK#{report}" if report else "SLACK"
        return to_item({"pk": f"INCIDENT#{self.incident}", "sk": name})


def _expires(now: datetime) -> int:
    return int((now + KEPT).timestamp())
