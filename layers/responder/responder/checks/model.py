"""The report of a scheduled check: data, not text. Times are UTC; days are the owner's (Asia/Tokyo)."""

import math
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from responder.checks.finding import (
    GREEN,
    UNKNOWN,
    CheckItem,
    CheckStatus,
    Harm,
    Items,
    RootCause,
    worst,
)
from responder.core.frozen import frozen
from responder.core.text import Text


class Cadence(StrEnum):
    """Which of the scheduled checks."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


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
    items: Items
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


# With the section that it is in.
type PlacedItem = tuple[CheckSection, CheckItem]


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

    def items(self, light: CheckStatus) -> tuple[PlacedItem, ...]:
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

    def same(self, item: CheckItem) -> tuple[PlacedItem, ...]:
        """The findings that are signs of the same root cause as this one, which represents them."""
        if item.root is None or item.light is GREEN:
            return ()
        return tuple(
            (section, each)
            for section, each in self._all()
            if each is not item and each.root is item.root and each.light is not GREEN
        )

    @property
    def in_message(self) -> Items:
        """What a message contains besides what needs a person."""
        return tuple(item for _, item in self._all() if item.in_message)

    @property
    def key_figures(self) -> tuple[KeyFigure, ...]:
        """The key figures of all sections."""
        return tuple(each for one in self.sections for each in one.key_figures)

    @property
    def accepted(self) -> tuple[PlacedItem, ...]:
        """What people accepted and is only counted, the next to end first."""
        every = ((one, item) for one in self.sections for item in one.items)
        found = [(each[1].accepted.until, each) for each in every if each[1].accepted]
        return tuple(each for _, each in sorted(found, key=lambda one: one[0]))

    def _all(self) -> tuple[PlacedItem, ...]:
        return tuple((one, item) for one in self.sections for item in one.items if item.accepted is None)

    @property
    def light(self) -> CheckStatus:
        """The worst of all; unknown where nothing was checked."""
        colours = (item.colour for each in self.sections for item in each.items)
        return worst(*colours, default=UNKNOWN)


def _rank(found: PlacedItem) -> tuple[bool, int]:
    section, item = found
    # A section that the table does not name must not be the last one that is read.
    return not item.new, (item.harm or HARM.get(section.name, Harm.EXPOSURE)).rank
