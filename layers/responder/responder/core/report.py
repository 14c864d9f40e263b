"""What a response produced: data, rendered elsewhere."""

from datetime import datetime
from enum import StrEnum

from responder.core.alarm_event import AlarmState
from responder.core.change import Leases
from responder.core.command import ApprovalRequest
from responder.core.finding import Findings
from responder.core.frozen import frozen
from responder.core.modes import Severity
from responder.core.refusals import Because, Refusal
from responder.core.text import Text, Texts
from responder.core.verdict import Outcome, Verdict


class ReportKind(StrEnum):
    """Why a message is sent; a message attribute to route by."""

    RESPONSE = "response"  # an alarm was answered
    COMMAND = "command"  # a command was carried out or refused
    FAILURE = "failure"  # the automation itself failed: the manual's steps
    ESCALATION = "escalation"  # unsolved, so the next level is notified
    REMINDER = "reminder"  # security is still lowered, or an incident of medium severity still unsolved
    PROGRESS = "progress"  # mitigated, recovered, a remedy did not help, an order waits, …
    CLOSED = "closed"  # the incident has ended
    WATCHDOG = "watchdog"  # the watchdog found something that no follow-up watches


@frozen
class AcknowledgedBy:
    """Who works on an incident, and until when that holds the escalation (UTC)."""

    person: str
    until: datetime


@frozen
class MissingAlarm:
    """The incident's alarm does not exist in CloudWatch; `since`: when that was first noticed (UTC).
    `over`: it exists again."""

    since: datetime
    over: bool = False


@frozen
class Report:
    """Everything on-call may want to know of one response.

    Attributes:
        id: stable over redeliveries, so that a reader can drop repeats.
        warnings: what makes this answer less than it should be (observe only, may repeat, …).
        leases: every lease in force in the stack after this response; empty where they could not be read
            (`leases_read`).
        level: escalation level it is addressed to (1 = on-call); the levels below are notified too.
        again: it repeats what the levels below know: only on-call and `level` are notified.
        topic: what a message of the follow-up is about (`escalate`, `mitigated`, `recovered`, …); empty for
            responses and commands.
        waiting: proposals named in this message that a person can still answer, besides those of `outcomes`.
        taken: who acknowledged the incident, where this message is about that.
        course: labelled lines of an incident's course: how long, what was tried, who was notified, ….
        unsolved: since when the alarm is unsolved (UTC), where that began in an earlier incident of it.
        absence: the alarm does not exist, or exists again since the message before.
        about: the order that a message of the follow-up is about, by its name.
        stack: the name of our stack, for the commands of `liveness-ops`.
        runbook: its address; empty: messages name its file.
        open: the incident is on record and not over, so that a person can acknowledge it.
        answered: people's approvals, rejections and acknowledgements are accepted; not while the settings
            document cannot be used.
        state: the alarm's, as it was read for this message; None where it was not.
        stop: the pause or mute rule that keeps the automation from acting right now.
    """

    id: str
    kind: ReportKind
    incident: str
    alarm: str
    slug: str
    severity: Severity
    at: datetime
    since: datetime
    region: str
    account: str
    verdict: Verdict
    findings: Findings = ()
    outcomes: tuple[Outcome, ...] = ()
    warnings: Texts = ()
    leases: Leases = ()
    leases_read: bool = True
    links: tuple[tuple[Text, str], ...] = ()
    level: int = 1
    again: bool = False
    topic: str = ""
    waiting: tuple[ApprovalRequest, ...] = ()
    taken: AcknowledgedBy | None = None
    course: tuple[tuple[Text, Text], ...] = ()
    about: Text | None = None
    unsolved: datetime | None = None
    absence: MissingAlarm | None = None
    stack: str = ""
    runbook: str = ""
    open: bool = False
    answered: bool = True
    state: AlarmState | None = None
    stop: Because | None = None

    @property
    def lowering(self) -> str | None:
        """The remedy by which security is lowered right now, if any."""
        acts = [act.remedy for act in self.outcomes if act.lowers_security and act.result.in_force]
        leases = [lease.remedy for lease in self.leases if lease.open and lease.lowers_security]
        return next(iter((*acts, *leases)), None)

    @property
    def stopped_by(self) -> Because | None:
        """What keeps the automation from acting: as it was read, or as a command met it."""
        met = (act.because for act in self.outcomes if act.because is not None)
        return self.stop or next(
            (each for each in met if isinstance(each.kind, Refusal) and each.kind.stops), None
        )

    @property
    def to_revert(self) -> bool:
        """A change of this incident has to be reverted before a person closes it."""
        return any(
            each.open and each.incident == self.incident and not each.spec.stays for each in self.leases
        )
