"""The alarms on this automation itself, and whether anybody hears of anything."""

from collections.abc import Iterator, Mapping

from responder.check import Item, Light
from responder.checks import readiness_listeners
from responder.checks.alarms_deployed import Deployed
from responder.checks.alarms_heard import muted, voiceless
from responder.checks.alarms_read import OWN, tried
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError
from responder.permissions import ANY, TOPIC, Permission
from responder.text import text

LAST_RESORT = "${LastResort}"
OWN_NEEDS = (
    Permission("sns:ListSubscriptionsByTopic", TOPIC),
    Permission("sns:ListSubscriptionsByTopic", LAST_RESORT),
    Permission("sns:GetSubscriptionAttributes", ANY),
)
NAMES = (
    "UndeliveredEvents",
    "FailedTwice",
    "ResponseFailedErrors",
    "Unfollowed",
    "FollowUpFailed",
    "WatchdogSilent",
)


def own_alarms(
    context: Context, found: Mapping[str, Deployed], mutes: Mapping[str, tuple[str, ...]]
) -> Iterator[Item]:
    """Missing, without a voice, muted; their topic without a reader; nobody whom a message reaches."""
    settings = context.settings
    own = {name: alarm for name, alarm in found.items() if name.startswith(OWN)}
    for name in NAMES:
        if f"{OWN}{name}-{settings.stack}" not in own:
            said = text("check.alarms.missing", alarm=f"{OWN}{name}-{settings.stack}")
            yield Item(Light.RED, said, (text("check.alarms.deploy_again", stack=settings.stack),))
    for alarm in own.values():
        yield from (one for one in (voiceless(alarm, settings), muted(alarm, mutes, settings, "")) if one)
    topics = {action for alarm in own.values() for action in alarm.actions if ":sns:" in action}
    for topic in sorted(topics):
        yield from _readers(context, topic)
    yield from _people(context)


def _readers(context: Context, topic: str) -> Iterator[Item]:
    confirmed = tried(lambda: _confirmed(context, topic))
    short = topic.rsplit(":", 1)[-1]
    if isinstance(confirmed, AwsError):
        yield unread(text("check.alarms.part.last_resort", topic=short), confirmed)
    elif not confirmed:
        yield Item(Light.RED, text("check.alarms.last_resort", topic=short))


def _confirmed(context: Context, topic: str) -> int:
    pages = context.aws.pages("sns", "list_subscriptions_by_topic", TopicArn=topic)
    rows = [each for page in pages for each in page.get("Subscriptions", [])]
    # Until it is confirmed, a subscription has a word instead of an ARN.
    return sum(str(each.get("SubscriptionArn", "")).startswith("arn:") for each in rows)


def _people(context: Context) -> Iterator[Item]:
    """An alarm that is answered while no person hears of it is heard by nobody."""
    lines = [each for each in readiness_listeners.listeners(context) if each.light is Light.RED]
    if lines:
        yield Item(
            Light.RED, text("check.alarms.nobody"), tuple(each.said for each in lines), lines[0].chapter
        )
