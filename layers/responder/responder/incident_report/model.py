"""The report of an incident that has ended: data, built by `build`, shown by `page` and `json_report`."""

import operator
from collections.abc import Callable
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.cause import Cause
from responder.core.change import Changes, LeaseState
from responder.core.finding import Tone
from responder.core.frozen import frozen
from responder.core.modes import Severity
from responder.core.remedy import spec_of
from responder.core.series import Series
from responder.core.settings_document import AUTOMATION
from responder.core.text import Strings, Text, Texts
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest

type Requests = tuple[OpenRequest, ...]


@frozen
class IncidentTimes:
    """When what happened first (UTC). None: it did not happen, or no record shows it.

    `first`: the first of the datapoints beyond the threshold that led to ALARM without a gap.
    """

    alarm: datetime
    closed: datetime
    first: datetime | None = None
    message: datetime | None = None
    act: datetime | None = None
    mitigated: datetime | None = None
    recovered: datetime | None = None

    @property
    def detection(self) -> timedelta | None:
        """The time from the first datapoint beyond the threshold to ALARM."""
        return None if self.first is None else max(self.alarm - self.first, timedelta())

    @property
    def start(self) -> datetime:
        """The first datapoint beyond the threshold, or ALARM where none is known."""
        return self.first or self.alarm

    def after_alarm(self, at: datetime | None) -> timedelta | None:
        """How long after ALARM; never negative, although the clocks of machines differ."""
        return None if at is None else max(at - self.alarm, timedelta())


@frozen
class TimelineEntry:
    """A row of the timeline. `by`: a person's name, `automation`, `cloudwatch`, or "" for none of them."""

    at: datetime
    kind: str
    said: Text
    by: str = ""
    details: Texts = ()


@frozen
class BelievedCause:
    """A cause that was suspected from `at` on, over `rounds` decisions in a row. `kind` None: one that this
    version does not know."""

    at: datetime
    cause: Text
    why: Text
    ruled_out: Texts = ()
    rounds: int = 1
    kind: Cause | None = None


@frozen
class NotedFinding:
    """A finding as it was first reported; `last` is when it was reported for the last time."""

    at: datetime
    last: datetime
    look: str
    tone: Tone
    said: Text
    samples: int | None = None


@frozen
class MeanLevel:
    """The mean of the metric over [start, end), and the number of its datapoints; None without any."""

    start: datetime
    end: datetime
    mean: float | None
    points: int


@frozen
class RemedyRecord:
    """A remedy that was begun.

    Attributes:
        changes: as they were applied, `before` the value that was found.
        left: the same targets in the end.
        applied: since when it was in force; None where it never was.
        back: when the revert began; `ended` when all of it was reverted.
        back_by: who approved the revert, or steps of it.
        judged: `helped`, `ineffective`, or nothing.
    """

    remedy: str
    scope: str
    by: str
    at: datetime
    state: LeaseState
    changes: Changes
    left: Changes
    applied: datetime | None = None
    back: datetime | None = None
    ended: datetime | None = None
    until: datetime | None = None
    back_by: Strings = ()
    judged: str = ""
    before: MeanLevel | None = None
    after: MeanLevel | None = None

    @property
    def open(self) -> bool:
        """Something of it may still be in force."""
        return self.state.open

    @property
    def lowers_security(self) -> bool:
        """Messages name it first while it is in force."""
        return spec_of(self.remedy).lowers_security


class OpenItemReason(StrEnum):
    """Why a person still has to review a change, the most pressing first."""

    LOWERED = "lowered"  # security is still lowered
    IN_FORCE = "in_force"  # it should have been reverted
    STAYS = "stays"  # it stays until a person decides
    DRIFT = "drift"  # the CDK definition of the service does not contain it
    KEPT = "kept"  # a person changed the value, so it was left alone
    DOUBT = "doubt"  # whether it is in force is unknown


@frozen
class OpenItem:
    """A change that is not settled at the end.

    Attributes:
        said: the fact, as a sentence.
        setting, targets: of a change that was kept, or whose outcome is unknown.
    """

    kind: OpenItemReason
    remedy: str
    said: Text
    scope: str = ""
    setting: str = ""
    targets: Strings = ()


class Team(StrEnum):
    """Which team an action is for, until a person is named in the report."""

    OPERATIONS = "operations"
    DEVELOPMENT = "development"


@frozen
class FollowUpAction:
    """What a person does after the incident: `said` is an instruction, `kind` its name for machines."""

    kind: str
    said: Text
    team: Team


@frozen
class OperatorAction:
    """What a person did: `what` is the console's word, `said` the same for people, `more` what was stored
    with it."""

    at: datetime
    person: str
    what: str
    said: Text
    more: tuple[tuple[str, str], ...] = ()


# CloudWatch's ComparisonOperator.
_BEYOND: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


@frozen
class AlarmMetric:
    """The alarm's metric over the incident.

    Attributes:
        period: seconds that one datapoint covers; `alarm_period` those of the alarm.
        threshold: None where it cannot be compared with these datapoints.
        comparison: CloudWatch's ComparisonOperator.
        problem: why there are no datapoints, where they could not be asked for.
    """

    label: str = ""
    statistic: str = ""
    period: int = 60
    alarm_period: int = 60
    threshold: float | None = None
    comparison: str = ""
    series: Series = field(default_factory=Series)
    problem: Text | None = None

    @property
    def counts(self) -> bool:
        """Whether its datapoints are counts."""
        return self.statistic in ("Sum", "SampleCount")

    def breaches(self, value: float) -> bool:
        """Whether a datapoint is beyond the threshold; False where there is no threshold to compare with."""
        beyond = _BEYOND.get(self.comparison)
        return beyond is not None and self.threshold is not None and beyond(value, self.threshold)


class Ending(StrEnum):
    """How an incident ended."""

    RECOVERED = "recovered"  # requests of users proved the recovery
    CALM = "calm"  # the alarm stayed OK; no request proved the recovery
    BY_HAND = "by_hand"  # a person closed it
    OPEN = "open"  # it has not ended yet


@frozen
class Impact:
    """The impact of an incident on users.

    Attributes:
        start, end: from the start of the incident until the alarm was OK, or the close.
        failed: requests to the two liveness functions that failed, out of `requests`.
        lowered: how long the check was off or weaker than before.
        unchecked: requests to the functions concerned in that time: at most so many logins were let through
            without the full check.
        problem: why the numbers are missing.
    """

    start: datetime
    end: datetime
    failed: float | None = None
    requests: float | None = None
    lowered: timedelta = timedelta()
    unchecked: float | None = None
    problem: Text | None = None


@frozen
class IncidentReport:
    """The whole story of one incident.

    Attributes:
        escalations: level -> when people were notified.
        acknowledgements: person and time, the last of each person.
        requests: approval requests with their outcome, oldest first.
        closed_by: the person who closed it, and `closed_why` the reason; empty where it ended by
            itself.
        manual: the steps that messages asked for; `actions` what people did.
        gaps: what could not be read, so that it is missing here.
        console: the options by which `liveness-ops` finds the stack.
        open: it has not ended; `times.closed` is when this was read.
    """

    incident: str
    alarm: str
    slug: str
    severity: Severity
    times: IncidentTimes
    timeline: tuple[TimelineEntry, ...] = ()
    causes: tuple[BelievedCause, ...] = ()
    findings: tuple[NotedFinding, ...] = ()
    remedies: tuple[RemedyRecord, ...] = ()
    escalations: tuple[tuple[int, datetime], ...] = ()
    acknowledgements: tuple[tuple[str, datetime], ...] = ()
    closed_by: str = ""
    closed_why: str = ""
    requests: Requests = ()
    open_items: tuple[OpenItem, ...] = ()
    manual: Texts = ()
    actions: tuple[OperatorAction, ...] = ()
    metric: AlarmMetric = field(default_factory=AlarmMetric)
    impact: Impact | None = None
    gaps: Texts = ()
    links: tuple[tuple[Text, str], ...] = ()
    console: str = ""
    open: bool = False

    @property
    def met(self) -> bool:
        """The first message came within the manual's response time."""
        took = self.times.after_alarm(self.times.message)
        return took is not None and took <= timedelta(minutes=self.severity.minutes)

    @property
    def ending(self) -> Ending:
        """How it ended."""
        if self.open:
            return Ending.OPEN
        if self.closed_by:
            return Ending.BY_HAND
        return Ending.CALM if self.times.recovered is None else Ending.RECOVERED

    @property
    def people(self) -> Strings:
        """Everyone who took part: by the console, by Slack, or by a row written manually."""
        found = [self.closed_by, *(person for person, _ in self.acknowledgements)]
        found += [each.person for each in self.actions]
        for asked in self.requests:
            found += [vote.person for vote in asked.said]
            found += asked.by.split(", ") if asked.answer is ApprovalAnswer.CARRIED_OUT else ()
        for remedy in self.remedies:
            found += [*remedy.back_by, "" if remedy.by == AUTOMATION else remedy.by]
        return tuple(sorted({each for each in found if each}))
