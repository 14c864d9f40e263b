"""Whom the statements of a resource or of a trust policy let in. Pure; never raises."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from responder.evidence.policies import Statement, covers, listed, reaches

_ACCOUNT = re.compile(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?")
# No prefix that anything is kept under: what reaches it reaches everything.
_PROBES = (("s3:GetObject", "/any"), ("s3:PutObject", "/any"), ("s3:ListBucket", ""))
_TLS = "aws:securetransport"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from outside whom an Allow lets in. `who`: `*`, an account, a service."""

    who: str
    sid: str
    conditional: bool


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


def only_tls(found: Iterable[Statement], bucket: str) -> bool:
    """A Deny of everything, for everybody, on the bucket of this ARN and all that is in it, without TLS."""
    denied = tuple(
        each
        for each in found
        if each.get("Effect") == "Deny"
        and "*" in principals(each.get("Principal"))
        and _insecure(each.get("Condition"))
    )
    return all(
        any(covers(each, action) and reaches(each, f"{bucket}{on}") for each in denied)
        for action, on in _PROBES
    )


def without_guests(statement: Statement, account: str) -> Statement | None:
    """The statement for those of this account and for services; None where nobody is left.

    Who is let in under conditions stays: what those mean is for a person to judge.
    """
    if statement.get("Effect") != "Allow" or statement.get("Condition"):
        return statement
    if not any(_strangers(statement, account)):
        return statement
    value = statement.get("Principal")
    if not isinstance(value, Mapping):
        return None
    own = [who for who in listed(value.get("AWS")) if (is_ := _ACCOUNT.fullmatch(who)) and is_[1] == account]
    left = ({"AWS": own} if own else {}) | {key: value[key] for key in ("Service",) if value.get(key)}
    return {**statement, "Principal": left} if left else None


def principals(value: Any) -> tuple[str, ...]:
    """AWS principals, written in any way."""
    return listed(value.get("AWS")) if isinstance(value, Mapping) else listed(value)


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
    if not isinstance(condition, Mapping) or len(condition) != 1:
        return False
    ((operator, tests),) = condition.items()
    if operator not in ("Bool", "BoolIfExists") or not isinstance(tests, Mapping):
        return False
    if [str(each).lower() for each in tests] != [_TLS]:
        return False
    return str(next(iter(tests.values()))).strip("[]'\"").lower() == "false"
