"""Failed requests, counted from the logs of both liveness functions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from responder.core.context import Context
from responder.core.finding import Finding, Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission, Permissions
from responder.core.text import Text, Texts, Value, Values, text
from responder.core.timestamps import stamp
from responder.evidence import logs
from responder.evidence.base import Look, reason, side_by_side
from responder.evidence.classify import ERRORS, KNOWN, LogFormat
from responder.evidence.faults import NORMAL, FailedRequest, FailureTally
from responder.evidence.logs import count

WINDOWS = {"15m": timedelta(minutes=15), "1h": timedelta(hours=1), "3h": timedelta(hours=3)}
QUERY = (
    "fields @timestamp, @requestId, @message"
    " | filter @message like /ERROR|Task timed out|Runtime exited|Session not found|Session expired/"
    " | sort @timestamp desc | limit 200"
)
MOST_GROUPS = 12
# Words in the lines that are counted, in both log formats; classify.py decides.
_WORDS = (
    *(known.begins.partition("METRIC")[0].rstrip(": ") for known in KNOWN if known.level not in ERRORS),
    *("Task timed out", "Runtime exited", "Status: error"),
)
PATTERN = " ".join(("?ERROR ?CRITICAL ?timeout ?errorType", *(f'?"{each}"' for each in _WORDS)))


@frozen
class Failures(Look):
    """Failed requests of the last 3 h by class, AWS code and operation; one per request id."""

    KEY, SUBJECT = "failures", Subject.REQUESTS

    def needs(self) -> Permissions:
        """Reading both log groups and in which format each function writes."""
        return (
            *logs.BOTH,
            *(Permission("lambda:GetFunctionConfiguration", each.arn) for each in LivenessFunction),
        )

    def look(self, context: Context) -> FailureTally:
        """Both groups side by side; one that cannot be read does not hide the other. Where the format
        cannot be read, no line of the logger is certain."""
        functions = context.settings.functions
        forms, unknown = side_by_side({name: partial(log_format, context, name) for name in functions})
        read, errors = logs.read_both(context, PATTERN)
        found = [count(name, part.events, forms.get(name)) for name, part in read.items()]
        failures = sorted((f for each in found for f in each.failures), key=lambda failure: failure.at)
        return FailureTally(
            since=context.now - logs.SEGMENTS[-1],
            failures=tuple(failures),
            complete_since={name: part.complete_since for name, part in read.items()},
            lines=sum(len(part.events) for part in read.values()),
            unread={name: reason(error) for name, error in errors.items()},
            throttled=tuple(at for each in found for at in each.throttled),
            unsent=tuple(one for each in found for one in each.unsent),
            uncertain={name: reason(error) for name, error in unknown.items()},
        )

    def findings(self, fact: FailureTally, context: Context) -> Findings:
        """Faults, then normal failures, then the logs that could not be read."""
        faults = [failure for failure in fact.failures if failure.fault not in NORMAL]
        normal = [failure for failure in fact.failures if failure.fault in NORMAL]
        link, over = logs.link(context, QUERY), WINDOWS["3h"]
        found = [self._faults(faults, fact, context, link)]
        if normal:
            counts = _counts(normal, context)
            said = _counted("evidence.failures.normal", counts)
            details = _groups(normal, context)
            found.append(
                self.finding(
                    Tone.NORMAL, said, len(normal), details, counts, link, over=over, subject=Subject.SESSIONS
                )
            )
        for name, why in fact.uncertain.items():
            said = text("evidence.failures.uncertain", function=name, reason=why)
            found.append(self.finding(Tone.UNKNOWN, said, link=link))
        return (*found, *logs.unread(self, fact.unread, QUERY, context))

    def _faults(
        self, faults: list[FailedRequest], fact: FailureTally, context: Context, link: str
    ) -> Finding:
        counts = _counts(faults, context)
        caps = capped(fact.complete_since, fact.since)
        if not faults:
            clean = not (caps or fact.unread)
            tone = Tone.NORMAL if clean else Tone.INFO
            said = text("evidence.failures.nothing" if clean else "evidence.failures.nothing_seen")
        else:
            tone = Tone.RED if counts["15m"] else Tone.AMBER
            said = _counted("evidence.failures.total", counts)
        numbers = {**counts, **Counter(str(failure.fault) for failure in faults)}
        details = (*caps, *_groups(faults, context))
        return self.finding(tone, said, len(faults), details, numbers, link, over=WINDOWS["3h"])


def log_format(context: Context, function: str) -> LogFormat | None:
    """In which format the function writes its log; None for one that is not known here.

    Raises:
        AwsError: its configuration could not be read.
    """
    answer = context.aws.call("lambda", "get_function_configuration", FunctionName=function)
    named = (answer.get("LoggingConfig") or {}).get("LogFormat", LogFormat.TEXT)
    return next((each for each in LogFormat if each == named), None)


def _groups(found: Iterable[FailedRequest], context: Context) -> Texts:
    groups: dict[tuple[str, str, str, str], list[FailedRequest]] = {}
    for failure in found:
        key = (failure.function, str(failure.fault), failure.code, failure.operation)
        groups.setdefault(key, []).append(failure)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    said = []
    for (function, fault, code, operation), members in ordered[:MOST_GROUPS]:
        fault_said = text(f"evidence.fault.{fault}")
        about: Values = {"function": function, "fault": fault_said, "code": code}
        of_operation = "_of_operation" if operation else ""
        about |= {"operation": operation} if operation else {}
        counts = _counts(members, context)
        said.append(_counted(f"evidence.failures.group{of_operation}", counts, about))
    return tuple(said)


def _counts(found: Iterable[FailedRequest], context: Context) -> dict[str, int]:
    listed = list(found)
    return {name: sum(f.at >= context.now - span for f in listed) for name, span in WINDOWS.items()}


def _counted(key: str, counts: dict[str, int], about: Mapping[str, Value] | None = None) -> Text:
    """With the counts of the three windows; where all of them are recent, one number says that."""
    values = {"recent": counts["15m"], "hour": counts["1h"], "all": counts["3h"]}
    return Text(f"{key}_recent" if counts["15m"] == counts["3h"] else key, {**(about or {}), **values})


def capped(complete: Mapping[str, datetime], since: datetime) -> Texts:
    """The logs that were too long to be read back to `since`, by function."""
    late = sorted((name, start) for name, start in complete.items() if start > since)
    return tuple(text("evidence.failures.capped", function=name, start=stamp(start)) for name, start in late)
