"""Denied calls, one per request and operation: who was denied what, and by which policy?

AWS writes `User: ARN is not authorized to perform: ACTION on resource: ARN because …`, or no more than
`Access Denied`. The resource holds object keys and the user a session's name: both stay here. Between
them can be a caller's own text (a session id in a key), so AWS's reason is only read at the end.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.context import Context
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.permissions import Permissions
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence import logs
from responder.evidence.base import Look, reason
from responder.evidence.classify import AWS, ERRORS, LogLine, classify, find, parse
from responder.evidence.failures import capped
from responder.evidence.faults import NORMAL, DenyingPolicy, denial_reason
from responder.evidence.logs import Event

# IAM and bucket policies take effect within moments; so much silence under load is no chance.
QUIET = timedelta(minutes=5)


class DeniedTarget(StrEnum):
    """What was requested: the service's, another one, or not named in the line."""

    OURS = "ours"
    OTHER = "other"
    UNNAMED = "unnamed"


@frozen
class DeniedCall:
    """One denied call.

    Attributes:
        code: AWS's error code.
        operation: the API operation (`PutObject`).
        action: the IAM action (`s3:PutObject`): as AWS named it, else by the operation; "" unknown.
        target: whether it was our bucket, table or key. Its name stays behind.
        own_role: it was the service's role; None where the line names no caller.
    """

    code: str
    operation: str
    action: str
    reason: DenyingPolicy = DenyingPolicy.UNSAID
    target: DeniedTarget = DeniedTarget.UNNAMED
    own_role: bool | None = None

    @property
    def service(self) -> str:
        """`s3`, `kms`, `dynamodb`, …; "" unknown."""
        return self.action.partition(":")[0]


@frozen
class DeniedRequest:
    """One request that was denied one operation."""

    function: str
    at: datetime
    what: DeniedCall


@frozen
class DeniedRequests:
    """Denied requests since `since`, oldest first, one per request and operation.

    `unparsed`: lines about a denial in an unknown form. `unread`: functions whose
    log could not be read. `complete_since`: per function, from when on its log was read to the end (later
    than `since` where it is huge): before that, silence proves nothing.
    """

    since: datetime
    denials: tuple[DeniedRequest, ...]
    unparsed: int = 0
    unread: Mapping[str, Text] = field(default_factory=dict)
    complete_since: Mapping[str, datetime] = field(default_factory=dict)

    def whole(self, start: datetime) -> bool:
        """Since `start` nothing is missing of either log."""
        return not self.unread and all(each <= start for each in self.complete_since.values())


_SERVICES = {
    "s3": ("PutObject", "GetObject", "DeleteObject", "PutObjectAcl"),
    "dynamodb": ("PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query"),
    "rekognition": (
        "CreateFaceLivenessSession",
        "GetFaceLivenessSessionResults",
        "DetectFaces",
        "SearchFacesByImage",
    ),
    "cloudwatch": ("PutMetricData",),
}
ACTIONS = {operation: f"{service}:{operation}" for service, names in _SERVICES.items() for operation in names}
ACTIONS |= {"HeadObject": "s3:GetObject", "ListObjectsV2": "s3:ListBucket"}
_CODES = frozenset({"AccessDenied", "AccessDeniedException", "KMSAccessDeniedException", "403"})
_CODES |= {"UnauthorizedOperation", "NotAuthorized"}
_LEVELS = frozenset({"WARNING", *ERRORS})
_SAID = re.compile(rf"{AWS.pattern}(?: \(reached max retries: \d+\))?: (?P<rest>.*)")
_WHO = re.compile(
    r"User: arn:[\w-]+:(?:sts|iam)::\d{12}:(?P<user>\S{1,300}) is not authorized to perform: "
    r"(?P<action>[a-z0-9-]{2,40}:[A-Za-z0-9]{2,60})\b(?: on resource: \"?(?P<resource>arn:[^\s\"]{1,1100}))?"
)


def speaks_of_it(line: LogLine) -> bool:
    """Whether the line reports an error, contains a code of denial, and reports no other answer of AWS."""
    known = find(line.said)
    answered = AWS.match(known[1]) if known else None
    if answered and answered["code"] not in _CODES:
        return False
    return _of_trouble(line) and any(f"({code})" in line.said for code in _CODES)


def denied_call(line: LogLine, settings: Settings) -> DeniedCall | None:
    """What was denied; None where the line does not begin like a denial."""
    known = find(line.said)
    found = _SAID.match(known[1].partition("\n")[0].rstrip()) if known else None
    if found is None or found["code"] not in _CODES or not _of_trouble(line):
        return None
    code, operation, rest = found["code"], found["operation"], found["rest"]
    who = _WHO.match(rest)
    action = who["action"] if who else ACTIONS.get(operation, "")
    return DeniedCall(
        code=code,
        operation=operation,
        action=action,
        reason=denial_reason(rest) if who else DenyingPolicy.UNSAID,
        target=_target(who["resource"] or "", settings) if who else DeniedTarget.UNNAMED,
        own_role=(who["user"].split("/")[:2] == ["assumed-role", settings.service_role]) if who else None,
    )


def _of_trouble(line: LogLine) -> bool:
    # "Session not found: …" continues with what the caller sent.
    meaning = classify(line)
    return line.level in _LEVELS and (meaning is None or meaning.fault not in NORMAL)


def _target(resource: str, settings: Settings) -> DeniedTarget:
    """Whether the resource belongs to the service; unknown for a key and a Rekognition resource."""
    _, _, service, _, _, name, *_ = (*resource.split(":", 5), *("",) * 6)
    ours = {"s3": settings.bucket, "dynamodb": f"table/{settings.sessions_table}"}
    if not ours.get(service):
        return DeniedTarget.UNNAMED
    parts = name.split("/")
    whole = "/".join(parts[:2]) if service == "dynamodb" else parts[0]
    return DeniedTarget.OURS if whole == ours[service] else DeniedTarget.OTHER


MOST_GROUPS = 8
QUERY = (
    "fields @timestamp, @requestId | filter @message like /AccessDenied/ | sort @timestamp desc | limit 200"
)
# Words in the lines of denied calls, in both log formats; `denied_call` decides.
PATTERN = (
    "?AccessDenied ?AccessDeniedException ?KMSAccessDeniedException ?UnauthorizedOperation"
    ' ?NotAuthorized ?"(403)"'
)


@frozen
class DeniedCalls(Look):
    """Which caller was denied which action in the last 3 h. The log line itself is never quoted."""

    KEY, SUBJECT = "denied", Subject.DENIALS

    def needs(self) -> Permissions:
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

    def findings(self, fact: DeniedRequests, context: Context) -> Findings:
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
    """The denied requests, and how many lines about a denial could not be understood."""
    found: dict[tuple[str, str], DeniedRequest] = {}
    odd: set[str] = set()
    for number, event in enumerate(sorted(events, key=lambda each: each.at)):
        line = parse(event.message)
        if line is None or line.platform:
            continue
        request = line.request or f"line {number}"
        what = denied_call(line, settings)
        if what is None:
            odd |= {request} if speaks_of_it(line) else set()
            continue
        key = request, what.operation
        # Of a request's two lines the more specific one counts.
        if key not in found or found[key].what.reason is DenyingPolicy.UNSAID:
            found[key] = DeniedRequest(function, event.at, what)
    return tuple(found.values()), len(odd - {request for request, _ in found})
