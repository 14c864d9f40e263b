"""The last self-test of this stack: one row of the incidents table, written over by the next one.

It is no incident: nothing lists it, follows it or counts it.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from responder.aws.items import from_item, to_item
from responder.core.context import Gateway
from responder.core.errors import Changed
from responder.core.modes import Mode
from responder.core.slack_health import SlackHealth
from responder.core.text import Text

KEY = {"pk": "SELF-TEST", "sk": "LAST"}
_KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What the function that was woken by the alarm found.

    Attributes:
        at: when the alarm changed its state.
        mode: the global mode; None where it could not be read.
        stops: how many are in force.
        problem: why the switches could not be read, or the settings document cannot be used.
        told: the message was handed to SNS; None while that is not known. `refused`: why it was not.
        slack: what Slack said, by channel; None while it was not told.
    """

    id: str
    at: datetime
    mode: Mode | None = None
    stops: int = 0
    problem: Text | None = None
    told: bool | None = None
    refused: Text | None = None
    slack: SlackHealth | None = None


def begin(aws: Gateway, table: str, test: SelfTest) -> None:
    """Put the test on record, before its message is sent.

    Raises:
        ResponderError: the row cannot be written.
    """
    found = {
        "id": test.id,
        "at": test.at.isoformat(),
        "mode": test.mode.value if test.mode else "",
        "stops": test.stops,
        "problem": _packed(test.problem),
        "expires": int((test.at + _KEPT).timestamp()),
    }
    aws.call("dynamodb", "put_item", TableName=table, Item=to_item({**KEY, **found}))


def told(aws: Gateway, table: str, name: str, refused: Text | None = None) -> None:
    """SNS has taken the message of this test, or `refused` it. Raises our errors."""
    _add(aws, table, name, "told", {"refused": _packed(refused)})


def in_slack(aws: Gateway, table: str, name: str, found: SlackHealth) -> None:
    """What Slack said to the message of this test. Raises our errors."""
    _add(aws, table, name, "slack", found.to_json())


def last(aws: Gateway, table: str) -> SelfTest | None:
    """The last one; None where there was none, or it cannot be read. Raises our errors."""
    answer = aws.call("dynamodb", "get_item", TableName=table, Key=to_item(KEY), ConsistentRead=True)
    row = from_item(answer.get("Item") or {})
    try:
        return _read(row) if row else None
    except (KeyError, TypeError, ValueError):
        return None


def _add(aws: Gateway, table: str, name: str, part: str, data: Any) -> None:
    """A later test has written the row over: what belongs to an earlier one is dropped."""
    try:
        aws.call(
            "dynamodb",
            "update_item",
            TableName=table,
            Key=to_item(KEY),
            UpdateExpression="SET #part = :data",
            ConditionExpression="id = :id",
            ExpressionAttributeNames={"#part": part},
            ExpressionAttributeValues=to_item({":data": json.dumps(data, ensure_ascii=False), ":id": name}),
        )
    except Changed:
        return


def _packed(said: Text | None) -> str:
    return json.dumps(said.to_json(), ensure_ascii=False) if said else ""


def _unpacked(stored: str) -> Text | None:
    return Text.from_json(json.loads(stored)) if stored else None


def _read(row: dict[str, Any]) -> SelfTest:
    sent = json.loads(row["told"]) if row.get("told") else None
    refused = _unpacked(sent["refused"]) if sent else None
    return SelfTest(
        id=str(row["id"]),
        at=datetime.fromisoformat(row["at"]),
        mode=Mode(row["mode"]) if row["mode"] else None,
        stops=int(row["stops"]),
        problem=_unpacked(row["problem"]),
        told=None if sent is None else refused is None,
        refused=refused,
        slack=SlackHealth.from_json(json.loads(row["slack"])) if row.get("slack") else None,
    )
