"""The last self-test of this stack: one row of the incidents table, written over by the next one.

It is no incident: nothing lists it, follows it or counts it.
"""

from datetime import datetime
from typing import Any

from responder.aws.items import to_item
from responder.core.context import Gateway
from responder.core.errors import Unreadable
from responder.core.frozen import frozen
from responder.core.modes import Mode
from responder.core.plain_data import Json
from responder.core.slack_health import SlackHealth
from responder.core.text import Text
from responder.store import rows
from responder.store.rows import IncidentTable

KEY = {"pk": "SELF-TEST", "sk": "LAST"}


@frozen
class SelfTest:
    """What the function that was woken by the alarm found.

    Attributes:
        at: when the alarm changed its state.
        mode: the global mode; None where it could not be read.
        stops: how many are in force.
        problem: why the switches could not be read, or the settings document cannot be used.
        notified: the message was handed to SNS; None while that is unknown. `refused`: why it was not.
        letters: SNS took a subject that is not ASCII; None where none was tried.
        slack: what Slack said, by channel; None while it was not reported.
    """

    id: str
    at: datetime
    mode: Mode | None = None
    stops: int = 0
    problem: Text | None = None
    notified: bool | None = None
    refused: Text | None = None
    letters: bool | None = None
    slack: SlackHealth | None = None

    @property
    def answered(self) -> bool:
        """The switches could be read and used, and the message was handed over."""
        return self.problem is None and self.notified is True


def begin(aws: Gateway, table: str, test: SelfTest) -> None:
    """Store the test, before its message is sent.

    Raises:
        ResponderError: the row cannot be written.
    """
    expires = int((test.at + rows.KEPT).timestamp())
    row = to_item({**KEY, "id": test.id, "data": rows.pack(test), "expires": expires})
    aws.call("dynamodb", "put_item", TableName=table, Item=row)


def notified(
    aws: Gateway, table: str, name: str, refused: Text | None = None, letters: bool | None = None
) -> None:
    """SNS has taken the message of this test, or `refused` it. Raises our errors."""
    found = {"notified": refused is None, "refused": refused, "letters": letters}
    _add(aws, table, name, "notified", found)


def in_slack(aws: Gateway, table: str, name: str, found: SlackHealth) -> None:
    """Slack's answer to the message of this test. Raises errors of the responder's tree."""
    _add(aws, table, name, "slack", {"slack": found})


def last(aws: Gateway, table: str) -> SelfTest | None:
    """The last one; None where there was none, or it cannot be read. Raises our errors."""
    row = IncidentTable(aws, table).get(**KEY)
    try:
        return rows.read(SelfTest, row, _parts) if row else None
    except Unreadable:
        return None


def _parts(row: rows.Row) -> Json:
    """The self-test as it began, and what was added."""
    added = rows.unpacked(row, "notified", "slack")
    return {**rows.data(row), **added.get("notified", {}), **added.get("slack", {})}


def _add(aws: Gateway, table: str, name: str, part: str, data: Any) -> None:
    """A later test has written the row over: what belongs to an earlier one is dropped."""
    IncidentTable(aws, table).updated(
        **KEY,
        change="SET #part = :data",
        values={":data": rows.pack(data, in_order=True), ":id": name},
        ConditionExpression="id = :id",
        ExpressionAttributeNames={"#part": part},
    )
