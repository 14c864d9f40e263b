"""The data by which alarms are judged here: sessions by hour of the day, and whether the watched metrics
arrive."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo

from responder.checks import days
from responder.checks.days import Days
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction, scope_of
from responder.core.series import Series, SeriesByName
from responder.core.settings import Settings
from responder.detection.traffic import HOURS, SessionTraffic, by_hour
from responder.evidence import metrics
from responder.evidence.faults import FailureTally
from responder.evidence.invocations import SENT, Answered, LostMetrics, lost

# CloudWatch keeps hourly figures for 455 days (API reference, GetMetricData).
MOST_DAYS = 455
_HOUR = timedelta(hours=1)


@frozen
class ObservedTraffic:
    """Of whole days of the owner's zone.

    Attributes:
        traffic: sessions by hour of an average day; None without a whole day, or without any session.
        asked: how many days were asked for; `first` and `last`: those that CloudWatch has all figures of.
        days: how many these are, which the average is of.
        idle: those without any figure: no traffic, or a gap in the data. They count as days without sessions.
        by_lambda: days of which only Lambda has figures: the service's own metric did not arrive.
    """

    traffic: SessionTraffic | None
    asked: int
    first: date | None = None
    last: date | None = None
    days: int = 0
    idle: Days = ()
    by_lambda: Days = ()


@frozen
class FiguresRead:
    """Hourly sums. `calls`: of each function; `created`: sessions by the service's own metric; `span`: the
    time that was read, up to now."""

    calls: Mapping[LivenessFunction, Answered]
    created: Series
    span: tuple[datetime, datetime]

    def lost(self, tally: FailureTally | None = None) -> tuple[LostMetrics, ...]:
        """The loss of each function whose metrics no longer arrive."""
        found = (lost(each, tally, self.span, _HOUR) for each in self.calls.values())
        return tuple(filter(None, found))


def read(context: Context, back: int) -> FiguresRead:
    """One request for the last `back` whole days and today.

    Raises:
        AwsError: it was refused, or a part of the answer is missing.
    """
    settings, where = context.settings, days.zone(context.settings.check_zone)
    first = days.start_of(days.before(days.day_of(context.now, where), back), where)
    span = first.replace(minute=0), context.now
    asked = {"created": metrics.Metric(settings.namespace, "SessionCreated", "Sum", period=metrics.HOUR)}
    for function in LivenessFunction:
        asked |= _asked(function, settings)
    found = metrics.read(context, asked, *span)
    calls = {each: _answered(each, found, settings) for each in LivenessFunction}
    return FiguresRead(calls, found["created"], span)


def to_the_minute(
    context: Context, figures: FiguresRead, found: LostMetrics, tally: FailureTally | None
) -> LostMetrics:
    """The same loss from the minute on in which the last metric arrived, which may be early in its hour. One
    request. Where that minute is not kept, or cannot be read, `found` itself."""
    settings = context.settings
    function = LivenessFunction(scope_of(found.function, settings))
    hours, until = figures.calls[function], found.since
    if until is None:
        return found
    try:
        read = metrics.read(context, _asked(function, settings, metrics.MINUTE), until - _HOUR, until)
    except AwsError:
        return found
    minutes = _answered(function, read, settings)
    if not minutes.arrived.points:
        return found
    calls = Series((*minutes.invocations.points, *hours.invocations.since(until).points))
    errors = Series((*minutes.errors.points, *hours.errors.since(until).points))
    return lost(Answered(found.function, calls, errors, minutes.arrived), tally, figures.span) or found


def _asked(
    function: LivenessFunction, settings: Settings, period: int = metrics.HOUR
) -> dict[str, metrics.Metric]:
    name = function.deployed_name(settings)
    counted = {
        f"{function} {each}": metrics.of_function(each, "Sum", name, period)
        for each in ("Invocations", "Errors")
    }
    own = {
        f"{function} own {each}": metrics.Metric(settings.namespace, each, "SampleCount", period=period)
        for each in SENT[function]
    }
    return counted | own


def _answered(function: LivenessFunction, found: SeriesByName, settings: Settings) -> Answered:
    own = (series for name, series in found.items() if name.startswith(f"{function} own "))
    arrived = Series(tuple(sorted(point for series in own for point in series.points)))
    return Answered(
        function.deployed_name(settings),
        found[f"{function} Invocations"],
        found[f"{function} Errors"],
        arrived,
    )


def observed(figures: FiguresRead, back: int, where: tzinfo) -> ObservedTraffic:
    """Days of which CloudWatch has only a part, the first one and today, count for nothing. Pure."""
    _, now = figures.span
    today = days.day_of(now, where)
    own = _by_day(figures.created, now, where)
    called = _by_day(figures.calls[LivenessFunction.CREATE].invocations, now, where)
    there = sorted(own.keys() | called.keys())
    wanted = days.between(days.before(today, back), today)
    # If the history begins within the requested time, its first day is incomplete.
    first = there[0] if there and there[0] == wanted[0] else next(iter(there[:1]), today) + timedelta(days=1)
    whole = [each for each in wanted if each >= first]
    counted = {each: _counted(own.get(each, Counter()), called.get(each, Counter())) for each in whole}
    with_sessions = [each for each, hours in counted.items() if hours.total()]
    if not with_sessions:
        return ObservedTraffic(None, back, *_ends(whole))
    total = sum((counted[each] for each in with_sessions), Counter[int]())
    return ObservedTraffic(
        by_hour([float(total[hour]) for hour in range(HOURS)], len(whole)),
        back,
        *_ends(whole),
        len(whole),
        tuple(each for each in whole if each not in with_sessions),
        tuple(each for each in with_sessions if not own.get(each, Counter()).total()),
    )


def _counted(own: Counter[int], called: Counter[int]) -> Counter[int]:
    """Sessions by hour; in one without the service's own metric, calls of the function that opens them."""
    return Counter({hour: own[hour] or called[hour] for hour in {*own, *called}})


def _ends(whole: list[date]) -> tuple[date | None, date | None]:
    return (whole[0], whole[-1]) if whole else (None, None)


def _by_day(series: Series, now: datetime, where: tzinfo) -> dict[date, Counter[int]]:
    found: dict[date, Counter[int]] = defaultdict(Counter)
    for at, value in series.points:
        here = at.astimezone(where)
        if at < now and value > 0:
            found[here.date()][here.hour] += round(value)
    return found
