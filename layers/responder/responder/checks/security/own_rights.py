"""Our own roles and managed policies: has somebody given one of them more than the template does?"""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from responder.checks import commands
from responder.checks.base import ask, pages, unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.checks.security import object_keys
from responder.checks.security.own_stack import CHAPTER
from responder.checks.security.policy_rules import excess, services
from responder.checks.security.roles_read import ManagedPolicy, attached_arns, inline, managed, trusted
from responder.checks.security.template_diff import DeployedRights, RightsBeyondTemplate, beyond
from responder.checks.security.template_rights import POLICY, TemplateNames, TemplateRights, given, template
from responder.checks.storage.lifecycle_rules import prefixes
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence.policies import Statement

_LONGEST = 3_000


@dataclass(frozen=True, slots=True)
class _Found:
    """Of one role or policy: what it has, what of that is more, and the policies attached besides."""

    has: DeployedRights
    more: RightsBeyondTemplate
    attached: Mapping[str, ManagedPolicy] = field(default_factory=dict)


def rights(context: Context) -> tuple[CheckItem, ...]:
    """Each has what the template gives it, and no more."""
    stack = context.settings.stack
    body = ask(context, "cloudformation", "get_template", StackName=stack, TemplateStage="Processed")
    described = ask(context, "cloudformation", "describe_stacks", StackName=stack)
    made = pages(context, "cloudformation", "list_stack_resources", StackName=stack)
    if isinstance(body, AwsError):
        return (_no_stack(stack, body),)
    if isinstance(described, AwsError):
        return (_no_stack(stack, described),)
    if isinstance(made, AwsError):
        return (_no_stack(stack, made),)
    names = {
        str(each["LogicalResourceId"]): str(each["PhysicalResourceId"])
        for page in made
        for each in page.get("StackResourceSummaries", ())
        if each.get("PhysicalResourceId")
    }
    filled = TemplateNames(context.settings, _parameters(described), names)
    known = given(template(body.get("TemplateBody")), filled)
    # A role by its name, a managed policy by its ARN.
    physical = {names[logical]: said for logical, said in known.items() if logical in names}
    if not physical:
        return (
            CheckItem(
                Checked.OWN_RIGHTS.of(),
                CheckStatus.UNKNOWN,
                text("check.security.no_roles", stack=stack),
                (),
                CHAPTER,
            ),
        )
    # Some hundred reads, of which IAM answers not many a second.
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(partial(_found, context), physical, physical.values())
    return tuple(_judged(physical, dict(zip(physical, found, strict=True)), context.settings))


def _no_stack(stack: str, error: AwsError) -> CheckItem:
    return unread(Checked.OWN_RIGHTS.of(), text("check.security.part.stack", stack=stack), error, CHAPTER)


def _parameters(described: Mapping[str, Any]) -> dict[str, str]:
    """Of parameters that name one of Systems Manager, the value there."""
    return {
        str(each["ParameterKey"]): str(each.get("ResolvedValue") or each.get("ParameterValue", ""))
        for stack in described.get("Stacks", ())
        for each in stack.get("Parameters", ())
    }


def _found(context: Context, physical: str, said: TemplateRights) -> _Found | AwsError:
    has = _policy(context, physical) if said.kind == POLICY else _role(context, physical)
    if isinstance(has, AwsError):
        return has
    more = beyond(said, has)
    return _Found(has, more, {arn: managed(context, arn) for arn in more.attached})


def _policy(context: Context, arn: str) -> DeployedRights | AwsError:
    document = managed(context, arn).statements
    return document if isinstance(document, AwsError) else DeployedRights({"": document})


def _role(context: Context, name: str) -> DeployedRights | AwsError:
    trust = trusted(ask(context, "iam", "get_role", RoleName=name))
    attached, policies = attached_arns(context, name), inline(context, name)
    if isinstance(trust, AwsError):
        return trust
    if isinstance(attached, AwsError):
        return attached
    if isinstance(policies, AwsError):
        return policies
    read: dict[str, tuple[Statement, ...]] = {}
    for policy, document in policies.items():
        if isinstance(document, AwsError):
            return document
        read[policy] = document
    return DeployedRights(read, attached, trust)


def _judged(
    said: dict[str, TemplateRights], found: dict[str, _Found | AwsError], settings: Settings
) -> Iterator[CheckItem]:
    errors = [each for each in found.values() if isinstance(each, AwsError)]
    if errors:
        yield unread(
            Checked.OWN_RIGHTS.of(), text("check.security.part.roles", count=len(errors)), errors[0], CHAPTER
        )
    wider = {id_: each for id_, each in found.items() if isinstance(each, _Found) and each.more}
    yield from (_wider(id_, said[id_], each, settings) for id_, each in wider.items())
    if not errors and not wider:
        details = (text("check.security.roles.what"),)
        yield CheckItem(
            Checked.OWN_RIGHTS.of(),
            CheckStatus.GREEN,
            text("check.security.roles", count=len(found)),
            details,
            CHAPTER,
        )


def _wider(physical: str, said: TemplateRights, found: _Found, settings: Settings) -> CheckItem:
    """`physical`: the name of a role, the ARN of a managed policy."""
    more = found.more
    parts = {
        "inline": more.inline,
        "attached": tuple(each.rpartition("/")[2] for each in more.attached),
        "actions": more.actions,
        "trusted": more.trusted,
        "undenied": more.undenied,
    }
    details = (
        *(
            text(f"check.security.beyond.{name}", names=", ".join(each))
            for name, each in parts.items()
            if each
        ),
        text("check.security.by_hand"),
    )
    role = physical.rpartition("/")[2]
    what = [*more.inline, *parts["attached"], *more.actions, *more.trusted, *more.undenied]
    told = text("check.security.role.wider", role=role, names=", ".join(what[:3]))
    command, lost = _taken(physical, found, settings)
    if not command:
        return CheckItem(
            Checked.OWN_ROLE.of(role), CheckStatus.RED, told, details, CHAPTER, _shown(physical, said, found)
        )
    every = text("check.security.lost.every") if "*" in lost else ", ".join(sorted(lost)) or "–"
    caution = text("check.security.caution.own", role=role, lost=every)
    return CheckItem(
        Checked.OWN_ROLE.of(role), CheckStatus.RED, told, details, CHAPTER, command, caution=caution
    )


def _taken(physical: str, found: _Found, settings: Settings) -> tuple[str, frozenset[str]]:
    """The command that takes away added policies that give far too much, each while it is as it was read, and
    the services of which that takes rights. "" where there is none, or where it is no line to paste."""
    role, lines, lost = f"--role-name {physical}", [], frozenset[str]()
    for name in found.more.inline:
        statements = tuple(found.has.policies[name])
        if not _far(statements, settings):
            continue
        if object_keys.named(statements, prefixes(settings)):
            return "", frozenset()
        ask_ = f"aws iam get-role-policy {role} --policy-name {name}"
        read = f"{ask_} --query 'to_string([PolicyDocument.Statement][])' --output text"
        said = json.dumps(list(statements), separators=(",", ":"), default=str)
        away = f"aws iam delete-role-policy {role} --policy-name {name}"
        lines.append(commands.unchanged(read, said, away))
        lost |= services(statements)
    for arn, policy in found.attached.items():
        if isinstance(policy.statements, AwsError) or not _far(policy.statements, settings):
            continue
        read = f"aws iam get-policy --policy-arn {arn} --query Policy.DefaultVersionId --output text"
        away = f"aws iam detach-role-policy {role} --policy-arn {arn}"
        lines.append(commands.unchanged(read, policy.version, away))
        lost |= services(policy.statements)
    command = "; ".join(lines)
    return (command, lost) if len(command) <= _LONGEST else ("", frozenset())


def _far(statements: tuple[Statement, ...], settings: Settings) -> bool:
    return any(each.light is CheckStatus.RED for each in excess(statements, settings))


def _shown(physical: str, said: TemplateRights, found: _Found) -> str:
    """What was added or changed, to be read first."""
    if said.kind == POLICY:
        return f"aws iam list-policy-versions --policy-arn {physical}"
    role, more = f"--role-name {physical}", found.more
    for arn in more.attached:
        version = found.attached[arn].version or "v1"
        return f"aws iam get-policy-version --policy-arn {arn} --version-id {version}"
    if more.trusted and not more.inline:
        return f"aws iam get-role {role} --query Role.AssumeRolePolicyDocument"
    return f"aws iam get-role-policy {role} --policy-name {min(more.inline or said.inline)}"
