"""The days of a month that were surely outside the normal range: an average hides them. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from responder.checks import formatting, thresholds
from responder.checks.figures.counts import Counts
from responder.checks.figures.daily_judged import success
from responder.checks.figures.usual import usual
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core.text import Text, text

# So many are written out; the charts show the others.
_MOST = 10

type _Figure = tuple[str, Callable[[Counts], CheckStatus], Callable[[Counts], Text]]
_FIGURES: tuple[_Figure, ...] = (
    ("success", success, lambda of: formatting.finished(of.finished_rate, of.success_rate, of.zeros)),
    (
        "confidence",
        lambda of: thresholds.confidence(of.real_confidence),
        lambda of: formatting.scored(of.real_confidence, of.confidence, of.zeros),
    ),
    ("answered", lambda of: thresholds.answered(of.answered), lambda of: formatting.share(of.answered)),
    ("time", lambda of: thresholds.seconds(of.time), lambda of: formatting.mean(of.time, "seconds")),
    ("errors", lambda of: thresholds.errors(of.error_rate), lambda of: formatting.share(of.error_rate)),
    (
        "creation",
        lambda of: thresholds.errors(of.creation_error_rate),
        lambda of: formatting.share(of.creation_error_rate),
    ),
)


def bad_days(
    by_day: Mapping[date, Counts], created: Mapping[date, float], month: date, chapter: str
) -> tuple[CheckItem, ...]:
    """One line that names the days whose figures are red, the worst part first; none without any.

    `created`: sessions by day, of the month and the one before it.
    """
    found = {day: tuple(_odd(day, each, created)) for day, each in sorted(by_day.items())}
    bad = {day: parts for day, parts in found.items() if parts}
    if not bad:
        return ()
    details = [
        text("checks.month.bad_day", day=formatting.day(day), figures=parts) for day, parts in bad.items()
    ]
    more = (text("checks.month.bad_days.more", count=len(bad) - _MOST),) if len(bad) > _MOST else ()
    shown = ", ".join(formatting.day(day) for day in list(bad)[:_MOST])
    said = text("checks.month.bad_days", month=formatting.month(month), count=len(bad), days=shown)
    numbers = {"bad_days": float(len(bad))}
    return (
        CheckItem(
            Checked.BAD_DAYS.of(),
            CheckStatus.AMBER,
            said,
            (*details[:_MOST], *more),
            chapter,
            numbers=numbers,
        ),
    )


def _odd(day: date, of: Counts, created: Mapping[date, float]) -> Iterator[Text]:
    best = usual(created, day).best
    if thresholds.sessions(of.created, best) is CheckStatus.RED:
        yield text("checks.month.bad_day.sessions", count=round(of.created), best=round(best))
    for name, judge, value in _FIGURES:
        if judge(of) is CheckStatus.RED:
            yield text("checks.month.bad_day.figure", figure=text(f"checks.figure.{name}"), value=value(of))
