"""What a role's statements give away, and whom a resource's statements let in. Pure; never raises."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from responder.check import Light
from responder.evidence.policies import Statement, covers, listed

# Where one resource of another owner is already too much.
_SENSITIVE = frozenset(
    (
        "cognito-idp",
        "dynamodb",
        "iam",
        "kms",
        "lambda",
        "organizations",
        "s3",
        "secretsmanager",
        "ssm",
        "sts",
    )
)
_EVERY = re.compile(
    r"\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:((table|function|key|secret|role|user|policy|parameter|userpool)[/:])?\*(/\*)?"
)
_ACCOUNT = re.compile(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?")
_PROBES = ("s3:GetObject", "s3:PutObject", "s3:ListBucket")
_TLS = "aws:securetransport"


@dataclass(frozen=True, slots=True)
class Wide:
    """One action that reaches too far; GREEN: wide, and of no service that holds others' data."""

    light: Light
    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from outside whom an Allow lets in. `who`: `*`, an account, a service."""

    who: str
    sid: str
    conditional: bool


def wide(found: Iterable[Statement]) -> tuple[Wide, ...]:
    """Every Allow whose action or resource is a wildcard, the worst first, each once."""
    each = {one for statement in found if statement.get("Effect") == "Allow" for one in _wide(statement)}
    return tuple(sorted(each, key=lambda one: (one.light.rank, one.action, one.resource)))


def guests(found: Iterable[Statement], account: str) -> tuple[Guest, ...]:
    """Of a bucket or trust policy: `*` and principals of other accounts; services are not judged here."""
    return tuple(
        Guest(who, str(each.get("Sid") or f"#{number}"), bool(each.get("Condition")))
        for number, each in enumerate(found, start=1)
        if each.get("Effect") == "Allow"
        for who in _strangers(each, account)
    )


def services(found: Iterable[Statement]) -> frozenset[str]:
    """The AWS services that an Allow names."""
    allowed = (each.get("Principal") for each in found if each.get("Effect") == "Allow")
    return frozenset(
        name for each in allowed if isinstance(each, Mapping) for name in listed(each.get("Service"))
    )


def only_tls(found: Iterable[Statement]) -> bool:
    """A Deny of everything, for everybody, without TLS."""
    return any(
        each.get("Effect") == "Deny"
        and "*" in principals(each.get("Principal"))
        and all(covers(each, action) for action in _PROBES)
        and _insecure(each.get("Condition"))
        for each in found
    )


def principals(value: Any) -> tuple[str, ...]:
    """AWS principals, written in any way."""
    return listed(value.get("AWS")) if isinstance(value, Mapping) else listed(value)


def _wide(statement: Statement) -> Iterable[Wide]:
    on = listed(statement.get("Resource"))
    every = [each for each in on if _EVERY.fullmatch(each)] or (["*"] if "NotResource" in statement else [])
    actions = listed(statement.get("Action")) or (("*",) if "NotAction" in statement else ())
    for action in actions:
        if every or "*" in action:
            light = _light(action, bool(every))
            eased = light is Light.RED and bool(statement.get("Condition"))
            where = every[0] if every else ", ".join(on)
            yield Wide(Light.AMBER if eased else light, action, where)


def _light(action: str, every: bool) -> Light:
    service, _, verb = action.partition(":")
    sensitive = service.lower() in _SENSITIVE
    if service == "*" or (verb == "*" and sensitive and every):
        return Light.RED
    return Light.AMBER if "*" in action or sensitive else Light.GREEN


def _strangers(statement: Statement, account: str) -> Iterable[str]:
    if "NotPrincipal" in statement:
        yield "*"
    value = statement.get("Principal")
    for who in principals(value):
        found = _ACCOUNT.fullmatch(who)
        if found is None:
            # Neither an ARN nor an account: `*`, or the id of a principal that was deleted.
            yield who
        elif found[1] != account:
            yield found[1]
    if isinstance(value, Mapping):
        yield from listed(value.get("CanonicalUser"))
        yield from listed(value.get("Federated"))


def _insecure(condition: Any) -> bool:
    if not isinstance(condition, Mapping) or list(condition) != ["Bool"]:
        return False
    tests = condition["Bool"]
    if not isinstance(tests, Mapping) or [str(each).lower() for each in tests] != [_TLS]:
        return False
    return str(next(iter(tests.values()))).strip("[]'\"").lower() == "false"
