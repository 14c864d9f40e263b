"""What an identity policy allows beyond what the service is known to need, and what it does not allow.

Both take statements as IAM writes them. Pure; never raises.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from responder.checks.finding import AMBER, GREEN, RED, CheckStatus, worst
from responder.checks.security.object_keys import shown
from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.evidence import policies as arns
from responder.evidence.access import EXPECTED
from responder.evidence.policies import (
    Statement,
    Statements,
    covers,
    encloses,
    listed,
    reaches,
    surely_allowed,
)

_ACTIONS = Path(__file__).with_name("iam_actions.txt")
# Services that hold data or keys, or run code: there a resource has to be one of the service.
_SENSITIVE = frozenset(
    ["cognito-idp", "dynamodb", "iam", "kms", "lambda", "organizations", "s3", "secretsmanager", "ssm", "sts"]
)
# Ids of their resources do not show what they belong to: any that is named in this account counts as
# intended.
_BY_ID = frozenset(("cognito-idp", "kms"))
_READS = re.compile(r"(BatchGet|Describe|Filter|Get|List|Lookup|Search|Test)\w*", re.IGNORECASE)
# Reading logs is too much in any log group: they may contain anything, and the service only writes them.
_READS_LOGS = re.compile(r"logs:(Filter|Get)\w*|logs:Start(LiveTail|Query)", re.IGNORECASE)
# What the service changes and starts, as far as its functions' code, errors and variables show.
_USED = {
    service: re.compile(verbs, re.IGNORECASE)
    for service, verbs in {
        "cloudwatch": "PutMetricData",
        "cognito-idp": r"(?!(Create|Delete|Set|Update)(Group|IdentityProvider|ResourceServer|UserPool))\w+",
        "dynamodb": r"(BatchWrite|ConditionCheck|Delete|Put|Update)Item|PartiQL\w+|Query|Scan",
        "ec2": r"(Create|Delete)NetworkInterface|(Una|A)ssignPrivateIpAddresses",
        "kms": r"Decrypt|Encrypt|GenerateDataKey\w*|ReEncrypt\w*",
        "lambda": r"Invoke\w+",
        "logs": "CreateLogGroup|CreateLogStream|PutLogEvents",
        "rekognition": r"(Compare|Delete|Index)Faces|Create(Collection|FaceLivenessSession)|Detect\w+",
        "s3": r"AbortMultipartUpload|(Delete|Put)Object\w*",
        "ses": r"Send\w+",
        "sns": "Publish",
        "sqs": r"SendMessage\w*",
        "textract": r"\w+",
        "xray": r"Put(TraceSegments|TelemetryRecords)",
    }.items()
}
_EVERY = re.compile(
    r"[*?]*\*[*?]*|arn:[^:]*:[^:]*:[^:]*:[^:]*:\*(/\*)?"
    # A bucket's ARN has no account: what is in one bucket is not everything.
    r"|arn:[^:]*:[^:]*:[^:]*:[^:]+:[A-Za-z-]+[/:]\*([/:]\*)?"
)
# AWS answers it without any right.
_NEEDS_NOTHING = "sts:getcalleridentity"
_SAMPLE = 5
# Shown first of what a pattern includes.
_BEST_KNOWN = frozenset(
    (
        "iam:AttachRolePolicy",
        "iam:CreateAccessKey",
        "iam:PassRole",
        "iam:PutRolePolicy",
        "lambda:UpdateFunctionCode",
        "s3:PutBucketPolicy",
        "sts:AssumeRole",
    )
)
# To write and to read an object that is encrypted with a key.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
_KEY = ("GenerateDataKey", "Decrypt")
# AWS's SDKs use TLS.
_TLS = {"aws:securetransport": "true"}
_TEST = re.compile(r"(?:(?:String|Arn)(?P<no>Not)?)?(?P<how>Equals|Like|Bool)(?:IgnoreCase)?(?:IfExists)?")
_DATE = re.compile(r"Date(?P<no>Not)?(?P<how>Equals|LessThan(?:Equals)?|GreaterThan(?:Equals)?)(?:IfExists)?")


class ExcessKind(StrEnum):
    """Why a right is too much."""

    ESCALATES = "escalates"
    GRANTS = "grants"
    UNUSED = "unused"
    OTHERS = "others"
    WILDCARD = "wildcard"
    UNNAMED = "unnamed"


@frozen
class Excess:
    """An action as the policy writes it, or what NotAction leaves (`*`).

    Attributes:
        light: green only for `UNNAMED`: on every resource, but of no service that holds others' data.
        action: as written.
        resource: where, without keys of objects.
        includes: some of the actions behind a wildcard that give the most away.
        conditional: only under a condition, which is not judged.
    """

    light: CheckStatus
    kind: ExcessKind
    action: str
    resource: str
    includes: Strings = ()
    conditional: bool = False


@frozen
class Limits:
    """What takes away from every policy of a role: its unconditional Denys, and its boundary if any."""

    denies: Statements = ()
    boundary: Statements | None = None

    def exclude(self, action: str, on: Sequence[str]) -> bool:
        """The action is certainly not allowed on any of these resources."""
        if self.boundary is not None and not any(
            each.get("Effect") == "Allow" and covers(each, action) for each in self.boundary
        ):
            return True
        every = (*self.denies, *_denies(self.boundary or ()))
        return bool(on) and all(any(_denied(each, action, one) for each in every) for one in on)


def limits(policies: Iterable[Iterable[Statement]], boundary: Iterable[Statement] | None = None) -> Limits:
    """The limits from all policies of a role."""
    return Limits(
        tuple(each for policy in policies for each in _denies(policy)),
        None if boundary is None else tuple(boundary),
    )


def excess(
    found: Iterable[Statement], settings: Settings, limited: Limits | None = None
) -> tuple[Excess, ...]:
    """Every right that is too much, the worst first, each once."""
    bounds = limited or Limits()
    each = {one for statement in found for one in _excess(statement, settings, bounds)}
    order = tuple(ExcessKind)
    return tuple(
        sorted(each, key=lambda one: (one.light.rank, order.index(one.kind), one.action, one.resource))
    )


def everything(resource: str) -> bool:
    """The pattern matches everything of its kind."""
    return _EVERY.fullmatch(resource) is not None


def escalating(action: str) -> bool:
    """The action gives rights, another identity, or code that runs as another role."""
    return action.lower() in _lowered("escalates")


def excluded(found: Iterable[Statement], settings: Settings, limited: Limits) -> Strings:
    """Actions that would be too much, but that a Deny or the boundary removes."""
    if not limited.denies and limited.boundary is None:
        return ()
    found = tuple(found)
    left = {(one.action, one.resource) for one in excess(found, settings, limited)}
    return tuple(
        sorted(
            {
                one.action
                for one in excess(found, settings)
                if one.light is not GREEN and (one.action, one.resource) not in left
            }
        )
    )


# --- what is missing


@frozen
class Need:
    """A right that the service uses, on each of `on`. `vital`: without it the service does not work.
    `elsewhere`: the resource's own policy can give it too, which is not read."""

    action: str
    on: Strings
    vital: bool = True
    elsewhere: bool = False


@frozen
class Lack:
    """A right that the service uses and does not have. `conditional`: whether it has it hangs on a condition;
    `denied`: a statement allows it, and a Deny or the boundary removes it. `elsewhere`: no
    policy of the role allows it, the resource's own may."""

    action: str
    vital: bool
    denied: bool
    conditional: bool = False
    elsewhere: bool = False


def needs(settings: Settings, *, in_vpc: bool = False, key: str = "") -> tuple[Need, ...]:
    """What the two liveness functions need. `key`: ARN of the KMS key of the bucket's default encryption."""
    whole = arns.objects(settings)
    # Of each kind that the functions keep for a session: a Deny may name one kind only.
    kept = ("audit-log.json", "reference.jpg", "audit-1.jpg")
    objects = tuple(f"{whole.removesuffix('*')}session/{each}" for each in kept) if whole else ("",)
    where = {"s3": objects, "dynamodb": (arns.table(settings),)}
    here = f"arn:{arns.partition(settings.region)}:logs:{settings.region}:{settings.account}"
    logs = tuple(
        f"{here}:log-group:/aws/lambda/{name}:log-stream:one"
        for name in (settings.create_function, settings.result_function)
    )
    network = tuple(
        f"ec2:{each}"
        for each in ("CreateNetworkInterface", "DescribeNetworkInterfaces", "DeleteNetworkInterface")
    )
    return (
        *(Need(action, where.get(action.partition(":")[0], ("*",))) for action in EXPECTED),
        Need("cloudwatch:PutMetricData", ("*",), vital=False),
        *(Need(f"logs:{each}", logs, vital=False) for each in ("CreateLogStream", "PutLogEvents")),
        *(Need(action, ("*",), vital=False) for action in (network if in_vpc else ())),
        *(Need(f"kms:{each}", (key,), elsewhere=True) for each in (_KEY if key else ())),
    )


def lacks(
    policies: Iterable[Iterable[Statement]],
    wanted: Iterable[Need],
    boundary: Iterable[Statement] | None = None,
    known: Mapping[str, str] | None = None,
) -> tuple[Lack, ...]:
    """What all policies of a role together do not allow. `known`: what keys of conditions are (`facts`)."""
    found = settled((each for policy in policies for each in policy), known or _TLS)
    fence = None if boundary is None else settled(boundary, known or _TLS)
    return tuple(lack for need in wanted if (lack := _lack(found, need, fence)) is not None)


def taken_away(policies: Iterable[Iterable[Statement]]) -> Strings:
    """Actions that a policy allows by their name, but that a Deny removes wherever they are allowed.

    Without those of the table: it is right to deny actions that give permissions.
    """
    found = tuple(each for policy in policies for each in policy)
    limited = limits((found,))
    return tuple(
        sorted(
            {
                action
                for each in found
                if each.get("Effect") == "Allow"
                for action in listed(each.get("Action"))
                if not _wild(action)
                and action.lower() not in _lowered("escalates") | _lowered("grants")
                and limited.exclude(action, _on(each))
            }
        )
    )


def services(found: Iterable[Statement]) -> frozenset[str]:
    """The services of which something is allowed; `*` where an action or NotAction names none."""
    return frozenset(
        "*" if _wild(service := action.partition(":")[0].lower()) else service
        for each in found
        if each.get("Effect") == "Allow"
        for action in _actions(each)
    )


def _lack(found: Statements, need: Need, fence: Statements | None) -> Lack | None:
    sure = [surely_allowed(found, need.action, each) for each in need.on]
    if fence is not None:
        sure += [surely_allowed(fence, need.action, each) for each in need.on]
    if all(each is True for each in sure):
        return None
    allows = [each for each in found if each.get("Effect") == "Allow"]
    bare = all(surely_allowed(allows, need.action, each) is not False for each in need.on)
    surely_denied = any(
        covers(deny, need.action) and reaches(deny, each) for deny in _denies(found) for each in need.on
    )
    if need.elsewhere and False in sure and not surely_denied:
        return Lack(need.action, need.vital, bare, conditional=True, elsewhere=True)
    if False in sure:
        return Lack(need.action, need.vital, denied=bare)
    return Lack(need.action, need.vital, bare, conditional=True)


def facts(settings: Settings, now: datetime | None = None) -> dict[str, str]:
    """What keys of conditions, in small letters, are in every request that the service makes."""
    times = dict.fromkeys(("aws:currenttime", "aws:epochtime"), now.isoformat()) if now else {}
    return {
        **_TLS,
        **times,
        "aws:principalaccount": settings.account,
        "aws:principalarn": arns.role(settings),
        "aws:requestedregion": settings.region,
        "aws:resourceaccount": settings.account,
        "s3:resourceaccount": settings.account,
    }


def settled(found: Iterable[Statement], known: Mapping[str, str]) -> Statements:
    """The statements that can apply, without the conditions that always hold."""
    judged = ((each, _holds(each.get("Condition"), known)) for each in found)
    return tuple(
        {name: value for name, value in each.items() if name != "Condition"} if holds else each
        for each, holds in judged
        if holds is not False
    )


def _holds(condition: Any, known: Mapping[str, str]) -> bool | None:
    """Whether every test of a condition holds; None where that depends on something unknown."""
    if not isinstance(condition, Mapping):
        return True if not condition else None
    tests = [
        _test(str(operator), values, known.get(str(key).lower(), ""))
        for operator, each in condition.items()
        if isinstance(each, Mapping)
        for key, values in each.items()
    ]
    if False in tests:
        return False
    return None if None in tests or not tests else True


def _test(operator: str, values: Any, known: str) -> bool | None:
    found = _TEST.fullmatch(operator)
    given = [str(each) for each in values] if isinstance(values, list | tuple) else [str(values)]
    if not known or any("${" in each for each in given):
        return None
    if found is None:
        return _dated(operator, given, known)
    if found["how"] == "Like" or operator.startswith("Arn"):
        hit = any(encloses(each, known, exact=True) for each in given)
    elif found["how"] == "Bool" or "IgnoreCase" in operator:
        hit = known.lower() in map(str.lower, given)
    else:
        hit = known in given
    return hit is not bool(found["no"])


def _dated(operator: str, given: Sequence[str], known: str) -> bool | None:
    """A test of the time of a request; None where it is no such test."""
    found = _DATE.fullmatch(operator)
    if found is None:
        return None
    try:
        at, when = datetime.fromisoformat(known), [_moment(each) for each in given]
    except (OverflowError, ValueError):
        return None
    how = found["how"]
    hit = any(
        at == each or (how.startswith("Less") and at < each) or (how.startswith("Greater") and at > each)
        for each in when
    )
    return hit is not bool(found["no"])


def _moment(value: str) -> datetime:
    """ISO 8601 or seconds since 1970, in UTC where no zone is given."""
    at = datetime.fromtimestamp(int(value), UTC) if value.isdigit() else datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


# --- what is too much


def _excess(statement: Statement, settings: Settings, bounds: Limits) -> Iterator[Excess]:
    if statement.get("Effect") != "Allow":
        return
    on = _on(statement)
    where = next((each for each in on if everything(each)), "") or ", ".join(map(shown, on))
    bound = bool(statement.get("Condition"))
    for action in _actions(statement):
        if not _wild(action) and bounds.exclude(action, on):
            continue
        behind = [each for each in _behind(statement, action) if not bounds.exclude(each, on)]
        why = _judged(action, behind, on, settings)
        if not why and not any(map(everything, on)):
            continue
        light = worst(*why.values()) if why else GREEN
        if bound and light is RED and ExcessKind.ESCALATES not in why:
            light = AMBER
        # An action that matches everything is named as such, not by one dangerous action that it includes.
        kind = (
            ExcessKind.WILDCARD
            if _whole(action)
            else next((each for each in ExcessKind if each in why), ExcessKind.UNNAMED)
        )
        best = sorted(behind, key=lambda each: (each not in _BEST_KNOWN, not escalating(each)))
        sample = tuple(best[:_SAMPLE]) if _wild(action) and not _whole(action) else ()
        yield Excess(light, kind, action, where, sample, bound)


def _judged(
    action: str, behind: Sequence[str], on: Sequence[str], settings: Settings
) -> dict[ExcessKind, CheckStatus]:
    strange = not all(own(each, settings) for each in on)
    table = {each.lower() for each in behind}
    found: dict[ExcessKind, CheckStatus] = {}
    if table & _lowered("escalates"):
        found[ExcessKind.ESCALATES] = RED
    if table & _lowered("grants"):
        found[ExcessKind.GRANTS] = RED if strange else AMBER
    service, _, verb = action.lower().partition(":")
    if not _wild(action):
        used = _USED.get(service)
        if not _READS.fullmatch(verb) and not (used and used.fullmatch(verb)):
            found[ExcessKind.UNUSED] = AMBER
    else:
        far = not verb.strip("*?") and service in _SENSITIVE and any(map(everything, on))
        found[ExcessKind.WILDCARD] = RED if far or _whole(action) else AMBER
    if (
        strange
        and action.lower() != _NEEDS_NOTHING
        and (
            service in _SENSITIVE
            or _READS_LOGS.fullmatch(action)
            or any(_foreign(each, settings) for each in on)
        )
    ):
        found[ExcessKind.OTHERS] = AMBER
    return found


def own(resource: str, settings: Settings) -> bool:
    """The pattern matches only what is the service's own: its bucket, and resources of its account that bear
    its name."""
    parts = resource.split(":", 5)
    if len(parts) < 6 or _foreign(resource, settings):
        return False
    service, name = parts[2].lower(), parts[5]
    if service == "s3" and settings.bucket:
        return name == settings.bucket or encloses(f"{settings.bucket}/*", name, exact=True)
    if service in _BY_ID:
        return not _wild(name)
    # `table/NAME`, `function:NAME`, `log-group:/aws/lambda/NAME`, or the name alone.
    bare = re.sub(r"^[a-z-]+[:/]", "", name, flags=re.IGNORECASE)
    bare = bare.removeprefix("/").removeprefix("aws/lambda/")
    mark = _letters(settings.alarm_prefix)
    named = (settings.sessions_table, settings.create_function, settings.result_function)
    return (bool(mark) and _letters(bare).startswith(mark)) or (
        re.split(r"[:/]", bare)[0] in (*named, *settings.rollout_functions)
    )


def _foreign(resource: str, settings: Settings) -> bool:
    parts = resource.split(":", 5)
    account = parts[4] if len(parts) == 6 else ""
    return account.isdigit() and bool(settings.account) and account != settings.account


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9*?]", "", name.lower())


def _behind(statement: Statement, action: str) -> list[str]:
    if "NotAction" in statement:
        return [each for each in _every_known() if covers(statement, each)]
    if not _wild(action):
        return [action]
    service = action.partition(":")[0].lower()
    about = _every_known() if _wild(service) else _known_of(service)
    return [each for each in about if encloses(action, each)]


def _actions(statement: Statement) -> Strings:
    return listed(statement.get("Action")) or (("*",) if "NotAction" in statement else ())


def _on(statement: Statement) -> Strings:
    return ("*",) if "NotResource" in statement else listed(statement.get("Resource"))


def _denies(found: Iterable[Statement]) -> Statements:
    return tuple(each for each in found if each.get("Effect") == "Deny" and not each.get("Condition"))


def _denied(deny: Statement, action: str, resource: str) -> bool:
    if not covers(deny, action):
        return False
    if "NotResource" in deny:
        return False  # Which of a pattern's resources it spares is not worked out.
    return any(encloses(each, resource, exact=True) for each in listed(deny.get("Resource")))


def _whole(action: str) -> bool:
    return not action.partition(":")[0].strip("*?")


def _wild(word: str) -> bool:
    return "*" in word or "?" in word


@cache
def _table() -> tuple[str, Mapping[str, Strings]]:
    """The day of `iam_actions.txt`, and its actions by part."""
    day, part, found = "", "", dict[str, list[str]]()
    for line in _ACTIONS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            day = day or line[2:12]
        elif line.startswith("["):
            part = line.strip("[]")
        else:
            service, *verbs = line.split()
            found.setdefault(part, []).extend(f"{service}:{verb}" for verb in verbs)
    return day, {name: tuple(actions) for name, actions in found.items()}


@cache
def _lowered(part: str) -> frozenset[str]:
    return frozenset(map(str.lower, _table()[1][part]))


def _every_known() -> Iterator[str]:
    return chain.from_iterable(_table()[1].values())


@cache
def _known_of(service: str) -> Strings:
    """The known actions by service: a policy of AWS can have more than a thousand patterns."""
    return tuple(each for each in _every_known() if each.partition(":")[0].lower() == service)


def made_on() -> str:
    """The day on which the table of actions was made: `2026-11-27`."""
    return _table()[0]
