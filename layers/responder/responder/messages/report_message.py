"""A report as it is sent to machines, as types. The keys are stable: `docs/report-schema.md` describes them.

All times are UTC. A text has the language of the message.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, field
from datetime import datetime
from typing import Any

from responder.core.alarm_event import AlarmState
from responder.core.change import Change, Lease, LeaseState, Status
from responder.core.codec import Misfit, load
from responder.core.finding import Tone
from responder.core.frozen import frozen
from responder.core.modes import Mode, Severity
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason, ReasonKind
from responder.core.refusals import Because, Reasons
from responder.core.report import AcknowledgedBy, MissingAlarm, ReportKind
from responder.core.text import Text
from responder.core.verdict import Outcome, Result
from responder.messages.headline import NEWS

SCHEMA = "liveness-responder/report/1"


@frozen
class SaidText:
    """A text, and its words. `values` as JSON: what is no number is null."""

    key: str
    values: Data
    text: str

    def names(self, kind: ReasonKind) -> bool:
        """It is the sentence of this reason."""
        return self.key == str(kind.value)

    @property
    def reason(self) -> Because | None:
        """The reason that it is the sentence of."""
        try:
            return load(ExplainedReason[Reasons], {"key": self.key, "values": self.values})
        except Misfit:
            return None


@frozen
class ReportedChange:
    """One setting of one target."""

    target: str
    setting: str
    before: str
    after: str
    status: Status
    note: SaidText | None = None

    @property
    def change(self) -> Change:
        """What names the change."""
        note = self.note.reason if self.note else None
        return Change(self.target, self.setting, self.before, self.after, self.status, note)


@frozen
class ReportedWrite:
    """A change that a person is to review and carry out."""

    what: SaidText
    target: str
    document: Any
    command: str


@frozen
class ReportedOutcome:
    """A proposal or command, and its result. `until`: when the reason for that ends."""

    _: KW_ONLY
    remedy: str
    scope: str
    result: Result
    lowers_security: bool = False
    back: bool = False
    why: SaidText
    because: SaidText | None = None
    until: datetime | None = None
    also: tuple[SaidText, ...] = ()
    changes: tuple[ReportedChange, ...] = ()
    approval: str | None = None
    approval_valid_until: datetime | None = None
    undo: SaidText | None = None
    record: SaidText | None = None
    proposed: tuple[ReportedWrite, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """What decides how it is named and what its result is called."""
        return Outcome(
            self.remedy,
            self.scope,
            self.result,
            Text(self.why.key),
            self.because.reason if self.because else None,
            changes=tuple(each.change for each in self.changes),
            back=self.back,
        )


@frozen
class ReportedProposal:
    """What would help."""

    remedy: str
    scope: str
    at_most: Mode
    reason: SaidText
    samples_short: SaidText | None


@frozen
class ReportedFinding:
    """A piece of evidence."""

    look: str
    tone: Tone
    said: SaidText
    samples: int | None = None
    details: tuple[SaidText, ...] = ()
    numbers: Mapping[str, float | None] = field(default_factory=dict)
    link: str | None = None


@frozen
class ReportedLease:
    """A change in force. `seen`: when it was last read or set; `unread`: why it could not be read since."""

    _: KW_ONLY
    id: str
    remedy: str
    scope: str
    incident: str
    state: LeaseState
    at: datetime
    until: datetime | None = None
    seen: datetime
    unread: Text | None = None
    by: str
    changes: tuple[ReportedChange, ...] = ()

    @property
    def lease(self) -> Lease:
        """What is in force, without its snapshot."""
        changes = tuple(each.change for each in self.changes)
        return Lease(self.remedy, self.scope, self.incident, self.state, self.at, self.until, {}, changes)


@frozen
class ReportedLine:
    """A line of an incident's course."""

    label: SaidText
    said: SaidText

    @property
    def repeats_headline(self) -> bool:
        """The first line of the message says it already."""
        return self.label.key == NEWS


@frozen
class ReportedLink:
    """Where to read more."""

    label: SaidText
    url: str


@frozen
class ReportedQuestion:
    """A proposal that the message names, and that a person can still answer."""

    approval: str
    remedy: str
    scope: str
    revert: bool
    approval_valid_until: datetime


@frozen
class ReportMessage:
    """Everything in a report."""

    _: KW_ONLY
    schema: str = SCHEMA
    id: str
    kind: ReportKind
    topic: str = ""
    incident: str
    alarm: str
    slug: str = ""
    severity: Severity
    respond_within_minutes: int
    level: int = 1
    at: datetime
    since: datetime
    region: str
    account: str
    language: str
    headline: str
    headlines: Mapping[str, str] = field(default_factory=dict)
    security_lowered_by: str | None = None
    alarm_absent: MissingAlarm | None = None
    alarm_state: AlarmState | None = None
    open: bool = False
    answered: bool = True
    paused: bool = False
    cause_known: bool = False
    cause: SaidText
    why: SaidText
    others: tuple[SaidText, ...] = ()
    ruled_out: tuple[SaidText, ...] = ()
    proposals: tuple[ReportedProposal, ...] = ()
    steps: tuple[SaidText, ...] = ()
    warnings: tuple[SaidText, ...] = ()
    course: tuple[ReportedLine, ...] = ()
    waiting: tuple[ReportedQuestion, ...] = ()
    taken: AcknowledgedBy | None = None
    outcomes: tuple[ReportedOutcome, ...] = ()
    findings: tuple[ReportedFinding, ...] = ()
    leases: tuple[ReportedLease, ...] = ()
    links: tuple[ReportedLink, ...] = ()
    runbook: str = ""
