"""Whom the policies of the service's functions and of the topic for on-call let in from outside."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from responder.checks.base import ask, unusable
from responder.checks.commands import aws
from responder.checks.finding import AMBER, RED, Checked, CheckItem, Items
from responder.checks.security.external_principals import guests, serving, tests
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.permissions import CREATE_FUNCTION, RESULT_FUNCTION, ROLLOUT_FUNCTIONS, TOPIC, Permission
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence import policies
from responder.evidence.policies import Statement, Statements

CHAPTER = "セキュリティ監査"
NEEDS = (
    *(Permission("lambda:GetPolicy", on) for on in (CREATE_FUNCTION, RESULT_FUNCTION, *ROLLOUT_FUNCTIONS)),
    Permission("sns:GetTopicAttributes", TOPIC),
)
# Lambda writes this condition for a function URL that needs no sign-in.
# https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
_NO_SIGN_IN = "lambda:functionurlauthtype"

type _Document = tuple[Statement, ...] | AwsError


def shared(context: Context) -> Items:
    """One finding for each function or topic that lets outsiders in; one for all other functions."""
    settings = context.settings
    names = (settings.create_function, settings.result_function, *settings.rollout_functions)
    with ThreadPoolExecutor(3) as pool:
        asked = dict(zip(names, pool.map(partial(_function, context), names), strict=True))
    return (*_functions(asked, settings), *((_topic(context),) if settings.topic else ()))


def _function(context: Context, name: str) -> _Document:
    """No statement of a function without a policy, which its own account alone may call, or that is gone."""
    answer = ask(context, "lambda", "get_policy", FunctionName=name)
    if isinstance(answer, Missing):
        return ()
    return answer if isinstance(answer, AwsError) else _read(answer["Policy"], "lambda", "get_policy")


def _functions(asked: Mapping[str, _Document], settings: Settings) -> Iterator[CheckItem]:
    read = {name: each for name, each in asked.items() if not isinstance(each, AwsError)}
    errors = {name: each for name, each in asked.items() if isinstance(each, AwsError)}
    bad = {name: item for name, each in read.items() if (item := _open(name, each, settings))}
    yield from bad.values()
    this = Checked.SHARED.of("functions", chapter=CHAPTER)
    if errors:
        what = text("check.security.part.shared", names=", ".join(errors))
        yield this.unread(what, next(iter(errors.values())))
    elif fine := [name for name, each in read.items() if each and name not in bad]:
        names = text("check.security.shared.which", names=", ".join(fine))
        yield this.green(text("check.security.shared.none", count=len(fine)), names)


def _topic(context: Context) -> CheckItem:
    arn = context.settings.topic
    name = arn.rpartition(":")[2]
    this = Checked.SHARED.of(name, chapter=CHAPTER)
    answer = ask(context, "sns", "get_topic_attributes", TopicArn=arn)
    found: _Document = (
        answer
        if isinstance(answer, AwsError)
        else _read(answer["Attributes"].get("Policy"), "sns", "get_topic_attributes")
    )
    if isinstance(found, AwsError):
        return this.unread(text("check.security.part.shared", names=name), found)
    fine = text("check.security.shared.topic", name=name)
    return _open(name, found, context.settings) or this.green(fine)


def _read(document: Any, service: str, operation: str) -> _Document:
    return policies.statements(document) or unusable(service, operation)


def _open(name: str, found: Statements, settings: Settings) -> CheckItem | None:
    rest = [each for each in found if not _without_sign_in(each)]
    outside, deputies = guests(rest, settings.account), serving(rest, settings.account)
    if len(rest) < len(found):
        key, light = "url", RED
    elif any(not each.conditional for each in outside):
        key, light = "open", RED
    elif outside:
        key, light = "conditional", AMBER
    elif deputies:
        key, light = "deputy", AMBER
    else:
        return None
    every = (*outside, *deputies)
    who = ", ".join(sorted({each.who for each in every}))
    said = text(f"check.security.shared.{key}", name=name, who=who)
    if settings.topic.endswith(f":{name}"):
        show = aws("sns get-topic-attributes", settings.region, topic_arn=settings.topic)
    else:
        what = {"function_name": name, "query": "Policy", "output": "text"}
        show = aws("lambda get-policy", settings.region, **what)
    details, this = (each.said for each in every), Checked.SHARED.of(name, chapter=CHAPTER)
    return this.item(light, said, *details, command=show, facts=policies.written(found))


def _without_sign_in(statement: Statement) -> bool:
    return statement.get("Effect") == "Allow" and any(
        key == _NO_SIGN_IN and "NONE" in values for _, key, values in tests(statement.get("Condition"))
    )
