"""Is somebody subscribed to the topic for each level of the escalation?

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
"""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from responder.check import Item, Light
from responder.context import Context
from responder.errors import AwsError
from responder.evidence.failed import reason
from responder.settings import Settings
from responder.text import text

LEVELS = ("1", "2", "3", "4")
_CHAPTER = "エスカレーションフロー"
# What brings a message to a person; queues and functions are machines.
_PEOPLE = frozenset({"email", "email-json", "sms", "http", "https", "application"})
_PARAMETERS = {"1": "OnCallEmail", "2": "Level2Email", "3": "Level3Email", "4": "Level4Email"}


@dataclass(frozen=True, slots=True)
class Listener:
    """One subscription, confirmed or not. `levels` it lets through; None where its filter was not read."""

    protocol: str
    endpoint: str
    confirmed: bool
    levels: tuple[str, ...] | None = LEVELS

    def slack(self, settings: Settings) -> bool:
        """Our own function that posts to Slack."""
        ours = self.endpoint.rpartition(":")[2] == f"{settings.stack}-slack-post"
        return self.protocol == "lambda" and ours


def listeners(context: Context) -> tuple[Item, ...]:
    """Filter policies are read for each; an address is never shown."""
    aws, topic = context.aws, context.settings.topic
    try:
        pages = aws.pages("sns", "list_subscriptions_by_topic", TopicArn=topic)
        found = [each for page in pages for each in page.get("Subscriptions", [])]
    except AwsError as error:
        return (
            Item(Light.UNKNOWN, text("check.ready.listeners_unread", reason=reason(error)), (), _CHAPTER),
        )
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(lambda each: _listener(context, each), found))
    errors = {error.operation: error for _, error in asked if error is not None}
    unread = tuple(
        Item(Light.UNKNOWN, text("check.ready.listeners_unread", reason=reason(error)), (), _CHAPTER)
        for error in errors.values()
    )
    return (*unread, *judged([listener for listener, _ in asked], context.settings))


def judged(found: list[Listener], settings: Settings) -> tuple[Item, ...]:
    """On-call, who hears all, is no further level: a level has somebody where one begins to hear there."""
    people = [each for each in found if each.protocol in _PEOPLE]
    heard = {each.levels[0] for each in people if each.confirmed and each.levels} | _by_slack(found, settings)
    maybe = any(each.confirmed and each.levels is None for each in people)
    waiting = sum(not each.confirmed for each in people)
    items = [_unheard(level, maybe) for level in LEVELS if level not in heard]
    if waiting:
        items.append(Item(Light.AMBER, text("check.ready.unconfirmed", count=waiting), (), _CHAPTER))
    if not items:
        items.append(Item(Light.GREEN, text("check.ready.listeners", count=len(found)), (), _CHAPTER))
    return tuple(items)


def passing(policy: str, scope: str = "MessageAttributes") -> tuple[str, ...]:
    """The levels that a filter policy lets through; conditions besides the level's are not judged. Pure."""
    try:
        read: Any = json.loads(policy) if policy else {}
    except ValueError:
        return ()
    wanted = read.get("level") if isinstance(read, Mapping) and scope == "MessageAttributes" else None
    if wanted is None:
        return LEVELS
    return tuple(level for level in LEVELS if any(_meets(level, one) for one in wanted))


def _meets(level: str, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(level == wanted)
    prefix, excluded = wanted.get("prefix"), wanted.get("anything-but")
    if isinstance(excluded, list | str):
        return level not in ([excluded] if isinstance(excluded, str) else excluded)
    return wanted.get("exists") is True or (isinstance(prefix, str) and level.startswith(prefix))


def _listener(context: Context, found: Mapping[str, Any]) -> tuple[Listener, AwsError | None]:
    arn, protocol = str(found["SubscriptionArn"]), str(found["Protocol"])
    endpoint = str(found.get("Endpoint", "")) if protocol == "lambda" else ""
    # Instead of an ARN AWS gives a word: PendingConfirmation, or Deleted.
    if not arn.startswith("arn:"):
        return Listener(protocol, endpoint, confirmed=False), None
    try:
        answer = context.aws.call("sns", "get_subscription_attributes", SubscriptionArn=arn)
    except AwsError as error:
        return Listener(protocol, endpoint, confirmed=True, levels=None), error
    attributes = answer.get("Attributes", {})
    policy = (attributes.get("FilterPolicy", ""), attributes.get("FilterPolicyScope", "MessageAttributes"))
    confirmed = attributes.get("PendingConfirmation") != "true"
    return Listener(protocol, endpoint, confirmed, passing(*policy)), None


def _by_slack(found: Iterable[Listener], settings: Settings) -> set[str]:
    if not settings.slack_secret or not any(each.slack(settings) for each in found):
        return set()
    called = (part.strip().partition("=")[0] for part in settings.slack_level_mentions.split(","))
    return {"1", *(level for level in called if level in LEVELS)}


def _unheard(level: str, maybe: bool) -> Item:
    if maybe:
        return Item(Light.UNKNOWN, text("check.ready.level_unknown", level=level), (), _CHAPTER)
    light = Light.RED if level == LEVELS[0] else Light.AMBER
    details = (text("check.ready.subscribe", parameter=_PARAMETERS[level]),)
    return Item(light, text("check.ready.level_unheard", level=level), details, _CHAPTER)
