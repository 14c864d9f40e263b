"""Our own roles and managed policies: has somebody given one of them more than the template does?"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from responder.check import Item, Light
from responder.checks.security_asked import attached_arns, inline, managed_document, trusted
from responder.checks.security_beyond import Beyond, Has, beyond
from responder.checks.security_own import CHAPTER
from responder.checks.security_template import POLICY, Given, given
from responder.checks.security_wider import wider
from responder.checks.storage_asked import ask, pages
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError
from responder.evidence.policies import Statement
from responder.text import text


def rights(context: Context) -> tuple[Item, ...]:
    """Each has what the template gives it, and no more."""
    stack = context.settings.stack
    template = ask(context, "cloudformation", "get_template", StackName=stack, TemplateStage="Processed")
    made = pages(context, "cloudformation", "list_stack_resources", StackName=stack)
    if isinstance(template, AwsError):
        return (_no_stack(stack, template),)
    if isinstance(made, AwsError):
        return (_no_stack(stack, made),)
    known = given(template.get("TemplateBody"))
    # A role by its name, a managed policy by its ARN.
    physical = {
        str(each["PhysicalResourceId"]): known[each["LogicalResourceId"]]
        for page in made
        for each in page.get("StackResourceSummaries", ())
        if each.get("LogicalResourceId") in known and each.get("PhysicalResourceId")
    }
    if not physical:
        return (Item(Light.UNKNOWN, text("check.security.no_roles", stack=stack), (), CHAPTER),)
    # Some hundred reads, of which IAM answers not many a second.
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(partial(_beyond, context), physical, physical.values())
    return tuple(_judged(physical, dict(zip(physical, found, strict=True))))


def _beyond(context: Context, physical: str, said: Given) -> Beyond | AwsError:
    has = _policy(context, physical) if said.kind == POLICY else _role(context, physical)
    return has if isinstance(has, AwsError) else beyond(said, has)


def _policy(context: Context, arn: str) -> Has | AwsError:
    document = managed_document(context, arn)
    return document if isinstance(document, AwsError) else Has({"": document})


def _role(context: Context, name: str) -> Has | AwsError:
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
    return Has(read, attached, trust)


def _judged(said: dict[str, Given], found: dict[str, Beyond | AwsError]) -> Iterator[Item]:
    errors = [each for each in found.values() if isinstance(each, AwsError)]
    if errors:
        yield unread(text("check.security.part.roles", count=len(errors)), errors[0], CHAPTER)
    more = {id_: each for id_, each in found.items() if isinstance(each, Beyond) and each}
    yield from (wider(id_, said[id_], each) for id_, each in more.items())
    if not errors and not more:
        yield Item(Light.GREEN, text("check.security.roles", count=len(found)), (), CHAPTER)


def _no_stack(stack: str, error: AwsError) -> Item:
    return unread(text("check.security.part.stack", stack=stack), error, CHAPTER)
