"""Denied calls, one per request and operation, from the logs of both liveness functions."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from responder.core.context import Context
from responder.core.finding import Finding, Subject, Tone
from responder.core.frozen import frozen
from responder.core.permissions import Permission
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence import logs
from responder.evidence.base import Look, reason
from responder.evidence.denied import QUIET, DeniedCall, DeniedRequest, DeniedRequests, read, speaks_of_it
from responder.evidence.failures import capped
from responder.evidence.faults import DenyingPolicy
from responder.evidence.lines import parse
from responder.evidence.tally import Event

MOST_GROUPS = 8
QUERY = (
    "fields @timestamp, @requestId | filter @message like /AccessDenied/ | sort @timestamp desc | limit 200"
)
# Words that stand in the lines of denied calls, in both log formats; denial.py has the last word.
PATTERN = (
    "?AccessDenied ?AccessDeniedException ?KMSAccessDeniedException ?UnauthorizedOperation"
    ' ?NotAuthorized ?"(403)"'
)


@frozen
class DeniedCalls(Look):
    """Who was denied what in the last 3 h. Never a word of the log line itself is told."""

    KEY, SUBJECT = "denied", Subject.DENIALS

    def needs(self) -> tuple[Permission, ...]:
        """Reading both log groups."""
        return logs.BOTH

    def look(self, context: Context) -> DeniedRequests:
        """Both groups side by side; one that cannot be read does not hide the other."""
        answers, errors = logs.read_both(context, PATTERN)
        found: list[DeniedRequest] = []
        unparsed = 0
        for name, answer in answers.items():
            denials, odd = denials_of(name, answer.events, context.settings)
            found, unparsed = [*found, *denials], unparsed + odd
        return DeniedRequests(
            context.now - logs.SEGMENTS[-1],
            tuple(sorted(found, key=lambda each: each.at)),
            unparsed,
            {name: reason(error) for name, error in errors.items()},
            {name: each.complete_since for name, each in answers.items()},
        )

    def tell(self, fact: DeniedRequests, context: Context) -> tuple[Finding, ...]:
        """The counts, then each kind, then the logs that could not be read."""
        ages = [context.now - each.at for each in fact.denials]
        recent, hour = (sum(age <= timedelta(minutes=minutes) for age in ages) for minutes in (15, 60))
        counts = {"recent": recent, "hour": hour, "all": len(ages)}
        if fact.denials:
            going_on = any(age < QUIET for age in ages)
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
        over, link = timedelta(hours=3), logs.link(context, QUERY)
        found = self.finding(tone, said, len(fact.denials), details, numbers, link, over=over)
        return (found, *logs.unread(self, fact.unread, QUERY, context))


def _group(function: str, what: DeniedCall, count: int, context: Context) -> Text:
    key = {True: "own", False: "other", None: "unnamed"}[what.own_role]
    named = {} if what.own_role is None else {"role": context.settings.service_role}
    return text(
        "evidence.denied.group",
        function=function,
        role=text(f"say.role.{key}", **named),
        action=what.action or what.operation,
        code=what.code,
        target=text(f"say.target.{what.target}"),
        reason=text(f"say.denied.{what.reason}"),
        count=count,
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
        what = read(line, settings)
        if what is None:
            odd |= {request} if speaks_of_it(line) else set()
            continue
        key = request, what.operation
        # The more telling of a request's two lines counts.
        if key not in found or found[key].what.reason is DenyingPolicy.UNSAID:
            found[key] = DeniedRequest(function, event.at, what)
    return tuple(found.values()), len(odd - {request for request, _ in found})
