"""State changes of all alarms through their rules, at a given pace, and each of them once more."""

import heapq
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from rehearsal.drill.watched_alarms import watched_alarm
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.proof.deployed_stack import ALARMS, DeployedStack

_RULE = "storm"
# A machine that cannot keep up is waited for: queued up here, an event would meet its own retries.
_MOST = 12
_LATEST = 3.0


@dataclass
class Storm:
    """`run` it; `seconds` it took for all changes to be made, `events` were delivered in all."""

    stack: DeployedStack
    rng: Random
    slugs: Strings = ALARMS
    seconds: float = 0
    events: int = 0
    raised: set[str] = field(default_factory=set)
    late: list[tuple[float, int, Json]] = field(default_factory=list)

    def run(self, changes: int, per_second: float) -> None:
        """So many, over all alarms; the second deliveries come up to three seconds late, in any order."""
        self.queue = _subscribed(self.stack)
        up = dict.fromkeys(self.slugs, False)
        begun = time.monotonic()
        for number in range(changes):
            slug = self._next(up)
            up[slug] = not up[slug]
            self.stack.set(slug, "ALARM" if up[slug] else "OK")
            self.events += 1
            self._again(time.monotonic())
            self._wait(begun + number / per_second)
        self.seconds = time.monotonic() - begun
        while self.events < 2 * changes:
            self._again(time.monotonic())
            self._wait(time.monotonic())

    def _next(self, up: Mapping[str, bool]) -> str:
        """First each fires; then one is OK, and fires again: where an alarm is OK nothing is done, and
        were half of them over, there would be nothing for the guards to hold."""
        return next((slug for slug in self.slugs if not up[slug]), None) or self.rng.choice(self.slugs)

    def _again(self, now: float) -> None:
        """What was received is delivered a second time, when its time comes."""
        for event in _received(self.stack, self.queue):
            heapq.heappush(self.late, (now + self.rng.uniform(0, _LATEST), len(self.late), event))
        while self.late and self.late[0][0] <= now:
            event = heapq.heappop(self.late)[2]
            name = event["detail"]["alarmName"]
            self.raised.add(name)
            self.stack.send(next(slug for slug in self.slugs if watched_alarm(slug).name == name), event)
            self.events += 1

    def _wait(self, until: float) -> None:
        while time.monotonic() < until or self.stack.aws.busy() > _MOST:
            time.sleep(0.01)


def _subscribed(stack: DeployedStack) -> str:
    """The URL of a queue that gets every event as well."""
    sqs, events = stack.aws.client("sqs"), stack.aws.client("events")
    url: str = sqs.create_queue(QueueName=_RULE)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=_RULE, EventPattern=json.dumps({"source": ["aws.cloudwatch"]}))
    events.put_targets(Rule=_RULE, Targets=[{"Id": "queue", "Arn": arn}])
    return url


def _received(stack: DeployedStack, queue: str) -> Iterator[Json]:
    sqs = stack.aws.client("sqs")
    for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        yield json.loads(message["Body"])
