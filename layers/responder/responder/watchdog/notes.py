"""What the rounds remember of each other: one row per trouble, written before it is told and after.

Two rounds at once tell it once; a round that dies in between leaves a row that the next one takes over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from responder.aws.items import from_item, to_item, typed
from responder.core.context import Gateway
from responder.core.errors import Changed
from responder.store.rows import read, stamp
from responder.watchdog.rules import ABANDONED, TroubleNote

_PK = "WATCHDOG"
_QUIET = timedelta(minutes=60)
_KEPT = timedelta(days=1)
_AHEAD = timedelta(minutes=5)
# Whatever is not one of these two keeps nobody from telling: a half-written row, one of a time to come.
_FREE = "NOT (#at <= :ahead AND ((told = :yes AND #at > :quiet) OR (told = :no AND #at > :abandoned)))"


@dataclass(frozen=True, slots=True)
class Notes:
    """Every method raises our errors when the table cannot be reached."""

    aws: Gateway
    table: str

    def earlier(self) -> tuple[TroubleNote, ...]:
        """Of about a day."""
        pages = self.aws.pages(
            "dynamodb",
            "query",
            TableName=self.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": typed(_PK)},
            ConsistentRead=True,
        )
        rows = [from_item(item) for page in pages for item in page.get("Items", [])]
        return tuple(map(_note, rows))

    def claim(self, trouble: str, now: datetime, quiet: timedelta = _QUIET) -> bool:
        """It is for this round to tell; False where it was told within `quiet`, or another round is at it."""
        limits = {":quiet": now - quiet, ":abandoned": now - ABANDONED, ":ahead": now + _AHEAD}
        times = {name: stamp(at) for name, at in limits.items()}
        expires = int((now + _KEPT).timestamp())
        try:
            self.aws.call(
                "dynamodb",
                "put_item",
                TableName=self.table,
                Item=to_item({**_key(trouble), "at": stamp(now), "told": False, "expires": expires}),
                ConditionExpression=_FREE,
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues=to_item({":yes": True, ":no": False, **times}),
            )
        except Changed:
            return False
        return True

    def told(self, trouble: str) -> None:
        """It was told, or needs no telling any more."""
        self.aws.call(
            "dynamodb",
            "update_item",
            TableName=self.table,
            Key=to_item(_key(trouble)),
            UpdateExpression="SET told = :yes",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":yes": typed(True)},
        )


def _note(row: Mapping[str, Any]) -> TroubleNote:
    return read(TroubleNote, row, lambda row: {**row, "trouble": row["sk"]})


def _key(trouble: str) -> dict[str, Any]:
    return {"pk": _PK, "sk": trouble}
