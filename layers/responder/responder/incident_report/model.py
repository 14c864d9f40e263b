"""What is left of an incident when it is over: data, built by `build`, shown by `page` and `json_report`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from responder.core.finding import Tone
from responder.core.modes import Severity
from responder.core.series import Series
from responder.core.text import Text
from responder.followup_rules.seen import OpenRequest
from responder.incident_report.records import OpenItem, OperatorAction, RemedyRecord


@dataclass(frozen=True, slots=True)
class IncidentTimes:
    """When what happened first (UTC). None: it did not happen, or nothing on record tells of it."""

    alarm: datetime
    closed: datetime
    first: datetime | None = None
    message: datetime | None = None
    act: datetime | None = None
    mitigated: datetime | None = None
    recovered: datetime | None = None

    @property
    def detection(self) -> timedelta | None:
        """From the first datapoint that counted to ALARM."""
        return None if self.first is None else max(self.alarm - self.first, timedelta())

    def after_alarm(self, at: datetime | None) -> timedelta | None:
        """How long after ALARM; clocks of several machines make nothing happen before it."""
        return None if at is None else max(at - self.alarm, timedelta())

    def met(self, severity: Severity) -> bool:
        """The first message was told within the manual's response time."""
        told = self.after_alarm(self.message)
        return told is not None and told <= timedelta(minutes=severity.minutes)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A row of the timeline. `by`: a person's name, `automation`, `cloudwatch`, or nobody."""

    at: datetime
    kind: str
    said: Text
    by: str = ""
    details: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class BelievedCause:
    """A cause that was believed in from `at` on, over `rounds` decisions in a row."""

    at: datetime
    cause: Text
    why: Text
    ruled_out: tuple[Text, ...] = ()
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class NotedFinding:
    """A finding as it was first told; `last` is when it was told for the last time."""

    at: datetime
    last: datetime
    look: str
    tone: Tone
    said: Text
    samples: int | None = None


@dataclass(frozen=True, slots=True)
class AlarmMetric:
    """The alarm's metric over the incident.

    Attributes:
        period: seconds that one datapoint stands for; `alarm_period` those the alarm judges by.
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


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """The whole story of one incident.

    Attributes:
        escalations: level -> when it was told.
        acknowledgements: person and time, the last of each person.
        askings: what people were asked for and what became of it, oldest first.
        closed_by: the person who closed it by hand, and `closed_why` the reason; empty where it ended by
            itself.
        manual: the steps that messages asked for; `handiwork` what people did.
        gaps: what could not be read, so that it is missing here.
    """

    incident: str
    alarm: str
    slug: str
    severity: Severity
    times: IncidentTimes
    timeline: tuple[TimelineEntry, ...] = ()
    beliefs: tuple[BelievedCause, ...] = ()
    findings: tuple[NotedFinding, ...] = ()
    deeds: tuple[RemedyRecord, ...] = ()
    escalations: tuple[tuple[int, datetime], ...] = ()
    acknowledgements: tuple[tuple[str, datetime], ...] = ()
    closed_by: str = ""
    closed_why: str = ""
    askings: tuple[OpenRequest, ...] = ()
    debts: tuple[OpenItem, ...] = ()
    manual: tuple[Text, ...] = ()
    handiwork: tuple[OperatorAction, ...] = ()
    measure: AlarmMetric = field(default_factory=AlarmMetric)
    gaps: tuple[Text, ...] = ()
    links: tuple[tuple[Text, str], ...] = ()

    @property
    def met(self) -> bool:
        """The manual's response time was met."""
        return self.times.met(self.severity)
