"""The queues of what failed: read without taking anything out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from liveness_ops.people.desk import Desk
from responder.core.errors import AwsError

QUEUES = {
    "failures": "FailuresQueue",
    "undelivered": "UndeliveredQueue",
    "failed-twice": "FailedTwiceQueue",
    "unfollowed": "UnfollowedQueue",
    "unmailed": "UnmailedQueue",
    # Only in a stack with Slack.
    "unposted": "UnpostedQueue",
}
# While they are listed nobody else sees them; a console that dies gives them back after so long.
_HELD_SECONDS = 60
# Long polling asks every server of the queue, and an empty answer then is the end.
POLL_SECONDS = 1
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Letter:
    """A message of a queue as it was received; `receipt` is good until it becomes visible again."""

    queue: str
    url: str
    id: str
    sent: int
    body: str
    receipt: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """`unseen`: how many more there are, which somebody else is reading."""

    letters: tuple[Letter, ...]
    unseen: int = 0


def look(desk: Desk) -> Reading:
    """Every message, the oldest first; all are visible again at once."""
    letters: list[Letter] = []
    unseen = 0
    try:
        for queue, url in _known(desk):
            found = tuple(_received(desk, queue, url))
            letters += found
            unseen += max(_number(desk, url) - len(found), 0)
    finally:
        _release(desk, letters)
    return Reading(tuple(sorted(letters, key=lambda each: (each.sent, each.id))), unseen)


def _release(desk: Desk, letters: Iterable[Letter]) -> None:
    """Back at once; where that fails they come back by themselves within a minute."""
    for each in letters:
        try:
            desk.aws.call(
                "sqs",
                "change_message_visibility",
                QueueUrl=each.url,
                ReceiptHandle=each.receipt,
                VisibilityTimeout=0,
            )
        except AwsError:
            continue


def _known(desk: Desk) -> Iterator[tuple[str, str]]:
    yield from ((queue, desk.outputs[output]) for queue, output in QUEUES.items() if output in desk.outputs)


def _received(desk: Desk, queue: str, url: str) -> Iterator[Letter]:
    found: dict[str, Letter] = {}
    while len(found) < _MOST:
        answer = desk.aws.call(
            "sqs",
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_HELD_SECONDS,
            WaitTimeSeconds=POLL_SECONDS,
            MessageSystemAttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        )
        new = [_letter(queue, url, each) for each in answer.get("Messages", [])]
        if not new:
            break
        found.update((each.id, each) for each in new)
    yield from found.values()


def _letter(queue: str, url: str, message: Mapping[str, Any]) -> Letter:
    told = message.get("MessageAttributes", {})
    attributes = {name: str(each.get("StringValue", "")) for name, each in told.items()}
    sent = int(message.get("Attributes", {}).get("SentTimestamp", 0))
    where = (queue, url, str(message["MessageId"]), sent)
    return Letter(*where, str(message["Body"]), str(message["ReceiptHandle"]), attributes)


def _number(desk: Desk, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = desk.aws.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=names)
    return sum(int(found.get("Attributes", {}).get(name, 0)) for name in names)
