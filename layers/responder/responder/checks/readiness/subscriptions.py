"""The subscriptions of a topic, what their filter policies let through, and whether a person is notified at
each level of the escalation.

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product

from responder.checks.alarms.event_pattern import matches
from responder.checks.finding import AMBER, RED, Checked, CheckItem
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.modes import Severity
from responder.core.plain_data import Data, Json
from responder.core.report import ReportKind
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence.base import reason
from responder.messages.mail import ONLY

_CHAPTER = "エスカレーションフロー"
# The parameter that subscribes an address to a level.
_PARAMETERS = {"1": "OnCallEmail", "2": "Level2Email", "3": "Level3Email", "4": "Level4Email"}
LEVELS = tuple(_PARAMETERS)
SEVERITIES = tuple(each.value for each in Severity)
ALL = frozenset(product(LEVELS, SEVERITIES))
# On-call receives answers and failures; the further levels escalations only.
_FIRST = (ReportKind.RESPONSE, ReportKind.FAILURE)
_ALARMS = ("FaceAuth-Liveness-LowSuccessRate", "FaceAuth-CreateLivenessSession-Errors")
# What brings a message to a person; queues and functions are machines.
PEOPLE = frozenset({"email", "email-json", "sms", "http", "https", "application"})
_PENDING = "PendingConfirmation"


@frozen
class Listener:
    """One subscription.

    Attributes:
        function: name of the Lambda function that is subscribed; an address is not kept.
        waiting: a person has yet to confirm it. Neither this nor `confirmed`: it was ended.
        policy, scope: its filter policy; None where it could not be read, for the reason `error`.
    """

    protocol: str
    confirmed: bool
    waiting: bool = False
    function: str = ""
    policy: str | None = ""
    scope: str = "MessageAttributes"
    error: AwsError | None = None

    def first_levels(self) -> Iterator[tuple[str, str]]:
        """The first level whose messages reach it, by severity."""
        received = frozenset() if self.policy is None else passing(self.policy, self.scope)
        for severity in SEVERITIES:
            yield from [(level, severity) for level in LEVELS if (level, severity) in received][:1]

    def receives_alarm(self, alarm: str) -> bool:
        """CloudWatch's own message of an alarm, which has no attributes, reaches a receiver."""
        if not self.confirmed or self.protocol in ("sqs", "firehose"):
            return False
        if not self.policy:
            return True
        read = _read(self.policy)
        body = {"AlarmName": alarm, "NewStateValue": "ALARM"} if self.scope == "MessageBody" else {}
        return read is not None and matches(read, body)


def subscribed(context: Context, topic: str) -> tuple[Listener, ...]:
    """Each, with its filter policy.

    Raises:
        AwsError: they could not be listed; a policy that could not be read is an error of its listener.
    """
    pages = context.aws.pages("sns", "list_subscriptions_by_topic", TopicArn=topic)
    found = [each for page in pages for each in page.get("Subscriptions", [])]
    with ThreadPoolExecutor(4) as pool:
        return tuple(pool.map(lambda each: _listener(context, each), found))


def _listener(context: Context, found: Data) -> Listener:
    arn, protocol = str(found["SubscriptionArn"]), str(found["Protocol"])
    # Instead of an ARN AWS gives a word: PendingConfirmation, or Deleted for some days after a person left.
    if not arn.startswith("arn:"):
        return Listener(protocol, confirmed=False, waiting=arn == _PENDING)
    function = str(found.get("Endpoint", "")).rpartition(":")[2] if protocol == "lambda" else ""
    try:
        answer = context.aws.call("sns", "get_subscription_attributes", SubscriptionArn=arn)
    except AwsError as error:
        return Listener(protocol, confirmed=True, function=function, policy=None, error=error)
    given = answer.get("Attributes", {})
    waiting = given.get("PendingConfirmation") == "true"
    policy, scope = given.get("FilterPolicy", ""), given.get("FilterPolicyScope", "MessageAttributes")
    return Listener(protocol, not waiting, waiting, function, policy, scope)


def passing(policy: str, scope: str = "MessageAttributes") -> frozenset[tuple[str, str]]:
    """(level, severity) of which every message gets through; none by what is not understood. Pure."""
    if not policy:
        return ALL
    read = _read(policy)
    # A body in several forms is no JSON of which a policy could ask.
    if read is None or scope != "MessageAttributes":
        return frozenset()
    return frozenset(pair for pair in ALL if all(matches(read, one) for one in _messages(*pair)))


def _read(policy: str) -> Json | None:
    try:
        read = json.loads(policy)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _messages(level: str, severity: str) -> list[Json]:
    """Messages of several alarms, so that a filter for one of them is not taken for one for all."""
    kinds = _FIRST if level == LEVELS[0] else (ReportKind.ESCALATION,)
    repeated = (ONLY.format(level=level),) if level == LEVELS[-1] else ()
    same = {"severity": severity, "incident": "some-20260204T000000Z"}
    return [
        {**same, "level": each, "alarm": alarm, "kind": kind.value}
        for each in (level, *repeated)
        for alarm in _ALARMS
        for kind in kinds
    ]


def listeners(context: Context) -> Iterator[CheckItem]:
    """Filter policies are read for each; an address is never shown."""
    try:
        found = subscribed(context, context.settings.topic)
    except AwsError as error:
        yield _unread(error)
        return
    errors = {each.error.operation: each.error for each in found if each.error is not None}
    yield from map(_unread, errors.values())
    yield from _judged(found, context.settings)


def _unread(error: AwsError) -> CheckItem:
    this = Checked.SUBSCRIPTIONS_READ.of(error.operation, chapter=_CHAPTER)
    return this.unknown(text("check.ready.listeners_unread", reason=reason(error)))


def _judged(found: Sequence[Listener], settings: Settings) -> Iterator[CheckItem]:
    """On-call receives all and is no further level: a level has a person where one is first notified."""
    confirmed = [each for each in found if each.confirmed]
    people = [each for each in confirmed if each.protocol in PEOPLE]
    notified = {pair for each in people for pair in each.first_levels()} | _by_slack(confirmed, settings)
    maybe = any(each.policy is None for each in people)
    lacking = [level for level in LEVELS if not {(level, each) for each in SEVERITIES} <= notified]
    yield from (_lacking(level, notified, maybe) for level in lacking)
    if waiting := sum(each.waiting for each in found if each.protocol in PEOPLE):
        said = text("check.ready.unconfirmed", count=waiting)
        yield Checked.UNCONFIRMED.of(chapter=_CHAPTER).amber(said)
    elif not lacking:
        said = text("check.ready.listeners", count=len(confirmed))
        yield Checked.SUBSCRIPTIONS.of(chapter=_CHAPTER).green(said)


def _by_slack(confirmed: Iterable[Listener], settings: Settings) -> set[tuple[str, str]]:
    posts = f"{settings.stack}-slack-post"
    if not settings.slack_secret or not any(each.function == posts for each in confirmed):
        return set()
    called = [part.strip().partition("=")[0] for part in settings.slack_level_mentions.split(",")]
    return {pair for pair in ALL if pair[0] in (LEVELS[0], *called)}


def _lacking(level: str, notified: set[tuple[str, str]], maybe: bool) -> CheckItem:
    this = Checked.LEVEL.of(level, chapter=_CHAPTER)
    if maybe:
        return this.unknown(text("check.ready.level_unknown", level=level))
    status = RED if level == LEVELS[0] else AMBER
    missing = [severity for severity in SEVERITIES if (level, severity) not in notified]
    if len(missing) == len(SEVERITIES):
        subscribe = text("check.ready.subscribe", parameter=_PARAMETERS[level])
        return this.item(status, text("check.ready.level_unheard", level=level), subscribe)
    said = text("check.ready.level_partly", level=level, severity=text(f"severity.{missing[0]}"))
    return this.item(status, said, text("check.ready.filtered"))
