"""What the rounds remember of each other: one row per trouble, written before it is reported and after.

Two rounds at the same time report it once; a round that dies in between leaves a row that the next one takes
over.
"""

from datetime import datetime, timedelta

from responder.aws.items import partition, to_item, typed
from responder.core.context import Gateway
from responder.core.errors import Changed
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.store.rows import read, stamp
from responder.watchdog.rules import ABANDONED, TroubleNote

_PK = "WATCHDOG"
_QUIET = timedelta(minutes=60)
_KEPT = timedelta(days=1)
_AHEAD = timedelta(minutes=5)
# A row that is neither of the two (half-written, or of a time to come) keeps no round from reporting.
_FREE = (
    "NOT (#at <= :ahead AND ((reported = :yes AND #at > :quiet) OR (reported = :no AND #at > :abandoned)))"
)


@frozen
class Notes:
    """Every method raises our errors when the table cannot be reached."""

    aws: Gateway
    table: str

    def earlier(self) -> tuple[TroubleNote, ...]:
        """The notes of about a day."""
        rows = partition(self.aws, self.table, _PK)
        return tuple(read(TroubleNote, row, lambda row: {**row, "trouble": row["sk"]}) for row in rows)

    def claim(self, trouble: str, now: datetime, quiet: timedelta = _QUIET) -> bool:
        """This round reports it; False where it was reported within `quiet`, or another round is at it."""
        limits = {":quiet": now - quiet, ":abandoned": now - ABANDONED, ":ahead": now + _AHEAD}
        times = {name: stamp(at) for name, at in limits.items()}
        expires = int((now + _KEPT).timestamp())
        try:
            self.aws.call(
                "dynamodb",
                "put_item",
                TableName=self.table,
                Item=to_item({**_key(trouble), "at": stamp(now), "reported": False, "expires": expires}),
                ConditionExpression=_FREE,
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues=to_item({":yes": True, ":no": False, **times}),
            )
        except Changed:
            return False
        return True

    def reported(self, trouble: str) -> None:
        """It was reported, or needs no report."""
        self.aws.call(
            "dynamodb",
            "update_item",
            TableName=self.table,
            Key=to_item(_key(trouble)),
            UpdateExpression="SET reported = :yes",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":yes": typed(True)},
        )


def _key(trouble: str) -> Json:
    return {"pk": _PK, "sk": trouble}
