"""Whom the policies of the service's functions and of the topic for on-call let in from outside."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from responder.check import Item, Light
from responder.checked import Checked
from responder.checks.security_guests import Guest, guests, serving
from responder.checks.storage_asked import Answer, ask, unusable
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError, Missing
from responder.evidence import policies
from responder.evidence.policies import Statement
from responder.permissions import CREATE_FUNCTION, RESULT_FUNCTION, ROLLOUT_FUNCTIONS, TOPIC, Permission
from responder.settings import Settings
from responder.text import Text, text

CHAPTER = "セキュリティ監査"
NEEDS = (
    *(Permission("lambda:GetPolicy", on) for on in (CREATE_FUNCTION, RESULT_FUNCTION, *ROLLOUT_FUNCTIONS)),
    Permission("sns:GetTopicAttributes", TOPIC),
)
# Lambda writes this condition for a function URL that asks nobody to sign in.
# https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
_NO_SIGN_IN = "lambda:functionurlauthtype"


def shared(context: Context) -> tuple[Item, ...]:
    """One finding for each function or topic that lets outsiders in, and one for all others."""
    settings = context.settings
    names = (settings.create_function, settings.result_function, *settings.rollout_functions)
    with ThreadPoolExecutor(3) as pool:
        asked = dict(zip(names, pool.map(partial(_function, context), names), strict=True))
    if settings.topic:
        asked[settings.topic.rpartition(":")[2]] = ask(
            context, "sns", "get_topic_attributes", TopicArn=settings.topic
        )
    return tuple(_judged(asked, settings))


def _function(context: Context, name: str) -> Answer:
    """A function without a policy, or none of that name: only this account's own policies count."""
    answer = ask(context, "lambda", "get_policy", FunctionName=name)
    return {} if isinstance(answer, Missing) else answer


def _judged(asked: dict[str, Answer], settings: Settings) -> Iterator[Item]:
    fine: list[str] = []
    for name, answer in asked.items():
        item = _one(name, answer, settings)
        if item is None:
            fine.append(name)
        else:
            yield item
    if fine:
        details = (text("check.security.shared.which", names=", ".join(fine)),)
        said = text("check.security.shared.none", count=len(fine))
        yield Item(Checked.SHARED.of(), Light.GREEN, said, details, CHAPTER)


def _one(name: str, answer: Answer, settings: Settings) -> Item | None:
    this = Checked.SHARED.of(name)
    if isinstance(answer, AwsError):
        return unread(this, text("check.security.part.shared", name=name), answer, CHAPTER)
    document: Any = answer.get("Policy") or (answer.get("Attributes") or {}).get("Policy")
    found = policies.statements(document)
    if document and not found:
        return unread(
            this, text("check.security.part.shared", name=name), unusable("lambda", "get_policy"), CHAPTER
        )
    open_ = [each for each in found if _without_sign_in(each)]
    rest = [each for each in found if each not in open_]
    outside, deputies = guests(rest, settings.account), serving(rest, settings.account)
    if open_:
        key, light = "url", Light.RED
    elif any(not each.conditional for each in outside):
        key, light = "open", Light.RED
    elif outside:
        key, light = "conditional", Light.AMBER
    elif deputies:
        key, light = "deputy", Light.AMBER
    else:
        return None
    every = (*outside, *deputies)
    who = ", ".join(sorted({each.who for each in every})) or "*"
    said = text(f"check.security.shared.{key}", name=name, who=who)
    return Item(this, light, said, tuple(map(_guest, every)), CHAPTER, _show(name, settings))


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
