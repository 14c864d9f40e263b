"""Which applied remedies helped: one row per act, of which the worst assessment stays."""

from datetime import timedelta
from typing import Any

from responder.aws.items import partition
from responder.core.assessment import RECORD_DAYS, Assessment, AssessmentResult
from responder.core.errors import Unreadable
from responder.core.frozen import frozen
from responder.core.log import log
from responder.store import rows
from responder.store.table import IncidentTable

PARTITION = "ASSESSMENTS"
_KEPT = timedelta(days=RECORD_DAYS + 10)


@frozen
class Assessments(IncidentTable):
    """The assessments of the whole stack. Every method raises our errors when the table cannot be reached."""

    def read(self) -> tuple[Assessment, ...]:
        """Every one of the last 90 days. A row that is broken is left out: it must not hide the others."""
        return tuple(filter(None, map(_assessment, partition(self.aws, self.table, PARTITION))))

    def keep(self, found: Assessment) -> bool:
        """Store it; False where the same one, or a worse one of the same act, is there already. A worse one
        counts anew."""
        if found.result is AssessmentResult.NOT_JUDGED:
            return False
        values = {
            ":data": rows.pack(found),
            ":rank": found.result.rank,
            ":expires": int((found.at + _KEPT).timestamp()),
        }
        return self.updated(
            PARTITION,
            found.act,
            "SET #data = :data, #rank = :rank, expires = :expires REMOVE led_to",
            values,
            ConditionExpression="attribute_not_exists(pk) OR #rank < :rank",
            ExpressionAttributeNames={"#data": "data", "#rank": "rank"},
        )

    def count(self, found: Assessment, stop: str) -> None:
        """It has led to this stop: after a person has removed that, it leads to no other one. Nothing changes
        where a worse one has come meanwhile."""
        self.updated(
            PARTITION,
            found.act,
            "SET led_to = :stop",
            {":stop": stop, ":rank": found.result.rank},
            ConditionExpression="#rank = :rank",
            ExpressionAttributeNames={"#rank": "rank"},
        )


def _assessment(row: rows.Row) -> Assessment | None:
    try:
        return rows.read(Assessment, row, _parts)
    except Unreadable as error:
        log().error("an assessment cannot be read", extra={"row": error.row})
        return None


def _parts(row: rows.Row) -> dict[str, Any]:
    return {**rows.data(row), "counted": "led_to" in row}
