"""How a person's decision gets on record: the same rules and the same rows at every door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from responder.approvals.decisions import Approval, answer, check, spent
from responder.approvals.people import named, registered
from responder.approvals.rows import ACK, Rows, rows
from responder.asked import Asked
from responder.aws.items import to_item, typed
from responder.errors import Changed, Refused
from responder.gateway import Gateway
from responder.mode import Effect
from responder.settings import Settings
from responder.terms import Terms
from responder.text import Text, text
from responder.watch.seen import Answer, Asking

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Pen:
    """In the hand of `person`, who was recognised by the identity `principal`.

    Every method raises our errors when the table of approvals cannot be reached.
    """

    aws: Gateway
    settings: Settings
    person: str
    principal: str

    def acknowledge(self, incident: str, at: datetime) -> None:
        """Somebody works on it; a later one holds the escalation for longer."""
        self._write(f"{ACK}{incident}", self.person, "acknowledge", at)

    def approve(self, asked: Asked, now: datetime) -> None:
        """The same again changes nothing while the first one is good.

        Raises:
            Refused: this person may not, or has rejected it.
        """
        name = approver(self.settings, asked.effect, self.principal)
        if name is None:
            raise Refused(text("guard.no_right", person=self.person))
        # A valid approval stays as it is: a later one would outlive the act that the first one leads to.
        if self._approved(asked, name, now):
            return
        try:
            self._write(
                asked.id,
                name,
                "approve",
                read(asked, now),
                ConditionExpression="attribute_not_exists(pk) OR decision <> :no",
                ExpressionAttributeValues={":no": typed("reject")},
            )
        except Changed:
            raise Refused(text("guard.rejected")) from None

    def reject(self, asked: Asked, reason: str, now: datetime) -> str:
        """One rejection stands against any approval; the reason as it is kept. Raises Refused without one."""
        why = tidy(reason)
        if not why:
            raise Refused(text("decision.no_reason"))
        self._write(asked.id, self.person, "reject", read(asked, now), reason=why)
        return why

    def said(self, asked: Asked, now: datetime) -> Asking:
        """What people said to it so far."""
        return answer(self._rows(asked), asked, self.settings, now)

    def enough(self, asked: Asked, now: datetime) -> Approval | Text:
        """The approval that lets it be carried out, or why there is none yet."""
        return check(self._rows(asked), asked, self.settings, read(asked, now))

    def _approved(self, asked: Asked, name: str, now: datetime) -> bool:
        own = tuple(row for row in self._rows(asked) if row.get("sk") == name)
        said = check(own, asked, self.settings, now)
        return isinstance(said, Approval) or said.key == "guard.one_more"

    def _rows(self, asked: Asked) -> Rows:
        return rows(self.aws, self.settings.approvals_table, asked.id)

    def _write(self, pk: str, name: str, decision: str, at: datetime, **more: Any) -> None:
        condition = {key: more.pop(key) for key in tuple(more) if key[0].isupper()}
        stamp = at.isoformat(timespec="microseconds")
        row = {"pk": pk, "sk": name, "decision": decision, "principal": self.principal, "at": stamp, **more}
        table = self.settings.approvals_table
        self.aws.call("dynamodb", "put_item", TableName=table, Item=to_item(row), **condition)


def approver(settings: Settings, effect: Effect, principal: str) -> str | None:
    """The name under which an identity approves a class of action; None where it may not."""
    return named(registered(settings.approvers_of(effect)), principal)


def settled(asking: Asking, now: datetime) -> Text | None:
    """Why nobody can answer a proposal any more; None while it waits."""
    asked = asking.asked
    if asking.answer is Answer.REJECTED:
        return text("decision.rejected_before", proposal=asked.id, person=asking.by)
    if spent(asked):
        return text("decision.carried_out_before", proposal=asked.id)
    if asking.answer is Answer.EXPIRED or asked.expires < now:
        at = asked.expires.strftime("%Y-%m-%dT%H:%M:%SZ")
        return text("decision.expired", proposal=asked.id, at=at)
    return None


def read(asked: Asked, now: datetime) -> datetime:
    """It was read before it is answered, whatever the clocks say."""
    return max(now, asked.at)


def tidy(reason: str) -> str:
    """A reason as it is kept: one line of at most 500 characters."""
    return " ".join(reason.split())[:LONGEST_REASON]


def hold_minutes(watch: Mapping[str, Any], settings: Settings) -> int:
    """How long an acknowledgement holds the escalation. The clock of an incident is that of its beginning,
    whatever was deployed since; `watch` is what its follow-up remembers."""
    known = watch.get("terms")
    return Terms.from_json(known).hold if known else settings.acknowledged_minutes
