"""Our own roles: has somebody given one of them more than the template does?"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from responder.check import Item, Light
from responder.checks.security_asked import attached_arns, inline_document, inline_names
from responder.checks.security_own import CHAPTER, DEPLOY
from responder.checks.security_template import Given, beyond, roles
from responder.checks.storage_asked import ask, pages
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError
from responder.evidence.policies import Statement
from responder.text import Text, text


def rights(context: Context) -> tuple[Item, ...]:
    """Each role has what the template gives it, and no more."""
    stack = context.settings.stack
    template = ask(context, "cloudformation", "get_template", StackName=stack, TemplateStage="Processed")
    made = pages(context, "cloudformation", "list_stack_resources", StackName=stack)
    if isinstance(template, AwsError):
        return (_no_stack(stack, template),)
    if isinstance(made, AwsError):
        return (_no_stack(stack, made),)
    known = roles(template.get("TemplateBody"))
    physical = {
        str(each["PhysicalResourceId"]): known[each["LogicalResourceId"]]
        for page in made
        for each in page.get("StackResourceSummaries", ())
        if each.get("LogicalResourceId") in known and each.get("PhysicalResourceId")
    }
    if not physical:
        return (Item(Light.UNKNOWN, text("check.security.no_roles", stack=stack), (), CHAPTER),)
    with ThreadPoolExecutor(4) as pool:
        more = list(pool.map(lambda name: _beyond(context, name, physical[name]), physical))
    return tuple(_judged(dict(zip(physical, more, strict=True))))


def _beyond(context: Context, name: str, given: Given) -> tuple[str, ...] | AwsError:
    names, attached = inline_names(context, name), attached_arns(context, name)
    if isinstance(names, AwsError):
        return names
    if isinstance(attached, AwsError):
        return attached
    statements: list[Statement] = []
    for each in names:
        document = inline_document(context, name, each)
        if isinstance(document, AwsError):
            return document
        statements += document
    return beyond(given, statements, attached)


def _judged(found: dict[str, tuple[str, ...] | AwsError]) -> Iterator[Item]:
    errors = [each for each in found.values() if isinstance(each, AwsError)]
    if errors:
        yield unread(text("check.security.part.roles", count=len(errors)), errors[0], CHAPTER)
    wider = {name: more for name, more in found.items() if not isinstance(more, AwsError) and more}
    if wider:
        yield Item(
            Light.RED,
            text("check.security.roles.wider", count=len(wider)),
            _listed(wider.items()),
            CHAPTER,
            DEPLOY,
        )
    elif not errors:
        yield Item(Light.GREEN, text("check.security.roles", count=len(found)), (), CHAPTER)


def _listed(wider: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Text, ...]:
    return tuple(text("check.security.role.wider", role=name, what=", ".join(more)) for name, more in wider)


def _no_stack(stack: str, error: AwsError) -> Item:
    return unread(text("check.security.part.stack", stack=stack), error, CHAPTER)
