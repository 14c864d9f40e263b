"""What is open, and the end of it."""

from responder.aws.items import partition, to_item
from responder.core.context import Gateway
from responder.core.errors import Changed
from responder.followup_rules.memory import EarlierIncident
from responder.store import rows
from responder.store.incident import Incident
from responder.store.opening import ALARMS, key


def everything(aws: Gateway, table: str) -> tuple[Incident, ...]:
    """The newest incident of every alarm that ever had one."""
    return tuple(rows.incident(row) for row in partition(aws, table, ALARMS))


def close(aws: Gateway, table: str, seen: Incident, left: EarlierIncident | None = None) -> bool:
    """End the incident; False where the alarm's state has changed since it was seen. `left`: what the next
    one of this alarm goes on with."""
    try:
        aws.call(
            "dynamodb",
            "update_item",
            TableName=table,
            Key=key(seen.slug),
            UpdateExpression="SET closed = :yes" + (", earlier = :left" if left is not None else ""),
            ConditionExpression="incident = :id AND #state = :state AND state_at = :at",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues=to_item(
                {
                    ":yes": True,
                    ":id": seen.id,
                    ":state": seen.state.value,
                    ":at": rows.stamp(seen.state_at),
                    **({":left": rows.pack(left)} if left is not None else {}),
                }
            ),
        )
    except Changed:
        return False
    return True
