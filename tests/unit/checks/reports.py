"""A report of a check as data: one section of every light, one chart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from responder.checks.finding import Checked, CheckItem, CheckStatus
from responder.checks.model import Cadence, Chart, CheckReport, CheckSection
from responder.core.context import Context
from responder.core.permissions import ANY, Permission, Permissions
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import text
from tests.fakes import FakeAws
from tests.times import day, utc

# 09:00 in Tokyo, still the day before in New York.
NOW = utc("2026-02-04 00:00")
SETTINGS = Settings(
    account="123456789012", region="ap-northeast-1", topic="arn:topic", reports_bucket="reports"
)
RED = CheckItem(
    Checked.COST_TO_DATE.of(),
    CheckStatus.RED,
    text("checks.failed", name="<script>alert(1)</script>", reason=text("evidence.failed.late")),
    details=(text("evidence.failed.denied", action="ce:GetCostAndUsage"),),
    chapter="コスト管理",
    command="aws ce get-cost-and-usage --filter '<f>'",
    numbers={"usd": 512.5, "nothing": float("nan")},
    link="https://console.aws.amazon.com/cost",
)
AMBER = CheckItem(
    Checked.ALARM_STATES.of(),
    CheckStatus.AMBER,
    text("evidence.failed.throttled", action="lambda:GetFunction"),
)
UNKNOWN = CheckItem(
    Checked.ALARM_RULES.of(),
    CheckStatus.UNKNOWN,
    text("evidence.failed.denied", action="support:DescribeCases"),
)
GREEN = CheckItem(Checked.CHECK.of(), CheckStatus.GREEN, text("checks.none_to_do"))


def chart(*values: float | None, floor: float | None = 95.0, ceiling: float | None = None) -> Chart:
    first = NOW - timedelta(days=len(values))
    points = tuple((first + timedelta(days=place), value) for place, value in enumerate(values))
    return Chart(text("checks.section.figures"), "%", points, floor, ceiling)


def report(*sections: CheckSection, rhythm: Cadence = Cadence.DAILY) -> CheckReport:
    return CheckReport(rhythm, NOW, day("2026-02-04"), "ap-northeast-1", "123456789012", sections)


FULL = report(
    CheckSection("figures", (GREEN,), (chart(97.0, None, 96.0, 94.0, 98.5),)),
    CheckSection("cost", (GREEN, RED)),
    CheckSection("alarms", (AMBER, UNKNOWN)),
)


@dataclass(frozen=True)
class StubCheck:
    """A check that finds what it is given."""

    name: str
    answer: Callable[[], CheckSection]

    def needs(self) -> Permissions:
        return (Permission("cloudwatch:GetMetricData", ANY),)

    def run(self, context: Context) -> CheckSection:
        return self.answer()


class World:
    """A bucket and a topic."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.aws = FakeAws(NOW)
        self.context = Context(self.aws, settings, NOW, NOW)
        self.files: dict[str, Json] = {}
        self.aws.answer("s3", "put_object", self._put)

    def _put(self, **request: Any) -> Json:
        self.files[request["Key"]] = request
        return {}
