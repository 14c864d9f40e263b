"""Failed requests, counted from the logs of both liveness functions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission
from responder.core.text import Text, text
from responder.evidence import logs
from responder.evidence.base import reason, stamp
from responder.evidence.classify import ERRORS, KNOWN
from responder.evidence.faults import NORMAL, FailedRequest, FailureTally
from responder.evidence.logs import group_of
from responder.evidence.tally import count

# The failure tally in sentences. Pure.

WINDOWS = {"15m": timedelta(minutes=15), "1h": timedelta(hours=1), "3h": timedelta(hours=3)}
QUERY = (
    "fields @timestamp, @requestId, @message"
    " | filter @message like /ERROR|Task timed out|Runtime exited|Session not found|Session expired/"
    " | sort @timestamp desc | limit 200"
)
MOST_GROUPS = 12


def tell(look: str, fact: FailureTally, context: Context) -> tuple[Finding, ...]:
    """Faults, then normal failures, then the logs that could not be read."""
    faults = [failure for failure in fact.failures if failure.fault not in NORMAL]
    normal = [failure for failure in fact.failures if failure.fault in NORMAL]
    found = [_faults(look, faults, fact, context)]
    if normal:
        found.append(_normal(look, normal, context))
    found.extend(_unread(look, name, why, context) for name, why in fact.unread.items())
    return tuple(found)


def _faults(look: str, faults: list[FailedRequest], fact: FailureTally, context: Context) -> Finding:
    counts = _counts(faults, context)
    caps = capped(fact.complete_since, fact.since)
    if not faults:
        tone = Tone.INFO if caps or fact.unread else Tone.NORMAL
        said = text("evidence.failures.nothing" if tone is Tone.NORMAL else "evidence.failures.nothing_seen")
    else:
        tone = Tone.RED if counts["15m"] else Tone.AMBER
        said = text("evidence.failures.total", recent=counts["15m"], hour=counts["1h"], all=counts["3h"])
    by_fault = Counter(str(failure.fault) for failure in faults)
    return Finding(
        look,
        tone,
        said,
        samples=len(faults),
        details=(*caps, *_groups(faults, context)),
        numbers={**counts, **by_fault},
        link=_link(context, context.settings.functions),
        subject=Subject.REQUESTS,
        over=timedelta(hours=3),
    )


def _normal(look: str, normal: list[FailedRequest], context: Context) -> Finding:
    counts = _counts(normal, context)
    said = text("evidence.failures.normal", recent=counts["15m"], hour=counts["1h"], all=counts["3h"])
    link = _link(context, context.settings.functions)
    return Finding(
        look,
        Tone.NORMAL,
        said,
        len(normal),
        _groups(normal, context),
        counts,
        link,
        subject=Subject.SESSIONS,
        over=timedelta(hours=3),
    )


def _unread(look: str, name: str, why: Text, context: Context) -> Finding:
    said = text("evidence.failures.unread", function=name, reason=why)
    return Finding(look, Tone.UNKNOWN, said, link=_link(context, (name,)), subject=Subject.REQUESTS)


def _groups(found: Iterable[FailedRequest], context: Context) -> tuple[Text, ...]:
    groups: dict[tuple[str, str, str, str], list[FailedRequest]] = {}
    for failure in found:
        key = (failure.function, str(failure.fault), failure.code, failure.operation)
        groups.setdefault(key, []).append(failure)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return tuple(_group(*key, _counts(members, context)) for key, members in ordered[:MOST_GROUPS])


def _group(function: str, fault: str, code: str, operation: str, counts: dict[str, int]) -> Text:
    return text(
        "evidence.failures.group_of_operation" if operation else "evidence.failures.group",
        function=function,
        fault=text(f"evidence.fault.{fault}"),
        code=code,
        recent=counts["15m"],
        hour=counts["1h"],
        all=counts["3h"],
        **({"operation": operation} if operation else {}),
    )


def _counts(found: Iterable[FailedRequest], context: Context) -> dict[str, int]:
    listed = list(found)
    return {name: sum(f.at >= context.now - span for f in listed) for name, span in WINDOWS.items()}


def capped(complete: Mapping[str, datetime], since: datetime) -> tuple[Text, ...]:
    """The logs that were too long to be read back to `since`, by function."""
    late = sorted((name, start) for name, start in complete.items() if start > since)
    return tuple(text("evidence.failures.capped", function=name, start=stamp(start)) for name, start in late)


def _link(context: Context, functions: Iterable[str]) -> str:
    groups = [group_of(function) for function in functions]
    return console_links.insights(context.settings.region, groups, context.ago(hours=3), context.now, QUERY)


# Words that stand in the lines we count, in both log formats; classify.py has the last word.
_WORDS = (
    *(known.begins.partition("METRIC")[0].rstrip(": ") for known in KNOWN if known.level not in ERRORS),
    *("Task timed out", "Runtime exited", "Status: error"),
)
PATTERN = " ".join(("?ERROR ?CRITICAL ?timeout ?errorType", *(f'?"{each}"' for each in _WORDS)))


@frozen
class Failures:
    """Failed requests of the last 3 h by class, AWS code and operation; one per request id."""

    @property
    def name(self) -> str:
        """Its key."""
        return "failures"

    def needs(self) -> tuple[Permission, ...]:
        """Reading both log groups."""
        return tuple(Permission("logs:FilterLogEvents", which.logs) for which in LivenessFunction)

    def look(self, context: Context) -> FailureTally:
        """Both groups side by side; one that cannot be read does not hide the other."""
        with ThreadPoolExecutor(len(LivenessFunction)) as pool:
            answers = dict(zip(context.settings.functions, pool.map(_read, _asks(context)), strict=True))
        read = {name: answer for name, answer in answers.items() if isinstance(answer, logs.LogRead)}
        errors = {name: answer for name, answer in answers.items() if isinstance(answer, AwsError)}
        if not read:
            raise next(iter(errors.values()))
        return _tally(context, read, errors)

    def tell(self, fact: FailureTally, context: Context) -> tuple[Finding, ...]:
        """Faults first, then what is normal, then what could not be read."""
        return tell(self.name, fact, context)


def _asks(context: Context) -> list[tuple[Context, str]]:
    return [(context, logs.group_of(function)) for function in context.settings.functions]


def _read(ask: tuple[Context, str]) -> logs.LogRead | AwsError:
    try:
        return logs.read(*ask, PATTERN)
    except AwsError as error:
        return error


def _tally(
    context: Context, read: Mapping[str, logs.LogRead], errors: Mapping[str, AwsError]
) -> FailureTally:
    found = [count(name, part.events) for name, part in read.items()]
    return FailureTally(
        since=context.now - logs.SEGMENTS[-1],
        failures=tuple(sorted((f for each in found for f in each.failures), key=lambda failure: failure.at)),
        complete_since={name: part.complete_since for name, part in read.items()},
        lines=sum(len(part.events) for part in read.values()),
        unread={name: reason(error) for name, error in errors.items()},
        throttled=tuple(at for each in found for at in each.throttled),
    )
