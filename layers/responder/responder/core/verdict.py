"""What a playbook concludes: the cause it believes in, why, and what it proposes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from responder.core.cause import AwsService, Cause
from responder.core.change import Change
from responder.core.finding import Subject
from responder.core.frozen import frozen
from responder.core.modes import Mode, Severity
from responder.core.reasons import ExplainedReason, ReasonKind
from responder.core.refusals import Because, Refusal
from responder.core.remedy import RemedyName
from responder.core.text import Text

# For so long after the alarm CloudWatch may lack figures; a decision that lacked some is made again within a
# minute.
AWAITED = timedelta(minutes=3)


class RuledOut(ReasonKind):
    """A cause that the looks which worked exclude.

    To add one: the member here, its subject in `_SUBJECTS`, its sentence in both languages in
    `messages/locale/out.po`.
    """

    HEALTH = "out.health"
    CHANGES = "out.changes"
    TABLE = "out.table"
    TABLE_FAST = "out.table_fast"
    DOWNSTREAM = "out.downstream"
    MEMORY = "out.memory"
    COLD_STARTS = "out.cold_starts"

    @property
    def subject(self) -> Subject:
        """The subject that is fine."""
        return _SUBJECTS[self]


_SUBJECTS = {
    RuledOut.HEALTH: Subject.HEALTH,
    RuledOut.CHANGES: Subject.CHANGES,
    RuledOut.TABLE: Subject.TABLE,
    RuledOut.TABLE_FAST: Subject.TABLE,
    RuledOut.DOWNSTREAM: Subject.REQUESTS,
    RuledOut.MEMORY: Subject.MEMORY,
    RuledOut.COLD_STARTS: Subject.COLD_STARTS,
}


@frozen
class WrittenChange:
    """One change for a person to review and carry out.

    Attributes:
        what: what it would change, and why it is not done from here.
        target: the role, bucket, function or quota.
        document: JSON of the change (a policy statement, the quota request, the new setting).
        command: the exact command of the AWS CLI, one line.
    """

    what: Text
    target: str
    document: Mapping[str, Any]
    command: str


@frozen
class Proposal:
    """A remedy that would help. `at_most` is what the evidence allows; guards may only lower it.

    `scope` picks the remedy's instance where a playbook has several (a function's name).
    `samples_short` says why the sample is too small to act on, where it is.
    `asks` says why the evidence allows no more than `at_most`, where there is more to say than that.
    `proposed`: of `propose_change` alone, what a person is to review and carry out.
    """

    remedy: RemedyName
    reason: Text
    at_most: Mode = Mode.AUTO
    scope: str = ""
    samples_short: Text | None = None
    proposed: tuple[WrittenChange, ...] = ()
    asks: ExplainedReason[Refusal] | None = None


@frozen
class Verdict:
    """`Cause.UNKNOWN` is a legal answer.

    `steps` are what remains for a person, in the manual's order. `others`: further causes that the evidence
    shows as well.
    `raised`: why the incident is of high severity, though its alarm is of medium.
    `service`: whose calls fail, where the log names them.
    `awaits`: what figures are about that it needed and CloudWatch did not have yet.
    """

    cause: ExplainedReason[Cause]
    why: Text
    ruled_out: tuple[ExplainedReason[RuledOut], ...] = ()
    proposals: tuple[Proposal, ...] = ()
    steps: tuple[Text, ...] = ()
    others: tuple[ExplainedReason[Cause], ...] = ()
    raised: Text | None = None
    service: AwsService | None = None
    awaits: tuple[Subject, ...] = ()

    @property
    def severity(self) -> Severity:
        """What the evidence makes of the incident, whatever its alarm is."""
        return Severity.MEDIUM if self.raised is None else Severity.HIGH

    @property
    def known(self) -> bool:
        """A cause was found."""
        return self.cause.kind is not Cause.UNKNOWN


class Result(StrEnum):
    """The outcome of a proposal or a command."""

    APPLIED = "applied"
    PARTIAL = "partial"
    ALREADY = "already"
    ASKED = "asked"
    OBSERVED = "observed"
    REFUSED = "refused"
    FAILED = "failed"
    REVERTED = "reverted"
    STEPPED = "stepped"  # part of the revert: still our value, not yet the old one
    KEPT = "kept"

    @property
    def acted(self) -> bool:
        """Whether something was set just now."""
        return self in (Result.APPLIED, Result.PARTIAL)

    @property
    def as_wanted(self) -> bool:
        """Whether all of it is in force, however and whenever it was set."""
        return self in (Result.APPLIED, Result.ALREADY)

    @property
    def in_force(self) -> bool:
        """At least some of it is in force."""
        return self.acted or self.as_wanted

    @property
    def half_done(self) -> bool:
        """Whether a person has to finish or correct it."""
        return self in (Result.PARTIAL, Result.FAILED)

    @property
    def declined(self) -> bool:
        """Whether it was deliberately not done."""
        return self in (Result.REFUSED, Result.OBSERVED)


@frozen
class Outcome:
    """One proposal or command and its outcome.

    Attributes:
        why: why it was proposed.
        because: why it was asked, only observed, refused, or failed.
        until: when that reason expires (UTC).
        also: further reasons that would have held.
        on_approval: who gave it, or how long it waits for the end of a stop; no message leaves that out.
        approval: id of the proposal a person can approve, 30 min valid.
        undo: how to revert it.
        proposed: what a person is to review and carry out; never done from here.
        back: it is about reversing the remedy, not about the remedy.
        record: how often it has helped, where it was applied or is asked for; None where that is unknown.
    """

    remedy: str
    scope: str
    result: Result
    why: Text
    because: Because | None = None
    until: datetime | None = None
    also: tuple[Text, ...] = ()
    changes: tuple[Change, ...] = ()
    approval: str | None = None
    undo: Text | None = None
    lowers_security: bool = False
    proposed: tuple[WrittenChange, ...] = ()
    back: bool = False
    on_approval: tuple[Text, ...] = ()
    record: Text | None = None
