"""What the service counted on days of Asia/Tokyo, and Cost Explorer's data."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from responder.checks import days
from responder.checks.base import Check
from responder.checks.finding import CheckItem, CheckStatus
from responder.checks.model import CheckSection
from responder.core.context import Context
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.messages.language import say
from tests.fakes import FakeAws
from tests.texts import catalogue
from tests.times import utc
from tests.unit.evidence.worlds import Figures, keys

OWN = "FaceAuth/Liveness"
# 09:00 in Tokyo, which is midnight UTC: the hour at which yesterday's cost is still empty.
NINE = utc("2026-02-04 00:00")
YESTERDAY = date(2026, 2, 3)
TOKYO = days.zone("Asia/Tokyo")


def context(aws: FakeAws, now: datetime = NINE, **settings: Any) -> Context:
    return Context(aws, Settings(**settings), now, now)


def noon(day: date) -> datetime:
    return days.start_of(day, TOKYO) + timedelta(hours=12)


class World:
    """`day(date, success=…)`, `cost({date: USD})`."""

    def __init__(self) -> None:
        self.aws = FakeAws(NINE)
        self.figures = Figures().serve(self.aws)

    def day(
        self,
        of: date,
        *,
        created: int = 0,
        success: int = 0,
        failure: int = 0,
        zeros: int = 0,
        errors: int = 0,
        score: float = 97.0,
        at: datetime | None = None,
    ) -> "World":
        """`failure` have the score 60, `zeros` fail with 0."""
        moment = at or noon(of)
        ones = {
            "SessionCreated": created,
            "SuccessCount": success,
            "FailureCount": failure + zeros,
            "VerificationError": errors,
        }
        for name, count in ones.items():
            self.figures.put(OWN, name, [(moment, 1.0)] * count)
        scores = [score] * success + [60.0] * failure + [0.0] * zeros
        self.figures.put(OWN, "ConfidenceScore", [(moment, each) for each in scores])
        self.figures.put(OWN, "VerificationTime", [(moment, 1.5)] * len(scores))
        return self

    def cost(self, known: Mapping[date, float], forecast: float | None = None) -> "World":
        """Days that are not `known` are zero as AWS gives them: present, and without an amount spent."""

        def usage(**asked: Any) -> Json:
            start, end = (date.fromisoformat(asked["TimePeriod"][edge]) for edge in ("Start", "End"))
            assert start < end, "Cost Explorer refuses an empty period"
            return {"ResultsByTime": [_result(day, known.get(day, 0.0)) for day in days.between(start, end)]}

        def ahead(**asked: Any) -> Json:
            start, end = (date.fromisoformat(asked["TimePeriod"][edge]) for edge in ("Start", "End"))
            assert start < end, "Cost Explorer refuses an empty period"
            return {"Total": {"Amount": str(forecast), "Unit": "USD"}, "ForecastResultsByTime": []}

        self.aws.answer("ce", "get_cost_and_usage", usage)
        self.aws.answer("ce", "get_cost_forecast", ahead)
        return self

    def ran(self, check: Check, now: datetime = NINE, **settings: Any) -> CheckSection:
        return check.run(context(self.aws, now, **settings))


def _result(day: date, amount: float) -> Json:
    period = {"Start": day.isoformat(), "End": days.before(day, -1).isoformat()}
    return {
        "TimePeriod": period,
        "Total": {"UnblendedCost": {"Amount": str(amount), "Unit": "USD"}},
        "Groups": [],
        "Estimated": True,
    }


def about(section: CheckSection, key: str) -> CheckItem:
    """The one line that says `key`, alone or inside."""
    (found,) = [item for item in section.items if key in keys(item.said)]
    return found


def reported(item: CheckItem) -> str:
    return " ".join(say(each, "en") for each in (item.said, *item.details))


def check_words(section: CheckSection) -> None:
    """Every sentence exists in both languages and lacks nothing."""
    texts = [each for item in section.items for each in (item.said, *item.details)]
    texts += [chart.title for chart in section.charts]
    assert keys(*texts) <= set(catalogue())
    for each in texts:
        for language in ("ja", "en"):
            assert "<" not in say(each, language), say(each, language)


def lights(section: CheckSection) -> list[CheckStatus]:
    return [item.light for item in section.items]
