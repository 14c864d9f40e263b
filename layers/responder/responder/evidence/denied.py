"""Denied calls, one per request and operation, from the logs of both liveness functions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence import logs
from responder.evidence.base import reason
from responder.evidence.denial import QUIET, DeniedCall, DeniedRequest, DeniedRequests, read, speaks_of_it
from responder.evidence.failures import capped
from responder.evidence.faults import DenyingPolicy
from responder.evidence.lines import LogLine, parse
from responder.evidence.logs import group_of
from responder.evidence.tally import Event

# Denied calls in sentences: never a word of the log line itself. Pure.

MOST_GROUPS = 8
QUERY = (
    "fields @timestamp, @requestId | filter @message like /AccessDenied/ | sort @timestamp desc | limit 200"
)


def tell(look: str, fact: DeniedRequests, context: Context) -> tuple[Finding, ...]:
    """The counts, then each kind, then the logs that could not be read."""
    recent, hour = (
        sum(each.at >= context.now - timedelta(minutes=minutes) for each in fact.denials)
        for minutes in (15, 60)
    )
    counts = {"recent": recent, "hour": hour, "all": len(fact.denials)}
    if fact.denials:
        going_on = any(context.now - each.at < QUIET for each in fact.denials)
        said, tone = text("evidence.denied", **counts), Tone.RED if going_on else Tone.AMBER
    else:
        clean = fact.whole(fact.since) and not fact.unparsed
        said = text("evidence.denied.none" if clean else "evidence.denied.none_seen")
        tone = Tone.NORMAL if clean else Tone.INFO
    groups = Counter((each.function, each.what) for each in fact.denials)
    details = [_group(*key, count, context) for key, count in groups.most_common(MOST_GROUPS)]
    if fact.unparsed:
        details.append(text("evidence.denied.unparsed", count=fact.unparsed))
    details += capped(fact.complete_since, fact.since)
    numbers = {name: float(count) for name, count in counts.items()}
    link = _link(context, context.settings.functions)
    found = [
        Finding(
            look,
            tone,
            said,
            len(fact.denials),
            tuple(details),
            numbers,
            link,
            subject=Subject.DENIALS,
            over=timedelta(hours=3),
        )
    ]
    found += [_unread(look, name, why, context) for name, why in fact.unread.items()]
    return tuple(found)


def _group(function: str, what: DeniedCall, count: int, context: Context) -> Text:
    return text(
        "evidence.denied.group",
        function=function,
        role=_role(what, context),
        action=what.action or what.operation,
        code=what.code,
        target=text(f"say.target.{what.target}"),
        reason=text(f"say.denied.{what.reason}"),
        count=count,
    )


def _role(what: DeniedCall, context: Context) -> Text:
    role = context.settings.service_role
    key = {True: "own", False: "other", None: "unnamed"}[what.own_role]
    return text(f"say.role.{key}", **({} if what.own_role is None else {"role": role}))


def _unread(look: str, name: str, why: Text, context: Context) -> Finding:
    said = text("evidence.failures.unread", function=name, reason=why)
    return Finding(look, Tone.UNKNOWN, said, link=_link(context, (name,)), subject=Subject.DENIALS)


def _link(context: Context, functions: tuple[str, ...]) -> str:
    groups = [group_of(function) for function in functions]
    return console_links.insights(context.settings.region, groups, context.ago(hours=3), context.now, QUERY)


# Words that stand in the lines of denied calls, in both log formats; denial.py has the last word.
PATTERN = (
    "?AccessDenied ?AccessDeniedException ?KMSAccessDeniedException ?UnauthorizedOperation"
    ' ?NotAuthorized ?"(403)"'
)


@frozen
class DeniedCalls:
    """Who was denied what in the last 3 h."""

    @property
    def name(self) -> str:
        """Its key."""
        return "denied"

    def needs(self) -> tuple[Permission, ...]:
        """Reading both log groups."""
        return tuple(Permission("logs:FilterLogEvents", which.logs) for which in LivenessFunction)

    def look(self, context: Context) -> DeniedRequests:
        """Both groups side by side; one that cannot be read does not hide the other."""
        functions = context.settings.functions
        with ThreadPoolExecutor(len(functions)) as pool:
            answers = dict(zip(functions, pool.map(lambda name: _ask(context, name), functions), strict=True))
        return _fold(context, answers)

    def tell(self, fact: DeniedRequests, context: Context) -> tuple[Finding, ...]:
        """Counted by function, action and what decided."""
        return tell(self.name, fact, context)


def _ask(context: Context, function: str) -> logs.LogRead | AwsError:
    try:
        return logs.read(context, logs.group_of(function), PATTERN)
    except AwsError as error:
        return error


def _fold(context: Context, answers: Mapping[str, logs.LogRead | AwsError]) -> DeniedRequests:
    errors = {name: answer for name, answer in answers.items() if isinstance(answer, AwsError)}
    if len(errors) == len(answers):
        raise next(iter(errors.values()))
    found: list[DeniedRequest] = []
    unparsed = 0
    for name, answer in answers.items():
        if isinstance(answer, logs.LogRead):
            denials, odd = denials_of(name, answer.events, context.settings)
            found, unparsed = [*found, *denials], unparsed + odd
    return DeniedRequests(
        context.now - logs.SEGMENTS[-1],
        tuple(sorted(found, key=lambda each: each.at)),
        unparsed,
        {name: reason(error) for name, error in errors.items()},
        {name: each.complete_since for name, each in answers.items() if isinstance(each, logs.LogRead)},
    )


def denials_of(
    function: str, events: Iterable[Event], settings: Settings
) -> tuple[tuple[DeniedRequest, ...], int]:
    """The denied requests, and how many lines speak of a denial that could not be understood."""
    found: dict[tuple[str, str], DeniedRequest] = {}
    odd: set[str] = set()
    for number, event in enumerate(sorted(events, key=lambda each: each.at)):
        line = parse(event.message)
        if line is None or line.platform:
            continue
        request = line.request or f"line {number}"
        denial = _denial(function, event, line, settings)
        if denial is None:
            odd |= {request} if speaks_of_it(line) else set()
            continue
        key = request, denial.what.operation
        # The more telling of a request's two lines counts.
        if key not in found or found[key].what.reason is DenyingPolicy.UNSAID:
            found[key] = denial
    return tuple(found.values()), len(odd - {request for request, _ in found})


def _denial(function: str, event: Event, line: LogLine, settings: Settings) -> DeniedRequest | None:
    what = read(line, settings)
    return None if what is None else DeniedRequest(function, event.at, what)
