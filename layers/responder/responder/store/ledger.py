"""The ledger: every act is on record before its first write and after its last.

`begin` is the lock. It fails as a whole when any other response acted since the ledger was read,
so two alarms never act on the same reading, and the hourly budget cannot be overrun.

Beside it, which of the acts helped: one row per act, of which the worst assessment stays.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from responder.aws.items import partition, to_item, typed
from responder.core.assessment import RECORD_DAYS, Assessment, AssessmentResult
from responder.core.change import Applied, Lease, Ledger, Rejection
from responder.core.errors import Unreadable
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.plain_data import Json
from responder.store import rows
from responder.store.rows import IncidentTable, step_row

_LEASE = "LEASE#"
_APPLIED = "APPLIED#"
_CHANGED_BY_OTHERS = "OVERTAKEN#"
_REPLACED = "REPLACED#"
_REJECTED = "REJECTED#"
_FREE = "attribute_not_exists(pk) OR incident = :me OR #state IN (:ended, :failed, :stays)"


@frozen
class LedgerTable(IncidentTable):
    """Leases and recent acts of the whole stack."""

    def ledger(self) -> Ledger:
        """The whole ledger, in one consistent read."""
        items = list(partition(self.aws, self.table, rows.STACK))

        def under(prefix: str) -> list[Json]:
            return [item for item in items if item["sk"].startswith(prefix)]

        version = next(iter(under("VERSION")), None)
        return Ledger(
            leases=tuple(map(rows.lease, under(_LEASE))),
            changed_by_others=tuple(map(rows.lease, under(_CHANGED_BY_OTHERS))),
            applied=tuple(map(rows.applied, under(_APPLIED))),
            version=rows.read(int, version, lambda row: row["version"]) if version else 0,
            replaced=tuple(map(rows.lease, under(_REPLACED))),
            rejected=tuple(map(rows.rejection, under(_REJECTED))),
        )

    def begin(self, lease: Lease, version: int, at: datetime, replaced: Lease | None = None) -> None:
        """Put the lease on record, before the first write. `replaced`: the ended one whose row it takes, kept
        for its incident.

        Raises:
            Changed: another run acted since version `version` was read; nothing was written.
        """
        writes = [self._next(version), self._lease(lease), self._step(lease, "applying", at)]
        if replaced is not None:
            writes.append(self._beside(f"{_REPLACED}{replaced.incident}#{replaced.act}", replaced, at))
        self.write(*writes)

    def settle(self, lease: Lease, row: Applied | None, at: datetime, seen: int | None = None) -> None:
        """Record the outcome: the lease, the ledger's row, the step.

        Raises:
            Changed: another run acted since version `seen` was read; nothing was written.
        """
        act = () if row is None else (self._applied(row),)
        self.write(self._next(seen), self._lease(lease), self._step(lease, lease.state.value, at), *act)

    def note_changed_by_others(self, lease: Lease, at: datetime, seen: int) -> None:
        """Record what others have changed of a lease: on the lease, on the timeline, and for its incident,
        which reports it, apart from the lease: another incident may take the remedy immediately.

        Raises:
            Changed: another run acted since version `seen` was read; nothing was written.
        """
        row = self._beside(f"{_CHANGED_BY_OTHERS}{lease.incident}#{lease.id}", lease, at)
        self.write(self._next(seen), self._lease(lease), self._step(lease, lease.state.value, at), row)

    def looked(self, before: Lease, after: Lease) -> None:
        """Record when a lease was last checked, where nothing else of it has changed since it was read.

        Raises:
            Changed: something has.
        """
        self.update(
            rows.STACK,
            f"{_LEASE}{before.id}",
            "SET #data = :new",
            {":old": rows.pack(before), ":new": rows.pack(after)},
            ConditionExpression="#data = :old",
            ExpressionAttributeNames={"#data": "data"},
        )

    def ineffective(self, lease: Lease, at: datetime) -> None:
        """A remedy that did not help counts like one that failed; the same again changes nothing.

        Raises:
            Changed: another run acted meanwhile.
        """
        known = self.ledger()
        act = (lease.remedy, lease.scope, lease.incident, lease.at)
        mine = [row for row in known.applied if (row.remedy, row.scope, row.incident, row.at) == act]
        if mine and not any(row.effective for row in mine):
            # Its message could not be sent, and is tried again.
            return
        noted = {"remedy": lease.remedy, "scope": lease.scope}
        self.write(
            self._next(known.version),
            *(self._applied(replace(row, effective=False)) for row in mine),
            self.put(step_row(lease.incident, "ineffective", noted, at)),
        )

    def reject(self, made: Rejection, at: datetime) -> None:
        """Record for the other incidents that a person has rejected it."""
        key, expires = f"{_REJECTED}{made.incident}#{made.proposal}", int((at + rows.LEDGER_KEPT).timestamp())
        row = to_item({"pk": rows.STACK, "sk": key, "data": rows.pack(made), "expires": expires})
        self.aws.call("dynamodb", "put_item", TableName=self.table, Item=row)

    def _beside(self, key: str, lease: Lease, at: datetime) -> Json:
        """A copy of the lease for its incident, for some days."""
        data, expires = rows.pack(replace(lease, snapshot={})), int((at + rows.LEDGER_KEPT).timestamp())
        return self.put(to_item({"pk": rows.STACK, "sk": key, "data": data, "expires": expires}))

    def _applied(self, row: Applied) -> Json:
        key = f"{_APPLIED}{rows.stamp(row.at)}#{row.incident}#{row.remedy}#{row.scope}"
        expires = int((row.at + rows.LEDGER_KEPT).timestamp())
        return self.put(to_item({"pk": rows.STACK, "sk": key, "data": rows.pack(row), "expires": expires}))

    def _step(self, lease: Lease, kind: str, at: datetime) -> Json:
        """The history says what was set; what reverting needs is on the lease alone."""
        return self.put(step_row(lease.incident, kind, replace(lease, snapshot={}), at))

    def _next(self, version: int | None) -> Json:
        update: Json = {
            "TableName": self.table,
            "Key": to_item(rows.VERSION),
            "UpdateExpression": "ADD version :one",
            "ExpressionAttributeValues": {":one": typed(1)},
        }
        if version is not None:
            update["ConditionExpression"] = "version = :seen" if version else "attribute_not_exists(version)"
            if version:
                update["ExpressionAttributeValues"][":seen"] = typed(version)
        return {"Update": update}

    def _lease(self, lease: Lease) -> Json:
        item = {
            "pk": rows.STACK,
            "sk": f"{_LEASE}{lease.id}",
            "incident": lease.incident,
            "state": lease.state.value,
            "data": rows.pack(lease),
        }
        values = {
            ":me": lease.incident,
            ":ended": "ended",
            ":failed": "failed",
            ":stays": "in_force" if lease.spec.stays else "failed",
        }
        return self.put(
            to_item(item),
            # A lease in force belongs to one incident until it ends.
            ConditionExpression=_FREE,
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues=to_item(values),
        )


ASSESSMENTS = "ASSESSMENTS"
_KEPT = timedelta(days=RECORD_DAYS + 10)


@frozen
class Assessments(IncidentTable):
    """The assessments of the whole stack. Every method raises our errors when the table cannot be reached."""

    def read(self) -> tuple[Assessment, ...]:
        """Every one of the last 90 days. A row that is broken is left out: it must not hide the others."""
        return tuple(filter(None, map(_assessment, partition(self.aws, self.table, ASSESSMENTS))))

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
            ASSESSMENTS,
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
            ASSESSMENTS,
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


def _parts(row: rows.Row) -> Json:
    return {**rows.data(row), "counted": "led_to" in row}
