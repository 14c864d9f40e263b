"""The incidents table: its rows, read and changed under a condition, and the timelines."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from responder.aws.items import from_item, partition, to_item
from responder.core.context import Gateway
from responder.core.errors import Changed
from responder.core.frozen import frozen
from responder.store.incident import SOAK
from responder.store.timeline import BY_PERSON, PERSON, TimelineStep, step_of, step_row


@frozen
class IncidentTable:
    """Every method raises our errors when the table cannot be reached.

    Attributes:
        soak: how long OK must last until the next ALARM is another incident.
    """

    aws: Gateway
    table: str
    soak: timedelta = SOAK

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        """One row, read consistently."""
        key = to_item({"pk": pk, "sk": sk})
        answer = self.aws.call("dynamodb", "get_item", TableName=self.table, Key=key, ConsistentRead=True)
        return from_item(answer["Item"]) if answer.get("Item") else None

    def update(self, pk: str, sk: str, change: str, values: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Change one row; the answer. Raises Changed where it does not meet a condition among `more`."""
        return self.aws.call(
            "dynamodb",
            "update_item",
            TableName=self.table,
            Key=to_item({"pk": pk, "sk": sk}),
            UpdateExpression=change,
            ExpressionAttributeValues=to_item(values),
            **more,
        )

    def updated(self, pk: str, sk: str, change: str, values: Mapping[str, Any], **more: Any) -> bool:
        """Update the row; False where it does not meet the condition."""
        try:
            self.update(pk, sk, change, values, **more)
        except Changed:
            return False
        return True

    def write(self, *writes: dict[str, Any]) -> None:
        """All or nothing."""
        self.aws.call("dynamodb", "transact_write_items", TransactItems=list(writes))

    def put(self, row: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A row of DynamoDB's types, as a part of a transaction."""
        return {"Put": {"TableName": self.table, "Item": row, **more}}

    def note(self, incident: str, kind: str, data: Any, at: datetime) -> None:
        """Add a step to the timeline."""
        row = step_row(incident, kind, data, at)
        self.aws.call("dynamodb", "put_item", TableName=self.table, Item=row)

    def steps(self, incident: str) -> tuple[TimelineStep, ...]:
        """The whole timeline, oldest first."""
        ours = map(step_of, partition(self.aws, self.table, f"INCIDENT#{incident}", "STEP#"))
        people = map(step_of, partition(self.aws, self.table, f"{PERSON}{incident}", "STEP#"))
        found = (*ours, *(each for each in people if each.kind == BY_PERSON))
        return tuple(sorted(found, key=lambda one: one.at))
