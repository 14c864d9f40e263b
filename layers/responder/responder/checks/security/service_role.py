"""The service's role: who may assume it, what it may do, what it lacks. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from responder.checks import commands
from responder.checks.commands import aws
from responder.checks.finding import AMBER, GREEN, RED, Checked, CheckItem, Identity, digest, worst
from responder.checks.security import policy_rules
from responder.checks.security.external_principals import guests, only_of, principals, services
from responder.checks.security.policy_rules import (
    Excess,
    ExcessKind,
    Lack,
    escalating,
    excess,
    excluded,
    facts,
    lacks,
    made_on,
    settled,
    taken_away,
)
from responder.checks.security.roles_read import Document, ManagedPolicy, Role, for_running
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence import policies
from responder.evidence.policies import Statement, Statements, covers

CHAPTER = "IAM権限レビュー"
_LAMBDA = "lambda.amazonaws.com"
_ALONE: Statement = {"Effect": "Allow", "Principal": {"Service": _LAMBDA}, "Action": "sts:AssumeRole"}
_NAMED = 5


@frozen
class Around:
    """What rights of the role hang on besides its policies.

    Attributes:
        now: the time (UTC), which conditions may test; None where it is unknown.
        in_vpc: functions of the service run in a VPC, which needs further permissions.
        key: ARN of the customer's KMS key of the images bucket; "" without one.
    """

    now: datetime | None = None
    in_vpc: bool = False
    key: str = ""


_NOTHING_AROUND = Around()


def role(found: Role, settings: Settings, around: Around = _NOTHING_AROUND) -> Iterator[CheckItem]:
    """Trust policy, inline and attached policies; a role that is not there is red and that is all."""
    this = _about(Checked.ROLE_TRUST, settings.service_role)
    part = text("check.security.part.trust", role=settings.service_role)
    if isinstance(found.trust, AwsError):
        gone = isinstance(found.trust, Missing)
        yield this.unread(part, found.trust, **({"light": RED} if gone else {}))
        if gone:
            return
    else:
        yield _trust(this, found.trust, settings, around.now)
    yield from _needed(found, settings, around)
    yield from _inline(found, settings)
    yield from _attached(found, settings)
    if found.documents() is not None:
        said, more = text("check.security.unjudged"), text("check.security.unjudged.more")
        yield _about(Checked.ROLE_LIMITS).green(said, more)


def _about(kind: Checked, *subject: str) -> Identity:
    return kind.of(*subject, chapter=CHAPTER)


# --- who may assume it


def _trust(this: Identity, found: Statements, settings: Settings, now: datetime | None) -> CheckItem:
    name, account = settings.service_role, settings.account
    show = aws("iam get-role", role_name=name, query="Role.AssumeRolePolicyDocument")
    outside, others = guests(found, account), services(found) - {_LAMBDA}
    inside = {who for each in found if each.get("Effect") == "Allow" for who in _own(each, account)}
    # What Lambda's own requests for the role carry.
    taken = settled(found, {**facts(settings, now), "aws:sourceaccount": account})
    if not outside and not others and not inside and _lambda_may(taken):
        return this.green(text("check.security.trust", role=name))
    details = [
        *(text("check.security.guest", who=each.who, sid=each.sid) for each in outside),
        *(text("check.security.trusted", who=each) for each in (*sorted(others), *sorted(inside))),
    ]
    if not _lambda_may(taken):
        return this.red(text("check.security.trust.none", role=name), *details, command=show)
    said = text("check.security.trust.wide", role=name)
    command = _trust_lambda_alone(found, name) if outside else ""
    if not command:
        # A deployment or a person of this account may need it: only shown.
        details.append(text("check.security.who.trusted"))
        light, written = RED if outside else AMBER, policies.written(found)
        return this.item(light, said, *details, command=show, facts=written)
    who = ", ".join(sorted({each.who for each in outside} | others | inside))
    caution = text("check.security.caution.trust", who=who)
    return this.red(said, *details, command=command, caution=caution)


def _trust_lambda_alone(found: Statements, name: str) -> str:
    """Leaves Lambda's own statement, with the conditions that people gave it, and every Deny; "" where the
    document is no line to paste."""
    kept = [each for each in found if _only_lambda(each) or each.get("Effect") == "Deny"] or [_ALONE]
    written = commands.written({"Version": "2012-10-17", "Statement": kept})
    query = "to_string([Role.AssumeRolePolicyDocument.Statement][])"
    read = aws("iam get-role", role_name=name, query=query, output="text")
    put = aws("iam update-assume-role-policy", role_name=name, policy_document=written)
    command = commands.unchanged(read, commands.written(list(found)), put)
    return command if len(command) <= commands.LONGEST else ""


def _only_lambda(statement: Statement) -> bool:
    who = statement.get("Principal")
    return isinstance(who, Mapping) and set(who) == {"Service"} and services((statement,)) == {_LAMBDA}


def _lambda_may(found: Iterable[Statement]) -> bool:
    about = [each for each in found if covers(each, "sts:AssumeRole") and _names_lambda(each)]
    denied = any(each.get("Effect") == "Deny" and not each.get("Condition") for each in about)
    return not denied and any(each.get("Effect") == "Allow" for each in about)


def _names_lambda(statement: Statement) -> bool:
    who = statement.get("Principal")
    named = services(({**statement, "Effect": "Allow"},))
    return who == "*" or _LAMBDA in named or "*" in named or "*" in principals(who)


def _own(statement: Statement, account: str) -> Iterator[str]:
    who = principals(statement.get("Principal"))
    yield from (each for each in who if account in each)
    if "*" in who and only_of(statement.get("Condition"), account):
        yield account


# --- what it lacks


def _needed(role: Role, settings: Settings, around: Around) -> Iterator[CheckItem]:
    name, policy, documents = settings.service_role, settings.service_policy, role.documents()
    this, limit = _about(Checked.ROLE_NEEDS, name), role.boundary.rpartition("/")[2]
    if isinstance(role.fence, AwsError):
        part = text("check.security.part.policy", policy=limit)
        yield _about(Checked.ROLE_BOUNDARY, limit).unread(part, role.fence)
    wanted = policy_rules.needs(settings, in_vpc=around.in_vpc, key=around.key)
    fence = None if isinstance(role.fence, AwsError) else role.fence
    missing = () if documents is None else lacks(documents, wanted, fence, facts(settings, around.now))
    out = [each.action for each in missing if each.vital and not each.conditional]
    light, details = RED if out else AMBER, [_lack(each) for each in missing]
    restore = text("check.security.restore")
    if not isinstance(role.inline, AwsError) and policy not in role.inline:
        said = text("check.security.inline.gone", role=name, policy=policy)
        if out:
            said = text("check.security.inline.gone.out", role=name, policy=policy, actions=_some(out))
            details.append(restore)
        yield this.item(light, said, *details, command=aws("iam list-role-policies", role_name=name))
    elif missing:
        unsure = all(each.conditional for each in missing)
        key = "check.security.lacks" + ("" if out else ".if" if unsure else ".some")
        said = text(key, role=name, actions=_some(out or [each.action for each in missing]))
        command = aws("iam get-role-policy", role_name=name, policy_name=policy)
        numbers = {"missing": float(len(missing))}
        yield this.item(light, said, *details, restore, command=command, numbers=numbers)
    elif documents is not None:
        compared = text("check.security.needed", actions=", ".join(each.action for each in wanted))
        yield this.green(text("check.security.lacks.none", role=name), compared)
    # Denied to the role, besides what it lacks.
    known = {each.action.lower() for each in missing}
    if taken := [each for each in taken_away(documents or ()) if each.lower() not in known]:
        said, more = (
            text("check.security.taken", role=name, actions=_some(taken)),
            "check.security.taken.more",
        )
        command, every = aws("iam list-role-policies", role_name=name), tuple(sorted(taken))
        yield _about(Checked.ROLE_DENIES, name).amber(said, text(more), command=command, facts=every)


def _lack(one: Lack) -> Text:
    how = "key" if one.elsewhere else "if" if one.conditional else "denied" if one.denied else "absent"
    without = "vital" if one.vital and not one.elsewhere else one.action.partition(":")[0]
    effect = text(f"check.security.without.{without}")
    return text(f"check.security.lack.{how}", action=one.action, effect=effect)


# --- what it may do


def _inline(role: Role, settings: Settings) -> Iterator[CheckItem]:
    name, found = settings.service_role, role.inline
    if isinstance(found, AwsError):
        part = text("check.security.part.inline", role=name)
        yield _about(Checked.ROLE_INLINE, name).unread(part, found)
        return
    for policy, document in found.items():
        command = aws("iam get-role-policy", role_name=name, policy_name=policy)
        item = _judged(policy, document, role, settings, command)
        unknown = text("check.security.inline.unknown", role=name, policy=policy)
        who = text("check.security.who", policy=policy)
        if policy == settings.service_policy:
            yield item
        elif item.light is GREEN:
            details = (who, item.said, *item.details)
            yield replace(item, light=AMBER, said=unknown, details=details, command=command)
        else:
            yield replace(item, details=(*item.details, unknown, who))


def _attached(role: Role, settings: Settings) -> Iterator[CheckItem]:
    name, found = settings.service_role, role.attached
    this = _about(Checked.ROLE_ATTACHED, name)
    if isinstance(found, AwsError):
        yield this.unread(text("check.security.part.attached", role=name), found)
        return
    for arn, each in found.items():
        if for_running(arn) and isinstance(each.statements, AwsError):
            part = text("check.security.part.policy", policy=arn.rpartition("/")[2])
            yield _about(Checked.ROLE_ATTACHED_POLICY, _path(arn)).unread(part, each.statements)
    others = [arn for arn in found if not for_running(arn)]
    if not others:
        known = ", ".join(arn.rpartition("/")[2] for arn in found)
        names = known or text("check.security.attached.none")
        yield this.green(text("check.security.attached", role=name, names=names))
    yield from (_attachment(arn, found[arn], role, settings) for arn in others)


def _path(policy_arn: str) -> str:
    """`aws:policy/Name`: a policy of AWS and one of the account may have the same name."""
    return policy_arn.partition(":iam::")[2]


def _attachment(arn: str, policy: ManagedPolicy, role: Role, settings: Settings) -> CheckItem:
    """Only what gives far too much is detached by the command, and only where the service has what it needs
    without it; anything else is shown."""
    name, this = settings.service_role, _about(Checked.ROLE_ATTACHED_POLICY, _path(arn))
    named = {"role": name, "policy": arn.rpartition("/")[2]}
    show = aws("iam get-policy-version", policy_arn=arn, version_id=policy.version or "v1")
    item = _judged(named["policy"], policy.statements, role, settings, show)
    who, numbers = text("check.security.who.attached"), item.numbers
    if item.light is not RED:
        said, light = text("check.security.attached.unknown", **named), worst(AMBER, item.light)
        shown = (who, item.said, *item.details)
        return this.item(light, said, *shown, command=show, numbers=numbers, facts=item.facts)
    said = text("check.security.attached.excess", found=item.said, **named)
    left, documents = role.documents(without=arn), role.documents()
    if documents is None or left is None or isinstance(policy.statements, AwsError):
        return this.red(said, who, *item.details, command=show, numbers=numbers)
    if _vital(left, settings) - _vital(documents, settings):
        needed = text("check.security.attached.needed")
        return this.red(said, who, needed, *item.details, command=show, numbers=numbers)
    kept = policy_rules.services(each for policy in left for each in policy)
    caution = text(
        "check.security.caution.detach", lost=lost(policy_rules.services(policy.statements) - kept)
    )
    command = detach(name, arn, policy.version)
    return this.red(said, who, *item.details, command=command, numbers=numbers, caution=caution)


def detach(role: str, arn: str, version: str) -> str:
    """The command that detaches a managed policy while this is its version in force."""
    query = "Policy.DefaultVersionId"
    read = aws("iam get-policy", policy_arn=arn, query=query, output="text")
    return commands.unchanged(read, version, aws("iam detach-role-policy", role_name=role, policy_arn=arn))


def lost(services: Iterable[str]) -> Text | str:
    """The services of which a command takes rights."""
    return text("check.security.lost.every") if "*" in services else ", ".join(sorted(services)) or "–"


def _vital(policies: Iterable[Iterable[Statement]], settings: Settings) -> set[str]:
    missing = lacks(policies, policy_rules.needs(settings), known=facts(settings))
    return {each.action for each in missing if each.vital}


def _judged(policy: str, document: Document, role: Role, settings: Settings, command: str) -> CheckItem:
    this = _about(Checked.ROLE_POLICY, policy)
    if isinstance(document, AwsError):
        return this.unread(text("check.security.part.policy", policy=policy), document)
    found = excess(document, settings, role.limits)
    bad = [each for each in found if each.light is not GREEN]
    given, numbers = {"role": settings.service_role, "policy": policy}, {"wide": float(len(bad))}
    hidden = excluded(document, settings, role.limits)
    limited = (text("check.security.excluded", actions=_some(hidden)),) if hidden else ()
    if bad:
        limit = role.boundary.rpartition("/")[2]
        bound = (text("check.security.boundary", policy=limit),) if limit else ()
        said, details = _worst(bad, given), (*map(_one, bad), *limited, *bound)
    else:
        wide = ", ".join(sorted({each.action for each in found}))
        used = ", ".join(sorted(policy_rules.services(document))) or "–"
        said = text("check.security.narrow", **given)
        details = (
            text("check.security.narrow.what", day=made_on()),
            *((text("check.security.wide.allowed", actions=wide),) if wide else ()),
            text("check.security.narrow.services", services=used),
            *limited,
        )
    # To accept it is to accept the whole policy, and what other policies leave of it.
    accepted = (*policies.written(document), digest(Checked.ROLE_POLICY, (), (said, *details)))
    light, shown = worst(*(each.light for each in bad)), command if bad else ""
    return this.item(light, said, *details, command=shown, numbers=numbers, facts=accepted)


def _worst(bad: Sequence[Excess], given: dict[str, str]) -> Text:
    """The sentence that mail and chat show names the actions, of a pattern also the escalation in it."""
    ways = [each for each in bad if each.kind is ExcessKind.ESCALATES]
    shown = []
    for each in ways or bad:
        inside = next((one for one in each.includes if escalating(one)), "")
        shown.append(f"{each.action} ({inside})" if inside else each.action)
    if ways:
        return text("check.security.escalates", actions=_some(shown), **given)
    return text("check.security.wide", count=len(bad), actions=_some(shown), **given)


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
