"""How a person's decision is recorded: the same rules and the same rows at every entry."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from responder.aws.items import to_item, typed
from responder.core.change import Lease
from responder.core.command import ApprovalRequest
from responder.core.context import Gateway
from responder.core.declined import DeclineReason
from responder.core.errors import Changed, Declined
from responder.core.frozen import frozen
from responder.core.modes import Effect
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.settings import Settings
from responder.core.settings_document import People
from responder.core.text import Text
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest
from responder.store.approvals import (
    ACK,
    CLOSE,
    SKEW,
    Approval,
    DecisionRow,
    DecisionRows,
    answer,
    check,
    given,
    rejections,
    rows,
    spent,
    worse,
    written,
)

LONGEST_REASON = 500
_SAME = timedelta(minutes=1)
_BOUND = ("at", "decision")
# Ids of liveness sessions have this form; they belong in no message.
_SESSION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@frozen
class ApprovalWriter:
    """On behalf of `person`, who was recognised by the identity `principal`.

    Every method raises our errors when the table of approvals cannot be reached.
    """

    aws: Gateway
    settings: Settings
    people: People
    person: str
    principal: str

    def acknowledge(self, incident: str, at: datetime) -> datetime:
        """Record that a person works on it; returns since when. A later acknowledgement holds the escalation
        longer; two within a minute count as one."""
        return self._put(f"{ACK}{incident}", self.person, "acknowledge", at, lambda own, _: _young(own, at))

    def close(self, incident: str, reason: str, at: datetime) -> datetime:
        """Record the request to close the incident manually; returns since when. Two requests within a minute
        count as one.

        Raises:
            Declined: there is no reason, or this person may not approve any class: to close an incident ends
                its escalation for good, which an acknowledgement does not.
        """
        name = self.closer(reason)
        row = f"{CLOSE}{incident}"
        return self._put(row, name, "close", at, lambda own, _: _young(own, at), tidy(reason))

    def made_worse(self, lease: Lease, at: datetime) -> datetime:
        """Record that the remedy made things worse, as this person's reason for reverting it; returns since
        when. A repeat changes nothing. Raises Declined where this person may not revert it."""
        name = self.approver(lease.effect)
        return self._put(worse(lease), name, "worse", max(at, lease.at), lambda _, __: True)

    def closer(self, reason: str) -> str:
        """The name under which this person may close an incident for this reason. Raises Declined like
        `close`."""
        known = self.people.who(self.principal)
        if known is None or not known.may:
            raise Declined(DeclineReason.MAY_NOT_CLOSE(person=self.person, principal=self.principal))
        if not tidy(reason):
            raise Declined(DeclineReason.NO_REASON_TO_CLOSE())
        return known.name

    def approve(self, asked: ApprovalRequest, now: datetime) -> datetime:
        """Record an approval; returns since when it counts. A repeat changes nothing while the first one is
        valid.

        Raises:
            Declined: this person may not, or has rejected it.
        """
        name = self.approver(asked.effect)

        def stands(own: DecisionRow, found: DecisionRows) -> bool:
            # Of two at the same time, the row that is there may be younger than this one's clock.
            at = max(now, written(own) or now)
            if rejections((own,), asked, self.people, at):
                raise Declined(DeclineReason.REJECTED_BEFORE(proposal=asked.id, person=name))
            # A later approval would still be valid after the act that the first one leads to.
            return name in {each.person for each in given(found, asked, self.people, at)}

        return self._put(asked.id, name, "approve", read(asked, now), stands)

    def reject(self, asked: ApprovalRequest, reason: str, now: datetime) -> datetime:
        """Record a rejection, which outweighs any approval; returns since when. Of two reasons of one person
        the first is kept.

        Raises:
            Declined: there is no reason, or this person may not approve this class either.
        """
        why, name = tidy(reason), self.approver(asked.effect)
        if not why:
            raise Declined(DeclineReason.NO_REASON())

        def stands(own: DecisionRow, _: DecisionRows) -> bool:
            return self.refused((own,), asked, now)

        return self._put(asked.id, name, "reject", read(asked, now), stands, why)

    def withdraw(self, asked: ApprovalRequest, now: datetime) -> datetime:
        """Withdraw this person's own rejection; returns since when. Afterwards this person may approve the
        proposal.

        Raises:
            Declined: this person has not rejected it.
        """
        name = self.approver(asked.effect)
        other = Declined(DeclineReason.NOT_REJECTED(proposal=asked.id, person=name))

        def stands(own: DecisionRow, _: DecisionRows) -> bool:
            if own.get("decision") not in ("reject", "withdraw"):
                raise other
            return own.get("decision") == "withdraw"

        if not any(map(self._mine, rows(self.aws, self.settings.approvals_table, asked.id))):
            raise other
        return self._put(asked.id, name, "withdraw", now, stands)

    def refused(self, found: DecisionRows, asked: ApprovalRequest, now: datetime) -> bool:
        """Whether a rejection of this person is among these rows and counts."""
        own = self.people.approver(self.principal, asked.effect)
        return own is not None and own.name in rejections(found, asked, self.people, now)

    def said(self, asked: ApprovalRequest, now: datetime) -> OpenRequest:
        """The answers so far."""
        found = rows(self.aws, self.settings.approvals_table, asked.id)
        return answer(found, asked, self.people, _not_before(found, now))

    def enough(self, asked: ApprovalRequest, now: datetime) -> Approval | ExplainedReason[Refusal]:
        """The approval that lets it be carried out, or why there is none yet."""
        found = rows(self.aws, self.settings.approvals_table, asked.id)
        return check(found, asked, self.people, _not_before(found, read(asked, now)))

    def approver(self, effect: Effect) -> str:
        """The name under which this person may approve this class. Raises Declined where it may not."""
        found = self.people.approver(self.principal, effect)
        if found is None:
            kind = Text(f"remedy.class.{effect}")
            raise Declined(DeclineReason.NO_RIGHT(person=self.person, principal=self.principal, kind=kind))
        return found.name

    def _put(  # noqa: PLR0913  one value per part of the row
        self,
        pk: str,
        name: str,
        decision: str,
        at: datetime,
        stands: Callable[[DecisionRow, DecisionRows], bool],
        reason: str = "",
    ) -> datetime:
        """Write the row as of `at`, unless the person's row there `stands`, which is also given all rows of
        `pk`; when the one that counts was written. It is written over what was read, so that the same twice
        at the same time is one; also over a row under an earlier spelling of the person's name.

        Raises:
            AwsError: the table could not be reached; Changed where this person writes without end.
        """
        new = {"pk": pk, "sk": name, "decision": decision, "principal": self.principal}
        new |= {"at": at.isoformat(timespec="microseconds"), **({"reason": reason} if reason else {})}
        table = self.settings.approvals_table
        for last in (False, False, True):
            found = rows(self.aws, table, pk)
            there = [each for each in found if each.get("sk") == name]
            own = next(iter([*filter(self._mine, found), *there]), None)
            if own is not None and stands(own, found):
                return written(own) or at
            row = to_item(new if own is None else {**new, "sk": own["sk"]})
            try:
                self.aws.call("dynamodb", "put_item", TableName=table, Item=row, **_as_seen(own))
            except Changed:
                if last:
                    raise
            else:
                return at
        raise AssertionError("the last try returns or raises")

    def _mine(self, row: DecisionRow) -> bool:
        """Whether the row counts as this person's."""
        signer = self.people.signed(row.get("sk"), row.get("principal"))
        return signer is not None and signer == self.people.who(self.principal)


def _as_seen(own: DecisionRow | None) -> Data:
    if own is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    has = [name for name in _BOUND if name in own]
    parts = [f"#{name} = :{name}" if name in has else f"attribute_not_exists(#{name})" for name in _BOUND]
    condition = {
        "ConditionExpression": " AND ".join(parts),
        "ExpressionAttributeNames": {f"#{name}": name for name in _BOUND},
    }
    values = {f":{name}": typed(own[name]) for name in has}
    return {**condition, "ExpressionAttributeValues": values} if values else condition


def settled(asking: OpenRequest, now: datetime) -> ExplainedReason[DeclineReason] | None:
    """Why a proposal can no longer be answered; None while it waits, or waits to be applied.

    What was approved in time is carried out also after its end, so until then it can be rejected.
    """
    asked = asking.asked
    if asking.answer is ApprovalAnswer.APPROVED:
        return None
    if asking.answer is ApprovalAnswer.REJECTED:
        return DeclineReason.REJECTED_BEFORE(proposal=asked.id, person=asking.by)
    if asking.answer in (ApprovalAnswer.CARRIED_OUT, ApprovalAnswer.NOT_NEEDED):
        return DeclineReason.CARRIED_OUT_BEFORE(proposal=asked.id)
    if spent(asked):
        return DeclineReason.PROPOSAL_CHANGED(proposal=asked.id)
    if asking.answer in (ApprovalAnswer.EXPIRED, ApprovalAnswer.NOT_CARRIED_OUT) or asked.expires < now:
        at = asked.expires.strftime("%Y-%m-%dT%H:%M:%SZ")
        return DeclineReason.EXPIRED(proposal=asked.id, at=at)
    return None


def read(asked: ApprovalRequest, now: datetime) -> datetime:
    """It was read before it is answered, whatever the clocks say."""
    return max(now, asked.at)


def _not_before(found: DecisionRows, now: datetime) -> datetime:
    """What is stored was written before now, although its writer's clock may be slightly ahead."""
    times = (at for row in found if (at := written(row)) is not None)
    return max((at for at in times if now < at <= now + SKEW), default=now)


def _young(own: DecisionRow, at: datetime) -> bool:
    before = written(own)
    return before is not None and abs(at - before) < _SAME


def tidy(reason: str) -> str:
    """A reason as it is kept: one line of at most 500 characters, without ids of sessions."""
    return _SESSION.sub("[…]", " ".join(reason.split()))[:LONGEST_REASON]


def hold_minutes(watch: FollowUpMemory | None, settings: Settings) -> int:
    """How long an acknowledgement holds the escalation. The clock of an incident is that of its beginning,
    whatever was deployed since; `watch` is what its follow-up remembers."""
    return watch.terms.hold if watch else settings.acknowledged_minutes
