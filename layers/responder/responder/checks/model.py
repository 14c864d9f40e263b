"""What a scheduled check found: data, not text. Times are UTC; days are the owner's (Asia/Tokyo)."""

import math
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from enum import StrEnum

from responder.checks.commands import FixCommand
from responder.checks.identity import Identity, digest
from responder.core.frozen import frozen
from responder.core.text import Text


class CheckStatus(StrEnum):
    """The status of an item. `unknown`: it could not be checked, which is never the same as green."""

    RED = "red"
    AMBER = "amber"
    UNKNOWN = "unknown"
    GREEN = "green"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return tuple(CheckStatus).index(self)


# For the many findings that name one.
RED, AMBER, UNKNOWN, GREEN = CheckStatus.RED, CheckStatus.AMBER, CheckStatus.UNKNOWN, CheckStatus.GREEN


def worst(*statuses: CheckStatus, default: CheckStatus = CheckStatus.GREEN) -> CheckStatus:
    """The worst of them; `default` where there is none."""
    return min(statuses, key=lambda each: each.rank, default=default)


class Cadence(StrEnum):
    """Which of the scheduled checks."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class RootCause(StrEnum):
    """A cause that shows in several findings at once: reports show one line for all of them."""

    TRAFFIC = "traffic"  # no user, or hardly any, reaches the service
    ALIAS = "alias"  # nothing comes through the alias that remedies need


class Harm(StrEnum):
    """What a fault does while it lasts, the greatest harm first: the order of findings of one light."""

    EXPOSURE = "exposure"  # outsiders reach images or rights
    OUTAGE = "outage"  # users cannot log in
    DATA = "data"  # images or rows are lost, or outlive what was promised of them
    UNWATCHED = "unwatched"  # an alarm, a remedy or a check does not do its work
    COST = "cost"

    @property
    def rank(self) -> int:
        """0 is the greatest."""
        return tuple(Harm).index(self)


# What the faults do that a section looks for, by its name; `CheckItem.harm` where one differs from them.
HARM: Mapping[str, Harm] = {
    **dict.fromkeys(("security", "exposure"), Harm.EXPOSURE),
    **dict.fromkeys(("figures", "alarms", "functions", "configuration", "performance"), Harm.OUTAGE),
    **dict.fromkeys(("storage", "table", "backups"), Harm.DATA),
    **dict.fromkeys(
        ("alarm_audit", "dashboard", "detection", "observed", "readiness", "records", "schedules"),
        Harm.UNWATCHED,
    ),
    "cost": Harm.COST,
}


# A report for machines, in its folder.
FILE = "report.json"


def folder(rhythm: Cadence) -> str:
    """Where reports of a rhythm are in their bucket, one folder a day: `checks/daily/`."""
    return f"checks/{rhythm}/"


@frozen
class CheckItem:
    """One checked item.

    Attributes:
        identity: what it is about, the same on every day.
        light: red needs a person today, amber needs one soon.
        said: the sentence, numbers and samples included.
        details: the evidence, most important first; never values of variables, object keys or ids of persons.
        chapter: the manual's chapter, as it is headed there; "" where the manual has none.
        command: what fixes it; "" where there is no single command. Reports show `to_paste`.
        caution: what the command removes and whom to ask first; shown with it everywhere.
            None where it takes nothing away.
        numbers: the same figures for machines.
        link: console page that shows the source.
        note: worth knowing only; nothing is wrong with what it is about.
        in_message: a message has it too, although nothing is wrong.
        root: what it is a sign of, where other findings may be signs of the same.
        harm: None where it is that of its section (`HARM`).
        new: the check before did not find it or found it better, or a person had accepted it then.
        facts: what a person accepts who accepts it (`digest`), where its sentences also hold other things.
        accepted: a person accepted it as it is: it is only counted.
        again: why it is reported although a person had accepted it.
        since: the day of the first report that had it, as far back as the stored reports go.
    """

    identity: Identity
    light: CheckStatus
    said: Text
    details: tuple[Text, ...] = ()
    chapter: str = ""
    command: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    link: str | None = None
    note: bool = False
    in_message: bool = False
    caution: Text | None = None
    root: RootCause | None = None
    harm: Harm | None = None
    new: bool = False
    facts: tuple[str, ...] = ()
    accepted: "Acceptance | None" = None
    again: Text | None = None
    since: date | None = None

    @property
    def colour(self) -> CheckStatus:
        """The light that it gives to its report; an accepted item gives none."""
        return CheckStatus.GREEN if self.accepted else self.light

    @property
    def digest(self) -> str:
        """A digest of the item's facts: another digest means another finding."""
        return digest(self.identity.kind, self.facts, (self.said, *self.details))

    @property
    def to_paste(self) -> str:
        """The command to paste; "" where a name in it has control or direction characters, which could make
        it look like another command."""
        return self.command if self.command.isprintable() else ""

    def with_fix(self, fix: FixCommand) -> "CheckItem":
        """This item with the command that fixes it, the command's caution, and a note."""
        return replace(self, command=fix.command, caution=fix.caution, details=(*self.details, *fix.details))


@frozen
class Acceptance:
    """A person accepted a finding at `at` until the end of the day `until`. `facts`: its digest then. `lead`:
    the id that the person named, where this one is another sign of the same cause."""

    person: str
    at: datetime
    until: date
    reason: str
    facts: str
    lead: str = ""


@frozen
class Chart:
    """A line over days or hours. A gap is None and stays a gap.

    `unit`: `a_day`, `points`, `s` are shown in the reader's words, others (`%`, `USD`) as they are.
    `floor` and `ceiling`: the normal range, drawn behind the line. `excluded`: the end of it that is not
    normal itself. `of_mean`: it is that of their mean, so that single points may leave it.
    """

    title: Text
    unit: str
    points: tuple[tuple[datetime, float | None], ...]
    floor: float | None = None
    ceiling: float | None = None
    excluded: float | None = None
    of_mean: bool = False

    @property
    def outside(self) -> tuple[datetime, ...]:
        """The times at which the line was outside of its normal range."""
        floor = -math.inf if self.floor is None else self.floor
        ceiling = math.inf if self.ceiling is None else self.ceiling
        known = ((at, value) for at, value in self.points if value is not None and math.isfinite(value))
        if self.of_mean:
            return ()
        return tuple(at for at, value in known if value == self.excluded or not floor <= value <= ceiling)


class Since(StrEnum):
    """What a figure is compared with."""

    DAY = "day"  # the day before
    WEEK = "week"  # a week before
    MONTH = "month"  # the month before


class Better(StrEnum):
    """Which way a figure should go."""

    HIGHER = "higher"
    LOWER = "lower"


@frozen
class KeyFigure:
    """A figure that is read at a glance.

    Attributes:
        chart: what it is called, its unit, its normal range, and how it went lately.
        value: None where there is none, or too few samples.
        light: that of the finding about it.
        earlier: what it was then.
        better: None where neither way is.
        beside: what the light comes from, where that is not the value.
    """

    chart: Chart
    value: float | None
    light: CheckStatus
    earlier: Mapping[Since, float | None] = field(default_factory=dict)
    better: Better | None = None
    beside: Text | None = None


@frozen
class CheckSection:
    """What one check found. `name` is its key (`alarms`, `readiness`, …).

    `key_figures`: what is shown above everything else.
    `facts`: what the check compares with on the next day, by what it is about; never a value of a variable.
    """

    name: str
    items: tuple[CheckItem, ...]
    charts: tuple[Chart, ...] = ()
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    key_figures: tuple[KeyFigure, ...] = ()

    def id(self, item: CheckItem) -> str:
        """The id of one of its items, the same every day: `security/bucket_block/images`."""
        return item.identity.within(self.name)

    @property
    def light(self) -> CheckStatus:
        """The worst of its items; green without any."""
        return worst(*(item.colour for item in self.items))


@frozen
class ComparedReport:
    """The report before, with which this one was compared: its day, or why there is none."""

    day: date | None = None
    problem: Text | None = None


@frozen
class CheckReport:
    """Everything of one run. `day` is the owner's day on which it was made, `zone` where that is (IANA).

    `unaccepted`: why nothing counts as accepted, where that could not be read. `console`: the options by
    which `liveness-ops` finds the stack.
    """

    rhythm: Cadence
    at: datetime
    day: date
    region: str
    account: str
    sections: tuple[CheckSection, ...]
    zone: str = "Asia/Tokyo"
    compared: ComparedReport = field(default_factory=ComparedReport)
    unaccepted: Text | None = None
    console: str = ""

    @property
    def id(self) -> str:
        """The id of the run, the same for a repeat: `check-daily-2026-02-04`."""
        return f"check-{self.rhythm}-{self.day:%Y-%m-%d}"

    @property
    def folder(self) -> str:
        """Where it is in the bucket of reports, the same for a repeat: `checks/daily/2026-02-04/`."""
        return f"{folder(self.rhythm)}{self.day:%Y-%m-%d}/"

    def items(self, light: CheckStatus) -> tuple[tuple[CheckSection, CheckItem], ...]:
        """All findings of a light, with their sections: new ones first, then by harm, the greatest first. Of
        those with one root cause only the worst one."""
        leads: dict[RootCause, CheckItem] = {}
        for _, item in self._all():
            if item.root and (lead := leads.get(item.root, item)).light.rank >= item.light.rank:
                leads[item.root] = lead if lead.light is item.light else item
        found = (
            (section, item)
            for section, item in self._all()
            if item.light is light and (item.root is None or item.light is GREEN or leads[item.root] is item)
        )
        return tuple(sorted(found, key=_rank))

    def same(self, item: CheckItem) -> tuple[tuple[CheckSection, CheckItem], ...]:
        """The findings that are signs of the same root cause as this one, which represents them."""
        if item.root is None or item.light is GREEN:
            return ()
        return tuple(
            (section, each)
            for section, each in self._all()
            if each is not item and each.root is item.root and each.light is not GREEN
        )

    @property
    def in_message(self) -> tuple[CheckItem, ...]:
        """What a message contains besides what needs a person."""
        return tuple(item for _, item in self._all() if item.in_message)

    @property
    def key_figures(self) -> tuple[KeyFigure, ...]:
        """The key figures of all sections."""
        return tuple(each for one in self.sections for each in one.key_figures)

    @property
    def accepted(self) -> tuple[tuple[CheckSection, CheckItem], ...]:
        """What people accepted and is only counted, the next to end first."""
        every = ((one, item) for one in self.sections for item in one.items)
        found = [(each[1].accepted.until, each) for each in every if each[1].accepted]
        return tuple(each for _, each in sorted(found, key=lambda one: one[0]))

    def _all(self) -> tuple[tuple[CheckSection, CheckItem], ...]:
        return tuple((one, item) for one in self.sections for item in one.items if item.accepted is None)

    @property
    def light(self) -> CheckStatus:
        """The worst of all; unknown where nothing was checked."""
        colours = (item.colour for each in self.sections for item in each.items)
        return worst(*colours, default=CheckStatus.UNKNOWN)


def _rank(found: tuple[CheckSection, CheckItem]) -> tuple[bool, int]:
    section, item = found
    # A section that the table does not name must not be the last one that is read.
    return not item.new, (item.harm or HARM.get(section.name, Harm.EXPOSURE)).rank
