"""Our own roles and managed policies: does one of them have more than the template gives it?"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from responder.checks import commands
from responder.checks.base import ask, attempted, pages, required
from responder.checks.commands import aws
from responder.checks.finding import RED, Checked, CheckItem
from responder.checks.security import object_keys
from responder.checks.security.own_stack import CHAPTER
from responder.checks.security.policy_rules import excess, services
from responder.checks.security.roles_read import ManagedPolicy, attached_arns, inline, managed, trusted
from responder.checks.security.service_role import detach, lost
from responder.checks.security.template_rights import (
    POLICY,
    DeployedRights,
    RightsBeyondTemplate,
    TemplateNames,
    TemplateRights,
    beyond,
    given,
    template,
)
from responder.checks.storage.lifecycle import prefixes
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence.policies import Statements


class _Found(NamedTuple):
    """Of one role or policy: what it has, what of that is more, and the policies attached besides."""

    has: DeployedRights
    more: RightsBeyondTemplate
    attached: Mapping[str, ManagedPolicy]


def rights(context: Context) -> Iterator[CheckItem]:
    """Each has what the template gives it, and no more."""
    stack, this = context.settings.stack, Checked.OWN_RIGHTS.of(chapter=CHAPTER)
    of = partial(ask, context, "cloudformation", StackName=stack)
    asked = of("get_template", TemplateStage="Processed"), of("describe_stacks")
    listed = pages(context, "cloudformation", "list_stack_resources", StackName=stack)
    try:
        body, described, made = (*map(required, asked), required(listed))
    except AwsError as error:
        yield this.unread(text("check.security.part.stack", stack=stack), error)
        return
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
        yield this.unknown(text("check.security.no_roles", stack=stack))
        return
    # Some hundred reads, of which IAM answers not many a second.
    with ThreadPoolExecutor(2) as pool:
        found = dict(
            zip(
                physical,
                pool.map(partial(attempted, _found, context), physical, physical.values()),
                strict=True,
            )
        )
    errors = [each for each in found.values() if isinstance(each, AwsError)]
    if errors:
        yield this.unread(text("check.security.part.roles", count=len(errors)), errors[0])
    wider = {id_: each for id_, each in found.items() if isinstance(each, _Found) and any(each.more)}
    yield from (_wider(id_, physical[id_], each, context.settings) for id_, each in wider.items())
    if not errors and not wider:
        yield this.green(text("check.security.roles", count=len(found)), text("check.security.roles.what"))


def _parameters(described: Data) -> dict[str, str]:
    """Of parameters that name one of Systems Manager, the value there."""
    return {
        str(each["ParameterKey"]): str(each.get("ResolvedValue") or each.get("ParameterValue", ""))
        for stack in described.get("Stacks", ())
        for each in stack.get("Parameters", ())
    }


def _found(context: Context, physical: str, said: TemplateRights) -> _Found:
    if said.kind == POLICY:
        has = DeployedRights({"": required(managed(context, physical).statements)})
    else:
        role = trusted(ask(context, "iam", "get_role", RoleName=physical))
        arns, own = attempted(attached_arns, context, physical), attempted(inline, context, physical)
        trust, attached, policies = required(role), required(arns), required(own)
        has = DeployedRights({name: required(each) for name, each in policies.items()}, attached, trust)
    more = beyond(said, has)
    return _Found(has, more, {arn: managed(context, arn) for arn in more.attached})


def _wider(physical: str, said: TemplateRights, found: _Found, settings: Settings) -> CheckItem:
    """`physical`: the name of a role, the ARN of a managed policy."""
    more, role = found.more, physical.rpartition("/")[2]
    parts = {**more._asdict(), "attached": [each.rpartition("/")[2] for each in more.attached]}
    details = [
        *(
            text(f"check.security.beyond.{name}", names=", ".join(each))
            for name, each in parts.items()
            if each
        ),
        text("check.security.by_hand"),
    ]
    first = [one for each in parts.values() for one in each][:3]
    wider = text("check.security.role.wider", role=role, names=", ".join(first))
    command, of = _taken(physical, found, settings)
    caution = text("check.security.caution.own", role=role, lost=lost(of)) if command else None
    shown = command or _shown(physical, said, found)
    this = Checked.OWN_ROLE.of(role, chapter=CHAPTER)
    return this.item(RED, wider, *details, command=shown, caution=caution)


def _taken(physical: str, found: _Found, settings: Settings) -> tuple[str, frozenset[str]]:
    """The command that takes away added policies that give far too much, each while it is as it was read, and
    the services of which that takes rights. "" where there is none, or where it is no line to paste."""
    lines, of = list[str](), frozenset[str]()
    for name in found.more.inline:
        statements = tuple(found.has.policies[name])
        if not _far(statements, settings):
            continue
        if object_keys.named(statements, prefixes(settings)):
            return "", frozenset()
        policy = {"role_name": physical, "policy_name": name}
        query = "to_string([PolicyDocument.Statement][])"
        read = aws("iam get-role-policy", **policy, query=query, output="text")
        away = aws("iam delete-role-policy", **policy)
        lines.append(commands.unchanged(read, commands.written(list(statements)), away))
        of |= services(statements)
    for arn, each in found.attached.items():
        if not isinstance(each.statements, AwsError) and _far(each.statements, settings):
            lines.append(detach(physical, arn, each.version))
            of |= services(each.statements)
    command = "; ".join(lines)
    return (command, of) if len(command) <= commands.LONGEST else ("", frozenset())


def _far(statements: Statements, settings: Settings) -> bool:
    return any(each.light is RED for each in excess(statements, settings))


def _shown(physical: str, said: TemplateRights, found: _Found) -> str:
    if said.kind == POLICY:
        return aws("iam list-policy-versions", policy_arn=physical)
    more = found.more
    for arn in more.attached:
        version = found.attached[arn].version or "v1"
        return aws("iam get-policy-version", policy_arn=arn, version_id=version)
    if more.trusted and not more.inline:
        return aws("iam get-role", role_name=physical, query="Role.AssumeRolePolicyDocument")
    return aws("iam get-role-policy", role_name=physical, policy_name=min(more.inline or said.inline))
