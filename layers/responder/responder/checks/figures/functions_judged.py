"""The health of one function as a line of the report. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from responder.checks import formatting, thresholds
from responder.checks.figures.shares import Share
from responder.checks.identity import Checked, magnitude
from responder.checks.model import CheckItem, CheckStatus, RootCause, worst
from responder.core.text import Text, Value, text

HEALTH = "3. Lambda関数ヘルスチェック"
METRICS = "CloudWatchメトリクス"
ERRORS_CHAPTER = "アラート4: Lambda エラー"


@dataclass(frozen=True, slots=True)
class CountedSpan:
    """What AWS/Lambda counted; `longest` in seconds, None without an invocation."""

    invocations: float = 0.0
    errors: float = 0.0
    throttles: float = 0.0
    longest: float | None = None

    @property
    def error_rate(self) -> Share:
        """Errors that escaped the handler."""
        return Share(self.errors, self.invocations)


@dataclass(frozen=True, slots=True)
class FunctionHealth:
    """`limit`: the manual's line for the duration in seconds, where it has one."""

    function: str
    yesterday: CountedSpan
    today: CountedSpan
    limit: float | None = None

    @property
    def called(self) -> bool:
        """It was invoked. A caller that is turned away calls it, though AWS counts no invocation."""
        return any(span.invocations or span.throttles for span in (self.yesterday, self.today))


def uncalled(names: tuple[str, ...], *, all_of_them: bool) -> CheckItem:
    """Functions without a single call in two days are not green; they are one finding, for one cause."""
    said = text("checks.function.uncalled", count=len(names), functions=", ".join(names))
    root = RootCause.TRAFFIC if all_of_them else None
    return CheckItem(
        Checked.FUNCTIONS_UNCALLED.of(),
        CheckStatus.UNKNOWN,
        said,
        (text("checks.function.uncalled.why"),),
        HEALTH,
        root=root,
    )


def invocations(of: tuple[FunctionHealth, ...], link: str) -> CheckItem:
    """Yesterday's calls of the liveness functions against the manual's range for each."""
    low, high = thresholds.SESSIONS
    counts = {each.function: each.yesterday.invocations for each in of}
    few, many = any(each < low for each in counts.values()), any(each > high for each in counts.values())
    shown = tuple(
        text("checks.function.invocations.of", function=name, count=round(each))
        for name, each in counts.items()
    )
    said = text("checks.function.invocations", functions=shown)
    root = RootCause.TRAFFIC if few and not many else None
    light = CheckStatus.AMBER if few or many else CheckStatus.GREEN
    details = (text("checks.function.invocations.many"),) if many else ()
    facts = (
        *(f"few {name}" for name, each in counts.items() if each < low),
        *(f"many {name} {magnitude(each)}" for name, each in counts.items() if each > high),
    )
    return CheckItem(
        Checked.FUNCTIONS_CALLED.of(), light, said, details, METRICS, link=link, root=root, facts=facts
    )


def judged(of: FunctionHealth, link: str) -> CheckItem:
    """The worse of yesterday and today."""
    light = _light(of)
    numbers = {
        "invocations": of.yesterday.invocations,
        "errors": of.yesterday.errors,
        "throttles": of.yesterday.throttles,
        "today_invocations": of.today.invocations,
        "today_errors": of.today.errors,
        "today_throttles": of.today.throttles,
    }
    chapter = HEALTH if light in (CheckStatus.GREEN, CheckStatus.UNKNOWN) else ERRORS_CHAPTER
    return CheckItem(
        Checked.FUNCTION_HEALTH.of(of.function),
        light,
        _said(of),
        (),
        chapter,
        numbers=numbers,
        link=link,
        facts=tuple(_wrong(of)),
    )


def _wrong(of: FunctionHealth) -> Iterator[str]:
    both = (of.yesterday, of.today)
    if any(thresholds.errors(span.error_rate) in (CheckStatus.RED, CheckStatus.AMBER) for span in both):
        yield "errors"
    if any(span.throttles for span in both):
        yield "throttles"
    if any(_slow(span, of.limit) for span in both):
        yield "slow"


def _said(of: FunctionHealth) -> Text:
    values: dict[str, Value] = {
        "function": of.function,
        "yesterday": formatting.share(of.yesterday.error_rate),
        "today": formatting.share(of.today.error_rate),
        "throttles": round(of.yesterday.throttles + of.today.throttles),
    }
    if of.limit is None or not (_slow(of.yesterday, of.limit) or _slow(of.today, of.limit)):
        return text("checks.function", **values)
    longest = max(span.longest or 0.0 for span in (of.yesterday, of.today))
    return text("checks.function.slow", **values, longest=longest, limit=of.limit)


def _light(of: FunctionHealth) -> CheckStatus:
    seen = [_one(span, of.limit) for span in (of.yesterday, of.today)]
    # The first minutes of a day may well be without a call; two days without one are not.
    known = [light for light in seen if light is not CheckStatus.UNKNOWN]
    return worst(*known) if known else CheckStatus.UNKNOWN


def _one(span: CountedSpan, limit: float | None) -> CheckStatus:
    found = thresholds.errors(span.error_rate)
    if span.throttles:
        turned_away = Share(span.throttles, span.throttles + span.invocations)
        found = worst(found, CheckStatus.AMBER, thresholds.errors(turned_away))
    return worst(found, CheckStatus.AMBER) if _slow(span, limit) else found


def _slow(span: CountedSpan, limit: float | None) -> bool:
    return limit is not None and (span.longest or 0.0) >= limit
