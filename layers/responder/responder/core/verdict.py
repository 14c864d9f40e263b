"""What a playbook concludes: the cause it believes in, why, and what it proposes; the outcomes of that; and
what later messages need of it, kept small.

No message contradicts itself: causes, findings and what was ruled out agree (`coherent`). A test holds the
table of subjects complete: for every cause it lists those that are wrong, or that there are none. What a
cause calls wrong is called fine by nothing else in the message. Where nothing needs to be fixed, nothing in
it is red. Pure.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.cause import AwsService, Cause
from responder.core.change import Changes, Status
from responder.core.codec import STORED
from responder.core.finding import Finding, Findings, Polarity, Subject, Tone
from responder.core.frozen import frozen
from responder.core.modes import Mode, Severity
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason, ReasonKind
from responder.core.refusals import Because, Refusal
from responder.core.remedy import RemedyName
from responder.core.text import Text, Texts, text

# For so long after the alarm CloudWatch may lack figures; a decision that lacked some is made again within a
# minute.
AWAITED = timedelta(minutes=3)
_NOW = timedelta(0)
# By subject: the causes that say it is wrong.
_SAID_BY: dict[tuple[Subject, ...], str] = {
    (Subject.REQUESTS, Subject.DENIALS): "ACCESS_DENIED",
    (Subject.REQUESTS,): """THROTTLING QUOTA INTERNAL CONFIGURATION REFUSED IMPORT_ERROR SLOW_REKOGNITION
        SLOW_IMAGES SLOW_NETWORK SLOW_DEPENDENCY UNEXPECTED OTHER CLIENT_SETUP CONNECTION CONNECTION_LOST
        CREDENTIALS PROXY READ_TIMEOUT RESPONSE TLS VALIDATION VARIABLE OBJECT_ABSENT KEY_UNUSABLE""",
    (Subject.REQUESTS, Subject.TABLE): "SLOW_TABLE",
    (Subject.MEMORY,): "MEMORY",
    (Subject.REQUESTS, Subject.CHANGES): "RELEASE CHANGE",
    (Subject.CONFIGURATION,): "ENVIRONMENT",
    (Subject.REQUESTS, Subject.TABLE_STATE): "TABLE_ABSENT TABLE_UNUSABLE INDEX_ABSENT INDEX_UNUSABLE",
    (Subject.REQUESTS, Subject.BUCKET): "BUCKET_ABSENT",
    (Subject.REQUESTS, Subject.RIGHTS): "PERMISSION_ABSENT POLICY_ABSENT ROLE_ABSENT",
    (Subject.COLD_STARTS,): "COLD_STARTS",
    (Subject.SCORES,): "NEAR_THRESHOLD LOW_SCORES AMBER",
    (Subject.TABLE,): "TABLE_THROTTLED TABLE_CAPACITY TABLE_HOT_KEY TABLE_ON_DEMAND_THROTTLED",
    (Subject.RESERVATION,): "CONCURRENCY_OFF",
    (Subject.CONCURRENCY,): "CONCURRENCY_RESERVED CONCURRENCY_ACCOUNT",
    (Subject.DENIALS,): """DENIED_ROLE DENIED_ELSEWHERE DENIED_BY_ROLE DENIED_PUBLIC_BLOCK DENIED_KEY
        DENIED_ABOVE DENIED_OTHER_ROLE DENIED_OTHER_TARGET""",
    (Subject.DENIALS, Subject.BUCKET): "DENIED_BUCKET_POLICY",
}
SAYS = {Cause[name]: frozenset(subjects) for subjects, names in _SAID_BY.items() for name in names.split()}
_STEPS = (text("step.check_dashboard"), text("step.developers_logs"), Text("step.escalate_lead"))


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
    document: Data
    command: str


type Proposals = tuple[Proposal, ...]


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
    proposals: Proposals = ()
    steps: Texts = ()
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
        unrecorded: why what was done could not be put on record.
    """

    remedy: str
    scope: str
    result: Result
    why: Text
    because: Because | None = None
    until: datetime | None = None
    also: Texts = ()
    changes: Changes = ()
    approval: str | None = None
    undo: Text | None = None
    lowers_security: bool = False
    proposed: tuple[WrittenChange, ...] = ()
    back: bool = False
    on_approval: Texts = ()
    record: Text | None = None
    unrecorded: Text | None = None

    @property
    def working(self) -> bool:
        """AWS has accepted it, and it is not in effect yet."""
        return any(change.status is Status.IN_PROGRESS for change in self.changes)

    @property
    def unset(self) -> Changes:
        """The targets of a partial change that do not have the value."""
        return tuple(each for each in self.changes if each.status in (Status.FAILED, Status.PLANNED))


def coherent(verdict: Verdict, findings: Iterable[Finding]) -> Verdict:
    """The verdict that the findings allow: nothing is normal while anything is red or has another cause, and
    nothing is ruled out that a finding shows or a cause names."""
    others = tuple(each for each in verdict.others if not each.kind.normal)
    verdict = replace(verdict, others=others)
    red = {each.subject for each in findings if each.polarity is Polarity.WRONG}
    amiss = _wrong(verdict) | red
    if verdict.cause.kind.normal and amiss:
        subjects = tuple(text(f"say.subject.{subject}") for subject in Subject if subject in amiss)
        why = text("why.contradicted", believed=verdict.cause.text, subjects=subjects)
        verdict = replace(verdict, cause=Cause.UNKNOWN(), why=why, steps=_STEPS)
    kept = tuple(each for each in verdict.ruled_out if each.kind.subject not in amiss)
    return replace(verdict, ruled_out=kept)


def as_seen(verdict: Verdict, findings: Iterable[Finding]) -> Findings:
    """The findings of a coherent verdict: one that shows nothing of what a cause names, or of what another
    finding shows, is worded as what its source shows, not as proof that the subject is fine."""
    findings, wrong = tuple(findings), _wrong(verdict)
    red = [each for each in findings if each.polarity is Polarity.WRONG]
    return tuple(
        replace(fine, tone=Tone.INFO, said=text("evidence.not_seen_here", said=fine.said))
        if fine.polarity is Polarity.FINE
        and (
            fine.subject in wrong
            or any(
                each.subject is fine.subject and (each.over or _NOW) <= (fine.over or _NOW) for each in red
            )
        )
        else fine
        for fine in findings
    )


def _wrong(verdict: Verdict) -> frozenset[Subject]:
    causes = (verdict.cause, *verdict.others)
    return frozenset(subject for each in causes for subject in SAYS.get(each.kind, ()))


@frozen
class PastOutcome:
    """One of its proposals and the outcome."""

    remedy: str
    scope: str
    result: Result
    because: Because | None = field(default=None, metadata=STORED)
    approval: str = field(default="", metadata=STORED)


@frozen
class FailureShare:
    """How many users a fault hits: so many of so many requests failed in the minutes before the decision."""

    failed: int
    requests: int
    minutes: int


@frozen
class LastDecision:
    """`linked`: the incident whose remedy on the same target serves this one as well.

    `until`: when the first reason not to act expires (UTC). `service`: whose calls fail.
    `failing`: of the function that fails most; None where it was not measured.
    `awaits`: what figures are about that it needed and that had not arrived.
    """

    cause: ExplainedReason[Cause]
    why: Text
    at: datetime
    steps: tuple[Text, ...] = field(default=(), metadata=STORED)
    done: tuple[PastOutcome, ...] = field(default=(), metadata=STORED)
    linked: str = field(default="", metadata=STORED)
    until: datetime | None = field(default=None, metadata=STORED)
    service: AwsService | None = field(default=None, metadata=STORED)
    failing: FailureShare | None = None
    awaits: tuple[Subject, ...] = ()

    @property
    def digest(self) -> str:
        """The same for a decision that differs in nothing a person would act on. That something is in force
        counts the same, however and whenever it was set."""
        results = sorted(
            (
                each.remedy,
                each.scope,
                "in_force" if each.result.as_wanted else each.result.value,
                "" if each.result.as_wanted or each.because is None else each.because.kind.value,
                each.approval,
            )
            for each in self.done
        )
        said = json.dumps([self.cause.kind.value, results], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def decision(  # noqa: PLR0913  one value per part
    verdict: Verdict,
    outcomes: Iterable[Outcome],
    at: datetime,
    linked: str = "",
    before: datetime | None = None,
    failing: FailureShare | None = None,
) -> LastDecision:
    """The decision of a response. `before`: when the reason of the last decision ends, which stays known
    while it is ahead."""
    outcomes = tuple(outcomes)
    ends = [each.until for each in outcomes if each.until is not None and not each.result.as_wanted]
    ends += [before] if before is not None and before > at and not ends else []
    return LastDecision(
        cause=verdict.cause,
        why=verdict.why,
        at=at,
        steps=verdict.steps,
        done=tuple(PastOutcome(e.remedy, e.scope, e.result, e.because, e.approval or "") for e in outcomes),
        linked=linked,
        until=min(ends, default=None),
        service=verdict.service,
        failing=failing,
        awaits=verdict.awaits,
    )
