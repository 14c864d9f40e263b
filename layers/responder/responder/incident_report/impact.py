"""The impact of an incident on users: requests that failed, and logins let through while security was
lowered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from responder.core.context import Context
from responder.core.text import text
from responder.evidence import metrics
from responder.evidence.base import reason
from responder.evidence.metrics import Metric, of_function
from responder.incident_report.metric import period_for
from responder.incident_report.model import Impact, IncidentReport

# The service counts what its handlers catch; what escapes them is counted by Lambda alone.
_COUNTED = ("VerificationError", "SessionCreationError")
_ESCAPED, _CALLS = ("Errors", "Throttles"), "Invocations"
_MINUTE = 60


def measure(context: Context, report: IncidentReport) -> Impact:
    """One request. What cannot be read is reported, and never raised: the report must not fail because of
    it."""
    times = report.times
    start, end = times.start, times.mitigated or times.closed
    spans = lowered(report)
    found = Impact(start, max(start, end), lowered=sum((e - s for s, e in spans), timedelta()))
    try:
        return _counted(context, report, found, spans)
    except Exception as error:
        return replace(found, problem=text("chronicle.no_impact", reason=reason(error)))


def _counted(
    context: Context, report: IncidentReport, of: Impact, spans: list[tuple[datetime, datetime]]
) -> Impact:
    settings = context.settings
    begin = min([of.start, *(start for start, _ in spans)])
    period = period_for(_MINUTE, context.now - begin)
    last = max([of.end, *(end for _, end in spans)]) + timedelta(seconds=period)
    asked = {name: Metric(settings.namespace, name, "Sum", (), period) for name in _COUNTED}
    for function in settings.functions:
        for name in (*_ESCAPED, _CALLS):
            asked[f"{name} {function}"] = of_function(name, "Sum", function, period)
    targets = {each.target for one in report.remedies if one.lowers_security for each in one.changes}
    logins = {f"login {each}": of_function(_CALLS, "Sum", each, period) for each in sorted(targets)}
    found = metrics.read(context, {**asked, **logins}, _whole(begin, period), last)

    def total(keys: Iterable[str], start: datetime, end: datetime) -> float:
        # A period that began before the span contains a part of it: it is counted in.
        return sum(found[key].between(_whole(start, period), end).total for key in keys)

    called = [f"{name} {function}" for name in (_CALLS, "Throttles") for function in settings.functions]
    failed = total((key for key in asked if not key.startswith(_CALLS)), of.start, of.end)
    unchecked = sum(total(logins, *span) for span in spans) if spans else None
    requests = max(failed, total(called, of.start, of.end))
    return replace(of, failed=failed, requests=requests, unchecked=unchecked)


def _whole(at: datetime, period: int) -> datetime:
    return at - timedelta(seconds=at.timestamp() % period)


def lowered(report: IncidentReport) -> list[tuple[datetime, datetime]]:
    """The spans in which a remedy that lowers security was in force, oldest first, without overlaps."""
    spans: list[tuple[datetime, datetime]] = []
    for each in report.remedies:
        if not each.lowers_security or each.applied is None:
            continue
        start, end = each.applied, max(each.applied, each.ended or report.times.closed)
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], end)
        else:
            spans.append((start, end))
    return spans
