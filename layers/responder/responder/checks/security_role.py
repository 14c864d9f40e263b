"""The service's role: who may take it, what it may do, who gave it more. Pure."""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping

from responder.check import Item, Light
from responder.checks.lights import worst
from responder.checks.security_asked import Document, Role, for_running
from responder.checks.security_guests import guests, principals, services
from responder.checks.security_wide import Wide, wide
from responder.checks.unread import unread
from responder.errors import AwsError, Missing
from responder.evidence.policies import Statement
from responder.settings import Settings
from responder.text import Text, text

CHAPTER = "IAM権限レビュー"
_LAMBDA = "lambda.amazonaws.com"
_ALONE: Statement = {"Effect": "Allow", "Principal": {"Service": _LAMBDA}, "Action": "sts:AssumeRole"}


def role(found: Role, settings: Settings) -> tuple[Item, ...]:
    """Trust policy, inline and attached policies; a role that is not there is red and that is all."""
    name = settings.service_role
    if isinstance(found.trust, Missing):
        item = unread(text("check.security.part.trust", role=name), found.trust, CHAPTER)
        return (Item(Light.RED, item.said, (), CHAPTER),)
    return (
        trust(found.trust, settings),
        *_inline(found, settings),
        *_attached(found, settings),
    )


def trust(found: Document, settings: Settings) -> Item:
    """Only Lambda may take the role."""
    name = settings.service_role
    if isinstance(found, AwsError):
        return unread(text("check.security.part.trust", role=name), found, CHAPTER)
    outside = guests(found, settings.account)
    others = sorted(services(found) - {_LAMBDA})
    inside = sorted(
        {who for each in found if each.get("Effect") == "Allow" for who in _own(each, settings.account)}
    )
    if not outside and not others and not inside:
        return Item(Light.GREEN, text("check.security.trust", role=name), (), CHAPTER)
    details = (
        *(text("check.security.guest", who=each.who, sid=each.sid) for each in outside),
        *(text("check.security.trusted", who=each) for each in (*others, *inside)),
    )
    kept = [each for each in found if _lambda_alone(each)] or [_ALONE]
    document = json.dumps({"Version": "2012-10-17", "Statement": kept}, separators=(",", ":"))
    command = (
        f"aws iam update-assume-role-policy --role-name {name} --policy-document {shlex.quote(document)}"
    )
    light = Light.RED if outside else Light.AMBER
    return Item(light, text("check.security.trust.wide", role=name), details, CHAPTER, command)


def _lambda_alone(statement: Statement) -> bool:
    """Lambda's own statement, with the conditions that somebody gave it; or a Deny."""
    who = statement.get("Principal")
    only = isinstance(who, Mapping) and set(who) == {"Service"} and services((statement,)) == {_LAMBDA}
    return only or statement.get("Effect") == "Deny"


def _own(statement: Statement, account: str) -> Iterator[str]:
    yield from (each for each in principals(statement.get("Principal")) if account in each)


def _inline(role: Role, settings: Settings) -> Iterator[Item]:
    name, wanted, found = settings.service_role, settings.service_policy, role.inline
    if isinstance(found, AwsError):
        yield unread(text("check.security.part.inline", role=name), found, CHAPTER)
        return
    if wanted not in found:
        said = text("check.security.inline.gone", role=name, policy=wanted)
        command = f"aws iam list-role-policies --role-name {name}"
        yield Item(Light.AMBER, said, (), CHAPTER, command)
    for policy, document in found.items():
        command = f"aws iam get-role-policy --role-name {name} --policy-name {policy}"
        if policy != wanted:
            said = text("check.security.inline.unknown", role=name, policy=policy)
            yield Item(Light.AMBER, said, (text("check.security.who"),), CHAPTER, command)
        yield _judged(policy, document, role, name, command)


def _attached(role: Role, settings: Settings) -> Iterator[Item]:
    name, found = settings.service_role, role.attached
    if isinstance(found, AwsError):
        yield unread(text("check.security.part.attached", role=name), found, CHAPTER)
        return
    others = {arn: document for arn, document in found.items() if not for_running(arn)}
    if not others:
        known = ", ".join(arn.rpartition("/")[2] for arn in found)
        names = known or text("check.security.attached.none")
        yield Item(Light.GREEN, text("check.security.attached", role=name, names=names), (), CHAPTER)
    for arn, document in others.items():
        policy = arn.rpartition("/")[2]
        command = f"aws iam detach-role-policy --role-name {name} --policy-arn {arn}"
        item = _judged(policy, document, role, name, command)
        said = text("check.security.attached.unknown", role=name, policy=policy)
        details = (text("check.security.who.attached"), item.said, *item.details)
        yield Item(worst(Light.AMBER, item.light), said, details, CHAPTER, command, item.numbers)


def _judged(policy: str, document: Document, role: Role, name: str, command: str) -> Item:
    """Wildcards in one policy."""
    if isinstance(document, AwsError):
        return unread(text("check.security.part.policy", policy=policy), document, CHAPTER)
    found = wide(document)
    bad = [each for each in found if each.light is not Light.GREEN]
    given = {"role": name, "policy": policy}
    numbers = {"wide": float(len(bad))}
    if bad:
        light = worst(*(each.light for each in bad))
        said = text("check.security.wide", count=len(bad), **given)
        limit = role.boundary.rpartition("/")[2]
        bound = (text("check.security.boundary", policy=limit),) if limit else ()
        return Item(light, said, (*_listed(bad), *bound), CHAPTER, command, numbers)
    details = (text("check.security.wide.allowed", actions=_actions(found)),) if found else ()
    return Item(Light.GREEN, text("check.security.narrow", **given), details, CHAPTER, "", numbers)


def _listed(found: Iterable[Wide]) -> tuple[Text, ...]:
    return tuple(
        text("check.security.wide.one", action=each.action, resource=each.resource) for each in found
    )


def _actions(found: Iterable[Wide]) -> str:
    return ", ".join(sorted({each.action for each in found}))
