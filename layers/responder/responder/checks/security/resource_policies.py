"""Whom the policies of the service's functions and of the topic for on-call let in from outside."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from responder.checks.base import ask, unread, unusable
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.checks.security.external_principals import Guest, guests, serving
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.permissions import CREATE_FUNCTION, RESULT_FUNCTION, ROLLOUT_FUNCTIONS, TOPIC, Permission
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence import policies
from responder.evidence.policies import Statement

CHAPTER = "セキュリティ監査"
NEEDS = (
    *(Permission("lambda:GetPolicy", on) for on in (CREATE_FUNCTION, RESULT_FUNCTION, *ROLLOUT_FUNCTIONS)),
    Permission("sns:GetTopicAttributes", TOPIC),
)
# Lambda writes this condition for a function URL that asks nobody to sign in.
# https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
_NO_SIGN_IN = "lambda:functionurlauthtype"


def shared(context: Context) -> tuple[CheckItem, ...]:
    """One finding for each function or topic that lets outsiders in; one for all other functions."""
    settings = context.settings
    names = (settings.create_function, settings.result_function, *settings.rollout_functions)
    with ThreadPoolExecutor(3) as pool:
        asked = dict(zip(names, pool.map(partial(_function, context), names), strict=True))
    return (*_functions(asked, settings), *(_topic(context) if settings.topic else ()))


def _function(context: Context, name: str) -> tuple[Statement, ...] | AwsError:
    """None of a function without a policy, which its own account alone may call; none where it is gone."""
    answer = ask(context, "lambda", "get_policy", FunctionName=name)
    if isinstance(answer, Missing):
        return ()
    return answer if isinstance(answer, AwsError) else _read(answer["Policy"], "get_policy")


def _functions(
    asked: Mapping[str, tuple[Statement, ...] | AwsError], settings: Settings
) -> Iterator[CheckItem]:
    read = {name: each for name, each in asked.items() if not isinstance(each, AwsError)}
    errors = {name: each for name, each in asked.items() if isinstance(each, AwsError)}
    bad = {name: item for name, each in read.items() if (item := _open(name, each, settings))}
    yield from bad.values()
    this = Checked.SHARED.of("functions")
    if errors:
        what = text("check.security.part.shared", names=", ".join(errors))
        yield unread(this, what, next(iter(errors.values())), CHAPTER)
    elif fine := [name for name, each in read.items() if each and name not in bad]:
        details = (text("check.security.shared.which", names=", ".join(fine)),)
        yield CheckItem(
            this, CheckStatus.GREEN, text("check.security.shared.none", count=len(fine)), details, CHAPTER
        )


def _topic(context: Context) -> Iterator[CheckItem]:
    arn = context.settings.topic
    name, this = arn.rpartition(":")[2], Checked.SHARED.of(arn.rpartition(":")[2])
    answer = ask(context, "sns", "get_topic_attributes", TopicArn=arn)
    attributes = {} if isinstance(answer, AwsError) else answer["Attributes"]
    found = (
        answer if isinstance(answer, AwsError) else _read(attributes.get("Policy"), "get_topic_attributes")
    )
    if isinstance(found, AwsError):
        yield unread(this, text("check.security.part.shared", names=name), found, CHAPTER)
    else:
        fine = text("check.security.shared.topic", name=name)
        yield _open(name, found, context.settings) or CheckItem(this, CheckStatus.GREEN, fine, (), CHAPTER)


def _read(document: Any, operation: str) -> tuple[Statement, ...] | AwsError:
    return policies.statements(document) or unusable(
        "lambda" if operation == "get_policy" else "sns", operation
    )


def _open(name: str, found: tuple[Statement, ...], settings: Settings) -> CheckItem | None:
    """None where nobody from outside is let in."""
    url = any(map(_without_sign_in, found))
    rest = [each for each in found if not _without_sign_in(each)]
    outside, deputies = guests(rest, settings.account), serving(rest, settings.account)
    if url:
        key, light = "url", CheckStatus.RED
    elif any(not each.conditional for each in outside):
        key, light = "open", CheckStatus.RED
    elif outside:
        key, light = "conditional", CheckStatus.AMBER
    elif deputies:
        key, light = "deputy", CheckStatus.AMBER
    else:
        return None
    every = (*outside, *deputies)
    said = text(
        f"check.security.shared.{key}", name=name, who=", ".join(sorted({each.who for each in every}))
    )
    details = tuple(map(_guest, every))
    this, facts = Checked.SHARED.of(name), policies.written(found)
    return CheckItem(this, light, said, details, CHAPTER, _show(name, settings), facts=facts)


def _without_sign_in(statement: Statement) -> bool:
    condition = statement.get("Condition")
    tests = condition.values() if isinstance(condition, dict) else ()
    return statement.get("Effect") == "Allow" and any(
        str(key).lower() == _NO_SIGN_IN and "NONE" in policies.listed(value)
        for each in tests
        if isinstance(each, dict)
        for key, value in each.items()
    )


def _guest(guest: Guest) -> Text:
    key = "check.security.guest.if" if guest.conditional else "check.security.guest"
    return text(key, who=guest.who, sid=guest.sid)


def _show(name: str, settings: Settings) -> str:
    if settings.topic.endswith(f":{name}"):
        return f"aws sns get-topic-attributes --region {settings.region} --topic-arn {settings.topic}"
    where = f"--region {settings.region} --function-name {name}"
    return f"aws lambda get-policy {where} --query Policy --output text"
