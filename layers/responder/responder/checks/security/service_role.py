"""The service's role: who may take it, what it may do, what it lacks. Pure."""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from responder.checks import commands
from responder.checks.base import unread
from responder.checks.identity import Checked, digest
from responder.checks.model import CheckItem, CheckStatus, worst
from responder.checks.security import policy_rules
from responder.checks.security.external_principals import guests, only_of, principals, services
from responder.checks.security.iam_actions import AS_OF
from responder.checks.security.policy_rules import (
    Excess,
    ExcessKind,
    Lack,
    escalating,
    excess,
    excluded,
    facts,
    lacks,
    settled,
    taken_away,
)
from responder.checks.security.roles_read import Document, ManagedPolicy, Role, for_running
from responder.core.errors import AwsError, Missing
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence import policies
from responder.evidence.policies import Statement, covers

CHAPTER = "IAM権限レビュー"
_LAMBDA = "lambda.amazonaws.com"
_ALONE: Statement = {"Effect": "Allow", "Principal": {"Service": _LAMBDA}, "Action": "sts:AssumeRole"}
_LONGEST = 3_000
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Around:
    """What rights of the role hang on besides its policies.

    Attributes:
        now: the time (UTC), which conditions may test; None where it is not known.
        in_vpc: functions of the service run in a VPC, which takes rights of its own.
        key: ARN of the customer's KMS key of the images bucket; "" without one.
    """

    now: datetime | None = None
    in_vpc: bool = False
    key: str = ""


def role(found: Role, settings: Settings, around: Around = Around()) -> tuple[CheckItem, ...]:
    """Trust policy, inline and attached policies; a role that is not there is red and that is all."""
    name = settings.service_role
    if isinstance(found.trust, Missing):
        item = unread(
            Checked.ROLE_TRUST.of(name), text("check.security.part.trust", role=name), found.trust, CHAPTER
        )
        return (CheckItem(Checked.ROLE_TRUST.of(name), CheckStatus.RED, item.said, (), CHAPTER),)
    return (
        trust(found, settings, around.now),
        *_needed(found, settings, around),
        *_inline(found, settings),
        *_attached(found, settings),
        *_unjudged(found),
    )


def _unjudged(role: Role) -> Iterator[CheckItem]:
    if role.documents is not None:
        more = text("check.security.unjudged.more")
        yield CheckItem(
            Checked.ROLE_LIMITS.of(), CheckStatus.GREEN, text("check.security.unjudged"), (more,), CHAPTER
        )


# --- who may take it


def trust(role: Role, settings: Settings, now: datetime | None = None) -> CheckItem:
    """Lambda may take the role, and no one else."""
    name, found = settings.service_role, role.trust
    this = Checked.ROLE_TRUST.of(name)
    if isinstance(found, AwsError):
        return unread(this, text("check.security.part.trust", role=name), found, CHAPTER)
    show = f"aws iam get-role --role-name {name} --query Role.AssumeRolePolicyDocument"
    outside = guests(found, settings.account)
    others = sorted(services(found) - {_LAMBDA})
    inside = sorted(
        {who for each in found if each.get("Effect") == "Allow" for who in _own(each, settings.account)}
    )
    # What Lambda's own requests for the role carry.
    taken = settled(found, {**facts(settings, now), "aws:sourceaccount": settings.account})
    if not outside and not others and not inside and _lambda_may(taken):
        return CheckItem(this, CheckStatus.GREEN, text("check.security.trust", role=name), (), CHAPTER)
    details = (
        *(text("check.security.guest", who=each.who, sid=each.sid) for each in outside),
        *(text("check.security.trusted", who=each) for each in (*others, *inside)),
    )
    if not _lambda_may(taken):
        return CheckItem(
            this, CheckStatus.RED, text("check.security.trust.none", role=name), details, CHAPTER, show
        )
    said = text("check.security.trust.wide", role=name)
    command = _retrust(role, settings) if outside else ""
    if not command:
        # A deployment or a person of this account may need it: only shown.
        details = (*details, text("check.security.who.trusted"))
        light, written = CheckStatus.RED if outside else CheckStatus.AMBER, policies.written(found)
        return CheckItem(this, light, said, details, CHAPTER, show, facts=written)
    who = ", ".join(sorted({each.who for each in outside} | {*others, *inside}))
    caution = text("check.security.caution.trust", who=who)
    return CheckItem(this, CheckStatus.RED, said, details, CHAPTER, command, caution=caution)


def _retrust(role: Role, settings: Settings) -> str:
    """Leaves Lambda's own statement; "" where the document is no line to paste."""
    if isinstance(role.trust, AwsError):
        return ""
    name = settings.service_role
    kept = [each for each in role.trust if _lambda_alone(each)] or [_ALONE]
    written = _json({"Version": "2012-10-17", "Statement": kept})
    put = f"aws iam update-assume-role-policy --role-name {name} --policy-document {shlex.quote(written)}"
    query = "'to_string([Role.AssumeRolePolicyDocument.Statement][])'"
    read = f"aws iam get-role --role-name {name} --query {query} --output text"
    command = commands.unchanged(read, _json(list(role.trust)), put)
    return command if len(command) <= _LONGEST else ""


def _lambda_may(found: Iterable[Statement]) -> bool:
    about = [each for each in found if covers(each, "sts:AssumeRole") and _names_lambda(each)]
    denied = any(each.get("Effect") == "Deny" and not each.get("Condition") for each in about)
    return not denied and any(each.get("Effect") == "Allow" for each in about)


def _names_lambda(statement: Statement) -> bool:
    who = statement.get("Principal")
    named = services(({**statement, "Effect": "Allow"},))
    return who == "*" or _LAMBDA in named or "*" in named or "*" in principals(who)


def _lambda_alone(statement: Statement) -> bool:
    """Lambda's own statement, with the conditions that somebody gave it; or a Deny."""
    who = statement.get("Principal")
    only = isinstance(who, Mapping) and set(who) == {"Service"} and services((statement,)) == {_LAMBDA}
    return only or statement.get("Effect") == "Deny"


def _own(statement: Statement, account: str) -> Iterator[str]:
    who = principals(statement.get("Principal"))
    yield from (each for each in who if account in each)
    if "*" in who and only_of(statement.get("Condition"), account):
        yield account


# --- what it lacks


def _needed(role: Role, settings: Settings, around: Around) -> Iterator[CheckItem]:
    name, policy, documents = settings.service_role, settings.service_policy, role.documents
    this = Checked.ROLE_NEEDS.of(name)
    if isinstance(role.fence, AwsError):
        limit = role.boundary.rpartition("/")[2]
        part = text("check.security.part.policy", policy=limit)
        yield unread(Checked.ROLE_BOUNDARY.of(limit), part, role.fence, CHAPTER)
    gone = not isinstance(role.inline, AwsError) and policy not in role.inline
    wanted = policy_rules.needs(settings, in_vpc=around.in_vpc, key=around.key)
    fence = None if isinstance(role.fence, AwsError) else role.fence
    missing = () if documents is None else lacks(documents, wanted, fence, facts(settings, around.now))
    out = [each.action for each in missing if each.vital and not each.conditional]
    details = tuple(_lack(each) for each in missing)
    if gone:
        said = text("check.security.inline.gone", role=name, policy=policy)
        if out:
            said = text("check.security.inline.gone.out", role=name, policy=policy, actions=_some(out))
            details = (*details, text("check.security.restore"))
        command = f"aws iam list-role-policies --role-name {name}"
        yield CheckItem(this, CheckStatus.RED if out else CheckStatus.AMBER, said, details, CHAPTER, command)
    elif missing:
        light = CheckStatus.RED if out else CheckStatus.AMBER
        actions = _some(out or [each.action for each in missing])
        unsure = all(each.conditional for each in missing)
        key = "check.security.lacks" + ("" if out else ".if" if unsure else ".some")
        said = text(key, role=name, actions=actions)
        command = f"aws iam get-role-policy --role-name {name} --policy-name {policy}"
        numbers = {"missing": float(len(missing))}
        yield CheckItem(
            this, light, said, (*details, text("check.security.restore")), CHAPTER, command, numbers
        )
    elif documents is not None:
        needed = ", ".join(each.action for each in wanted)
        compared = text("check.security.needed", actions=needed)
        yield CheckItem(
            this, CheckStatus.GREEN, text("check.security.lacks.none", role=name), (compared,), CHAPTER
        )
    yield from _taken_away(name, documents or (), missing)


def _taken_away(
    name: str, documents: Iterable[Iterable[Statement]], missing: tuple[Lack, ...]
) -> Iterator[CheckItem]:
    """Denied to the role, besides what it lacks."""
    told = {each.action.lower() for each in missing}
    if taken := [each for each in taken_away(documents) if each.lower() not in told]:
        said = text("check.security.taken", role=name, actions=_some(taken))
        command = f"aws iam list-role-policies --role-name {name}"
        details = (text("check.security.taken.more"),)
        denied, every = Checked.ROLE_DENIES.of(name), tuple(sorted(taken))
        yield CheckItem(denied, CheckStatus.AMBER, said, details, CHAPTER, command, facts=every)


def _lack(one: Lack) -> Text:
    how = "key" if one.elsewhere else "if" if one.conditional else "denied" if one.denied else "absent"
    without = "vital" if one.vital and not one.elsewhere else one.action.partition(":")[0]
    effect = text(f"check.security.without.{without}")
    return text(f"check.security.lack.{how}", action=one.action, effect=effect)


# --- what it may do


def _inline(role: Role, settings: Settings) -> Iterator[CheckItem]:
    name, wanted, found = settings.service_role, settings.service_policy, role.inline
    if isinstance(found, AwsError):
        yield unread(
            Checked.ROLE_INLINE.of(name), text("check.security.part.inline", role=name), found, CHAPTER
        )
        return
    for policy, document in found.items():
        command = f"aws iam get-role-policy --role-name {name} --policy-name {policy}"
        item = _judged(policy, document, role, settings, command)
        unknown = text("check.security.inline.unknown", role=name, policy=policy)
        who = text("check.security.who", policy=policy)
        if policy == wanted:
            yield item
        elif item.light is CheckStatus.GREEN:
            details = (who, item.said, *item.details)
            yield replace(item, light=CheckStatus.AMBER, said=unknown, details=details, command=command)
        else:
            details = (*item.details, unknown, who)
            yield replace(item, details=details)


def _attached(role: Role, settings: Settings) -> Iterator[CheckItem]:
    name, found = settings.service_role, role.attached
    if isinstance(found, AwsError):
        yield unread(
            Checked.ROLE_ATTACHED.of(name), text("check.security.part.attached", role=name), found, CHAPTER
        )
        return
    others = {arn: policy for arn, policy in found.items() if not for_running(arn)}
    unknown = {arn: each.statements for arn, each in found.items() if arn not in others}
    yield from (
        unread(
            Checked.ROLE_ATTACHED_POLICY.of(_path(arn)),
            text("check.security.part.policy", policy=arn.rpartition("/")[2]),
            each,
            CHAPTER,
        )
        for arn, each in unknown.items()
        if isinstance(each, AwsError)
    )
    if not others:
        known = ", ".join(arn.rpartition("/")[2] for arn in found)
        names = known or text("check.security.attached.none")
        yield CheckItem(
            Checked.ROLE_ATTACHED.of(name),
            CheckStatus.GREEN,
            text("check.security.attached", role=name, names=names),
            (),
            CHAPTER,
        )
    for arn, policy in others.items():
        yield _attachment(arn, policy, role, settings)


def _path(policy_arn: str) -> str:
    """`aws:policy/Name`: a policy of AWS and one of the account may have the same name."""
    return policy_arn.partition(":iam::")[2]


def _attachment(arn: str, policy: ManagedPolicy, role: Role, settings: Settings) -> CheckItem:
    """Only what gives far too much is detached by the command, and only where the service has what it needs
    without it; anything else is shown."""
    name = settings.service_role
    identity = Checked.ROLE_ATTACHED_POLICY.of(_path(arn))
    named = {"role": name, "policy": arn.rpartition("/")[2]}
    show = f"aws iam get-policy-version --policy-arn {arn} --version-id {policy.version or 'v1'}"
    item = _judged(named["policy"], policy.statements, role, settings, show)
    who = text("check.security.who.attached")
    if item.light is not CheckStatus.RED:
        said = text("check.security.attached.unknown", **named)
        details = (who, item.said, *item.details)
        light = worst(CheckStatus.AMBER, item.light)
        return CheckItem(identity, light, said, details, CHAPTER, show, item.numbers, facts=item.facts)
    said = text("check.security.attached.excess", found=item.said, **named)
    left = _without(role, arn)
    if left is None or isinstance(policy.statements, AwsError):
        return CheckItem(identity, CheckStatus.RED, said, (who, *item.details), CHAPTER, show, item.numbers)
    lost = sorted(policy_rules.services(policy.statements) - policy_rules.services(_all(left)))
    if _vital(left, settings) - _vital(role.documents or (), settings):
        details = (who, text("check.security.attached.needed"), *item.details)
        return CheckItem(identity, CheckStatus.RED, said, details, CHAPTER, show, item.numbers)
    read = f"aws iam get-policy --policy-arn {arn} --query Policy.DefaultVersionId --output text"
    detach = f"aws iam detach-role-policy --role-name {name} --policy-arn {arn}"
    command = commands.unchanged(read, policy.version, detach)
    every = text("check.security.lost.every") if "*" in lost else ", ".join(lost) or "–"
    caution = text("check.security.caution.detach", lost=every)
    return CheckItem(
        identity, CheckStatus.RED, said, (who, *item.details), CHAPTER, command, item.numbers, caution=caution
    )


def _vital(policies: Iterable[Iterable[Statement]], settings: Settings) -> set[str]:
    """What the service cannot do without and these policies do not allow."""
    missing = lacks(policies, policy_rules.needs(settings), known=facts(settings))
    return {each.action for each in missing if each.vital}


def _without(role: Role, arn: str) -> tuple[tuple[Statement, ...], ...] | None:
    """The role's other policies; None where one of them could not be read."""
    if role.documents is None or isinstance(role.inline, AwsError) or isinstance(role.attached, AwsError):
        return None
    others = (each.statements for other, each in role.attached.items() if other != arn)
    every = (*role.inline.values(), *others)
    return tuple(each for each in every if not isinstance(each, AwsError))


def _all(policies: Iterable[tuple[Statement, ...]]) -> tuple[Statement, ...]:
    return tuple(each for policy in policies for each in policy)


def _judged(policy: str, document: Document, role: Role, settings: Settings, command: str) -> CheckItem:
    """What one policy allows beyond the known needs of the service."""
    this = Checked.ROLE_POLICY.of(policy)
    if isinstance(document, AwsError):
        return unread(this, text("check.security.part.policy", policy=policy), document, CHAPTER)
    found = excess(document, settings, role.limits)
    bad = [each for each in found if each.light is not CheckStatus.GREEN]
    given = {"role": settings.service_role, "policy": policy}
    numbers = {"wide": float(len(bad))}
    hidden = excluded(document, settings, role.limits)
    limited = (text("check.security.excluded", actions=_some(hidden)),) if hidden else ()
    if bad:
        light = worst(*(each.light for each in bad))
        limit = role.boundary.rpartition("/")[2]
        bound = (text("check.security.boundary", policy=limit),) if limit else ()
        details = (*(_one(each) for each in bad), *limited, *bound)
        said = _worst(bad, given)
        written = _written(document, said, *details)
        return CheckItem(this, light, said, details, CHAPTER, command, numbers, facts=written)
    open_ = sorted({each.action for each in found})
    allowed = (text("check.security.wide.allowed", actions=", ".join(open_)),) if open_ else ()
    which = ", ".join(sorted(policy_rules.services(document))) or "–"
    details = (
        text("check.security.narrow.what", day=AS_OF),
        *allowed,
        text("check.security.narrow.services", services=which),
        *limited,
    )
    said = text("check.security.narrow", **given)
    return CheckItem(
        this, CheckStatus.GREEN, said, details, CHAPTER, "", numbers, facts=_written(document, said, *details)
    )


def _written(document: tuple[Statement, ...], *said: Text) -> tuple[str, ...]:
    """The policy, of which the sentences name only parts, and what other policies leave of it."""
    return (*policies.written(document), digest(Checked.ROLE_POLICY, (), said))


def _worst(bad: Sequence[Excess], given: dict[str, str]) -> Text:
    """The sentence that mail and chat show names the actions."""
    ways = [each for each in bad if each.kind is ExcessKind.ESCALATES]
    actions = _some([_shown(each) for each in ways or bad])
    if ways:
        return text("check.security.escalates", actions=actions, **given)
    return text("check.security.wide", count=len(bad), actions=actions, **given)


def _shown(one: Excess) -> str:
    """A pattern with an escalation in it is shown with that."""
    inside = next((each for each in one.includes if escalating(each)), "")
    return f"{one.action} ({inside})" if inside else one.action


def _one(each: Excess) -> Text:
    why: list[Text] = [text(f"check.security.why.{each.kind}")]
    if each.includes:
        why.append(text("check.security.why.includes", actions=", ".join(each.includes)))
    if each.conditional:
        why.append(text("check.security.why.conditional"))
    return text("check.security.excess", action=each.action, resource=each.resource, why=tuple(why))


def _some(actions: Iterable[str]) -> str:
    each = list(dict.fromkeys(actions))
    return ", ".join(each[:_NAMED]) + (f", … (+{len(each) - _NAMED})" if len(each) > _NAMED else "")


def _json(document: object) -> str:
    """As the AWS CLI writes a document that `to_string` is asked for."""
    return json.dumps(document, separators=(",", ":"), default=str)
