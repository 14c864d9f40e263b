"""The alarms on this automation itself, and whether anybody hears of anything."""

from collections.abc import Iterable, Iterator, Mapping

from responder.checks.alarms.mute_rules import Mute, muted
from responder.checks.alarms.notification_path import untested, voiceless
from responder.checks.alarms.reading import OWN, tried
from responder.checks.base import unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.checks.readiness import subscriptions_by_level
from responder.checks.readiness.subscriptions import subscribed
from responder.core.context import Context
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.errors import AwsError
from responder.core.permissions import TOPIC, Permission
from responder.core.settings import Settings
from responder.core.text import text

LAST_RESORT = "${LastResort}"
OWN_NEEDS = (
    Permission("sns:ListSubscriptionsByTopic", TOPIC),
    Permission("sns:ListSubscriptionsByTopic", LAST_RESORT),
    Permission("sns:GetSubscriptionAttributes", TOPIC),
    Permission("sns:GetSubscriptionAttributes", LAST_RESORT),
)
NAMES = (
    "UndeliveredEvents",
    "Unmailed",
    "FailedTwice",
    "ResponseFailedErrors",
    "Unsent",
    "UnsentFollowUp",
    "Unfollowed",
    "FollowUpFailed",
    "WatchdogSilent",
    "Throttled",
    "DailyCheckSilent",
    "SelfTest",
)
# Made with Slack only.
_SLACK = ("Unposted",)


def own_alarms(
    context: Context, found: Mapping[str, DeployedAlarm], mutes: Mapping[str, tuple[Mute, ...]]
) -> Iterator[CheckItem]:
    """Missing, without a voice, muted; their topic without a reader; nobody whom a message reaches."""
    settings = context.settings
    own = {name: alarm for name, alarm in found.items() if name.startswith(OWN)}
    for name in _names(settings):
        if name not in own:
            said = text("check.alarms.missing", alarm=name)
            yield CheckItem(
                Checked.ALARM_EXISTS.of(name),
                CheckStatus.RED,
                said,
                (text("check.alarms.deploy_again", stack=settings.stack),),
            )
    for alarm in own.values():
        judged = (
            voiceless(alarm, settings),
            untested(alarm, settings, "", high=True),
            muted(alarm, mutes.get(alarm.name, ()), settings, "", high=True),
        )
        yield from (one for one in judged if one)
    topics = {action: alarm.name for alarm in own.values() for action in alarm.actions if ":sns:" in action}
    for topic, alarm_name in sorted(topics.items()):
        yield from _readers(context, topic, alarm_name)
    yield from _people(subscriptions_by_level.listeners(context))


def _names(settings: Settings) -> Iterator[str]:
    kinds = (*NAMES, *_SLACK) if settings.slack_secret else NAMES
    return (f"{OWN}{kind}-{settings.stack}" for kind in kinds)


def _readers(context: Context, topic: str, alarm: str) -> Iterator[CheckItem]:
    found = tried(lambda: subscribed(context, topic))
    short = topic.rsplit(":", 1)[-1]
    part = text("check.alarms.part.last_resort", topic=short)
    if isinstance(found, AwsError):
        yield unread(Checked.LAST_RESORT.of(short), part, found)
    elif not any(each.hears_alarm(alarm) for each in found if each.error is None):
        error = next((each.error for each in found if each.error is not None), None)
        if error is not None:
            yield unread(Checked.LAST_RESORT.of(short), part, error)
        else:
            yield CheckItem(
                Checked.LAST_RESORT.of(short), CheckStatus.RED, text("check.alarms.last_resort", topic=short)
            )


def _people(lines: Iterable[CheckItem]) -> Iterator[CheckItem]:
    """An alarm that is answered while no person hears of it is heard by nobody."""
    for light, key, kind in (
        (CheckStatus.RED, "check.alarms.nobody", Checked.ON_CALL),
        (CheckStatus.UNKNOWN, "check.alarms.nobody_known", Checked.ON_CALL_READ),
    ):
        said = [each for each in lines if each.light is light]
        if said:
            yield CheckItem(kind.of(), light, text(key), tuple(each.said for each in said), said[0].chapter)
