"""Whom the statements of a resource or of a trust policy let in. Pure; never raises."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from responder.core.text import Strings, Text, text
from responder.evidence.policies import Statement, covers, listed, reaches

_ACCOUNT = re.compile(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?")
# No prefix that anything is kept under: what reaches it reaches everything.
_PROBES = (("s3:GetObject", "/any"), ("s3:PutObject", "/any"), ("s3:ListBucket", ""))
_TLS = "aws:securetransport"
_SOURCE = frozenset(("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"))
# Who calls, as AWS states it; a topic's own policy names its owner so. A caller cannot choose them.
_OF_CALLER = frozenset(("aws:principalaccount", "aws:principalarn", "aws:sourceowner"))
_NARROWING = frozenset(
    f"{every}{operator}"
    for every in ("", "ForAnyValue:")
    for operator in ("ArnEquals", "ArnLike", "StringEquals", "StringEqualsIgnoreCase", "StringLike")
)


class Guest(NamedTuple):
    """A principal from outside whom an Allow lets in. `who`: `*`, an account, a service.

    A service is from outside where nothing says for whom it acts (`sources` is empty), or where it acts for
    other accounts (`sources`).
    """

    who: str
    sid: str
    conditional: bool
    service: bool = False
    sources: Strings = ()

    @property
    def said(self) -> Text:
        """Who it is, and in which statement."""
        key = "check.security.guest.if" if self.conditional else "check.security.guest"
        return text(key, who=self.who, sid=self.sid)


def guests(found: Iterable[Statement], account: str) -> tuple[Guest, ...]:
    """The foreign principals of a bucket or trust policy: `*` and those of other accounts; services are not
    judged here."""
    return tuple(
        Guest(who, str(each.get("Sid") or f"#{number}"), bool(each.get("Condition")))
        for number, each in enumerate(found, start=1)
        if each.get("Effect") == "Allow" and not only_of(each.get("Condition"), account)
        for who in _strangers(each, account)
    )


def only_of(condition: Any, account: str) -> bool:
    """Whether it lets in only this account's own principals, whatever the statement names."""
    return any(
        operator in _NARROWING
        and key in _OF_CALLER
        and bool(values)
        and all((is_ := _ACCOUNT.fullmatch(one)) and is_[1] == account for one in values)
        for operator, key, values in tests(condition)
    )


def serving(found: Iterable[Statement], account: str) -> tuple[Guest, ...]:
    """Services that an Allow lets in without saying for whose resources, or for those of another account.

    Anyone can have such a service act for their own account (the confused deputy).
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    return tuple(
        Guest(who, str(each.get("Sid") or f"#{number}"), bool(each.get("Condition")), True, foreign)
        for number, each in enumerate(found, start=1)
        if each.get("Effect") == "Allow"
        for sources in (_sources(each.get("Condition")),)
        for foreign in (tuple(one for one in sources if not _of(one, account)),)
        if foreign or not sources
        for who in sorted(services((each,)))
    )


def _sources(condition: Any) -> Strings:
    """The accounts, ARNs and organizations for which a service may act; none where it may for any."""
    return tuple(
        value
        for operator, key, values in tests(condition)
        if operator in _NARROWING and key in _SOURCE
        for value in values
        if value.strip("*?")
    )


def tests(condition: Any) -> Iterator[tuple[str, str, Strings]]:
    """Each test of a condition: its operator, the key in small letters, the values."""
    for operator, each in condition.items() if isinstance(condition, Mapping) else ():
        for key, values in each.items() if isinstance(each, Mapping) else ():
            yield str(operator), str(key).lower(), listed(values)


def _of(source: str, account: str) -> bool:
    """The source is one of this account, or an organization, whose id does not show whether it is the
    account's own."""
    if source.startswith(("o-", "r-")):
        return True
    parts = source.split(":")
    # The ARN of a bucket has no account; a trail or an alarm has one.
    if len(parts) < 6:
        return source == account
    return parts[4] == account or (not parts[4] and not set("*?") & set(parts[5]))


def services(found: Iterable[Statement]) -> frozenset[str]:
    """The AWS services that an Allow names."""
    allowed = (each.get("Principal") for each in found if each.get("Effect") == "Allow")
    return frozenset(
        name for each in allowed if isinstance(each, Mapping) for name in listed(each.get("Service"))
    )


def only_tls(found: Iterable[Statement], bucket: str) -> bool:
    """A Deny of everything, for every principal, on the bucket of this ARN and all that is in it, without
    TLS."""
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
    """The statement for those of this account and for services; None where it names no other.

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


def principals(value: Any) -> Strings:
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
    ((operator, each),) = condition.items()
    if operator not in ("Bool", "BoolIfExists") or not isinstance(each, Mapping):
        return False
    if [str(key).lower() for key in each] != [_TLS]:
        return False
    return str(next(iter(each.values()))).strip("[]'\"").lower() == "false"
