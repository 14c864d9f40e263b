"""The alarms on this automation itself, and whether a person receives anything."""

from collections.abc import Iterator, Mapping

from responder.checks import commands
from responder.checks.alarms.mute_rules import Mute, muted
from responder.checks.alarms.states import OWN
from responder.checks.base import attempted
from responder.checks.finding import AMBER, RED, UNKNOWN, Checked, CheckItem
from responder.checks.readiness.subscriptions import listeners, subscribed
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
    """Missing, without an action, muted; their topic without a reader; no person whom a message reaches."""
    settings = context.settings
    own = {name: alarm for name, alarm in found.items() if name.startswith(OWN)}
    for kind in (*NAMES, *_SLACK) if settings.slack_secret else NAMES:
        name = f"{OWN}{kind}-{settings.stack}"
        if name not in own:
            this, said = Checked.ALARM_EXISTS.of(name), text("check.alarms.missing", alarm=name)
            yield this.red(said, text("check.alarms.deploy_again", stack=settings.stack))
    for alarm in own.values():
        judged = (
            _without_action(alarm, settings),
            not_evaluated(alarm, settings),
            muted(alarm, mutes.get(alarm.name, ()), settings),
        )
        yield from (one for one in judged if one)
    topics = {action: alarm.name for alarm in own.values() for action in alarm.actions if ":sns:" in action}
    for topic, alarm_name in sorted(topics.items()):
        yield from _readers(context, topic, alarm_name)
    # An alarm that is answered while no person is notified is of no use.
    lines = tuple(listeners(context))
    for status, key, about in (
        (RED, "check.alarms.nobody", Checked.ON_CALL),
        (UNKNOWN, "check.alarms.recipients_unknown", Checked.ON_CALL_READ),
    ):
        those = [each for each in lines if each.light is status]
        if those:
            this = about.of(chapter=those[0].chapter)
            yield this.item(status, text(key), *(each.said for each in those))


def _without_action(alarm: DeployedAlarm, settings: Settings) -> CheckItem | None:
    """It has no other way to be noticed than its own action."""
    if alarm.enabled and alarm.actions:
        return None
    mend = "" if alarm.enabled else commands.enable_actions(alarm.name, settings)
    acts = text("check.alarms.actions", count=len(alarm.actions))
    this = Checked.ALARM_ACTIONS.of(alarm.name)
    return this.red(text("check.alarms.voiceless", alarm=alarm.name), acts, command=mend)


def not_evaluated(
    alarm: DeployedAlarm, settings: Settings, chapter: str = "", *, high: bool = True
) -> CheckItem | None:
    """CloudWatch cannot evaluate it, or not with all of its data: its state says nothing. Pure."""
    if not alarm.trouble:
        return None
    status = RED if high and alarm.trouble != "PARTIAL_DATA" else AMBER
    said = text("check.alarms.trouble", alarm=alarm.name, state=alarm.trouble)
    this = Checked.ALARM_EVALUATED.of(alarm.name, chapter=chapter)
    return this.item(status, said, command=commands.show_reason(alarm.name, settings))


def _readers(context: Context, topic: str, alarm: str) -> Iterator[CheckItem]:
    found = attempted(subscribed, context, topic)
    short = topic.rsplit(":", 1)[-1]
    this, part = (
        Checked.LAST_RESORT.of(short),
        text("check.alarms.part.last_resort", topic=short),
    )
    if isinstance(found, AwsError):
        yield this.unread(part, found)
    elif not any(each.receives_alarm(alarm) for each in found if each.error is None):
        error = next((each.error for each in found if each.error is not None), None)
        yield this.unread(part, error) if error else this.red(text("check.alarms.last_resort", topic=short))
