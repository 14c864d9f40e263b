"""The service's role: who may take it, what it may do, who gave it more. Pure."""

import json
import shlex
from collections.abc import Iterable, Iterator

from responder.check import Item, Light
from responder.checks.lights import worst
from responder.checks.security_asked import EXECUTION, Document, Role
from responder.checks.security_statements import Wide, guests, principals, services, wide
from responder.checks.unread import unread
from responder.errors import AwsError, Missing
from responder.evidence.policies import Statement
from responder.settings import Settings
from responder.text import Text, text

CHAPTER = "IAM権限レビュー"
_LAMBDA = "lambda.amazonaws.com"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": _LAMBDA}, "Action": "sts:AssumeRole"}],
}


def role(found: Role, settings: Settings) -> tuple[Item, ...]:
    """Trust policy, inline and attached policies; a role that is not there is red and that is all."""
    name = settings.service_role
    if isinstance(found.trust, Missing):
        item = unread(text("check.security.part.trust", role=name), found.trust, CHAPTER)
        return (Item(Light.RED, item.said, (), CHAPTER),)
    return (
        trust(found.trust, settings),
        *_inline(found.inline, settings),
        *_attached(found.attached, settings),
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
    command = (
        f"aws iam update-assume-role-policy --role-name {name} --policy-document "
        f"{shlex.quote(json.dumps(_TRUST, separators=(',', ':')))}"
    )
    light = Light.RED if outside else Light.AMBER
    return Item(light, text("check.security.trust.wide", role=name), details, CHAPTER, command)


def _own(statement: Statement, account: str) -> Iterator[str]:
    yield from (each for each in principals(statement.get("Principal")) if account in each)


def _inline(found: dict[str, Document] | AwsError, settings: Settings) -> Iterator[Item]:
    name = settings.service_role
    if isinstance(found, AwsError):
        yield unread(text("check.security.part.inline", role=name), found, CHAPTER)
        return
    for policy, document in found.items():
        command = f"aws iam get-role-policy --role-name {name} --policy-name {policy}"
        if policy != settings.service_policy:
            said = text("check.security.inline.unknown", role=name, policy=policy)
            yield Item(Light.AMBER, said, (text("check.security.who"),), CHAPTER, command)
        yield document_item(policy, document, name, command)


def _attached(found: dict[str, Document] | AwsError, settings: Settings) -> Iterator[Item]:
    name = settings.service_role
    if isinstance(found, AwsError):
        yield unread(text("check.security.part.attached", role=name), found, CHAPTER)
        return
    known = [arn.rpartition("/")[2] for arn in found if arn.rpartition("/")[2] in EXECUTION]
    if len(known) == len(found):
        names = text("check.security.attached.none") if not known else ", ".join(known)
        yield Item(Light.GREEN, text("check.security.attached", role=name, names=names), (), CHAPTER)
    for arn, document in found.items():
        policy = arn.rpartition("/")[2]
        if policy in EXECUTION:
            continue
        command = f"aws iam detach-role-policy --role-name {name} --policy-arn {arn}"
        item = document_item(policy, document, name, command)
        said = text("check.security.attached.unknown", role=name, policy=policy)
        yield Item(
            worst(Light.AMBER, item.light), said, (item.said, *item.details), CHAPTER, command, item.numbers
        )


def document_item(policy: str, document: Document, role: str, command: str) -> Item:
    """Wildcards in one policy."""
    if isinstance(document, AwsError):
        return unread(text("check.security.part.policy", policy=policy), document, CHAPTER)
    found = wide(document)
    bad = [each for each in found if each.light is not Light.GREEN]
    given = {"role": role, "policy": policy}
    numbers = {"wide": float(len(bad))}
    if bad:
        light = worst(*(each.light for each in bad))
        said = text("check.security.wide", count=len(bad), **given)
        return Item(light, said, _listed(bad), CHAPTER, command, numbers)
    details = (text("check.security.wide.allowed", actions=_actions(found)),) if found else ()
    return Item(Light.GREEN, text("check.security.narrow", **given), details, CHAPTER, "", numbers)


def _listed(found: Iterable[Wide]) -> tuple[Text, ...]:
    return tuple(
        text("check.security.wide.one", action=each.action, resource=each.resource) for each in found
    )


def _actions(found: Iterable[Wide]) -> str:
    return ", ".join(sorted({each.action for each in found}))
