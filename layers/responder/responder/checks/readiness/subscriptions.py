"""The subscriptions of a topic, and what their filter policies let through."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from responder.checks.readiness.filter_policies import LEVELS, SEVERITIES, lets_alarms, passing
from responder.core.context import Context
from responder.core.errors import AwsError

# What brings a message to a person; queues and functions are machines.
PEOPLE = frozenset({"email", "email-json", "sms", "http", "https", "application"})
_PENDING = "PendingConfirmation"


@dataclass(frozen=True, slots=True)
class Listener:
    """One subscription.

    Attributes:
        function: name of the Lambda function that is subscribed; an address is not kept.
        waiting: somebody has yet to confirm it. Neither this nor `confirmed`: it was ended.
        policy, scope: its filter policy; None where it could not be read, for the reason `error`.
    """

    protocol: str
    confirmed: bool
    waiting: bool = False
    function: str = ""
    policy: str | None = ""
    scope: str = "MessageAttributes"
    error: AwsError | None = None

    @property
    def hears(self) -> frozenset[tuple[str, str]] | None:
        """(level, severity) of our messages that reach it; None where that is not known."""
        return None if self.policy is None else passing(self.policy, self.scope)

    def begins(self) -> Iterator[tuple[str, str]]:
        """By severity the first level at which it hears."""
        heard = self.hears or frozenset()
        for severity in SEVERITIES:
            yield from [(level, severity) for level in LEVELS if (level, severity) in heard][:1]

    def hears_alarm(self, alarm: str) -> bool:
        """CloudWatch's message of an alarm reaches somebody."""
        held = self.protocol in ("sqs", "firehose")
        return self.confirmed and not held and lets_alarms(self.policy or "", self.scope, alarm)


def subscribed(context: Context, topic: str) -> tuple[Listener, ...]:
    """Each, with its filter policy.

    Raises:
        AwsError: they could not be listed; a policy that could not be read is told by its listener.
    """
    pages = context.aws.pages("sns", "list_subscriptions_by_topic", TopicArn=topic)
    found = [each for page in pages for each in page.get("Subscriptions", [])]
    with ThreadPoolExecutor(4) as pool:
        return tuple(pool.map(lambda each: _listener(context, each), found))


def _listener(context: Context, found: Mapping[str, Any]) -> Listener:
    arn, protocol = str(found["SubscriptionArn"]), str(found["Protocol"])
    # Instead of an ARN AWS gives a word: PendingConfirmation, or Deleted for some days after somebody left.
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
