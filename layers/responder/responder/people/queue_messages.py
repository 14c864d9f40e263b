"""Messages of our queues, taken by one request: out of sight of everyone else until removed or given back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, Declined
from responder.core.log import log
from responder.core.settings import Settings
from responder.people.request import FailedMessage
from responder.store.dead_letters import as_record

# Longer than `people` runs (90 s). A run that dies gives them back after so long.
_HELD_SECONDS = 120
# Long polling asks every server of the queue, and an empty answer then is the end of it.
_POLL_SECONDS, _MOST_POLLS = 1, 100
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class TakenMessage:
    """A message as SQS gave it; `receipt` is good until it is visible again."""

    queue: str
    url: str
    id: str
    body: str
    receipt: str

    @property
    def event(self) -> Mapping[str, Any]:
        """What was not answered, as it arrived; empty where the message cannot be read."""
        found = unpacked(self.body)
        return found[-1] if found else {}


def take(letters: Iterable[FailedMessage], context: Context) -> dict[str, TakenMessage]:
    """Those of these messages that are in their queues and that nobody else reads now, by id.

    Raises:
        Declined: a queue is none of ours.
        AwsError: a queue could not be read; nothing is held then.
    """
    wanted: dict[str, set[str]] = {}
    for each in letters:
        wanted.setdefault(each.queue, set()).add(each.id)
    urls = _urls(context.settings)
    if not wanted.keys() <= urls.keys():
        raise Declined(DeclineReason.UNREADABLE(field="letters.queue"))
    held: dict[str, TakenMessage] = {}
    others: dict[str, TakenMessage] = {}
    try:
        for queue, ids in wanted.items():
            for found in _received(queue, urls[queue], frozenset(ids), context):
                (held if found.id in ids else others)[found.id] = found
    except AwsError:
        give_back(held.values(), context)
        raise
    finally:
        give_back(others.values(), context)
    return held


def _urls(settings: Settings) -> dict[str, str]:
    """Of all our queues, which are of one account and Region: so a name stands for a URL beside the first."""
    told = dict(each.split("=", 1) for each in settings.queues)
    beside = next(iter(told.values()), "").rpartition("/")[0]
    return {name: each if "/" in each else f"{beside}/{each}" for name, each in told.items()}


def give_back(taken: Iterable[TakenMessage], context: Context) -> None:
    """Visible again at once; where that fails they are after two minutes."""
    for each in taken:
        try:
            context.aws.call(
                "sqs",
                "change_message_visibility",
                QueueUrl=each.url,
                ReceiptHandle=each.receipt,
                VisibilityTimeout=0,
            )
        except AwsError as error:
            log().warning("not given back", extra={"error": str(error)})


def unpacked(body: str) -> list[Mapping[str, Any]]:
    """What AWS packs around an event, the outermost first; the last one is the event itself. Nothing where it
    cannot be read.

    Lambda: a record for a destination, or the plain event. EventBridge: the event. Scheduler: its request to
    Lambda ("Configuring a schedule's dead-letter queue"). Of a follow-up that ended: what it was given.
    """
    return list(_records(_read(body)))


def is_request(record: Mapping[str, Any]) -> bool:
    """A request of Scheduler to Lambda."""
    return "FunctionName" in record and "Payload" in record


def _records(found: object) -> Iterator[Mapping[str, Any]]:
    for _ in range(_DEEPEST):
        if not isinstance(found, Mapping):
            return
        found = as_record(found)
        yield found
        if "requestPayload" in found:
            found = found["requestPayload"]
        elif "ended" in found:
            found = found["ended"]
        elif is_request(found):
            found = _read(found["Payload"])
        else:
            return


def _read(body: object) -> object:
    try:
        return json.loads(body) if isinstance(body, str) else None
    except (ValueError, RecursionError):
        return None


def _received(queue: str, url: str, wanted: frozenset[str], context: Context) -> Iterator[TakenMessage]:
    missing = set(wanted)
    for _ in range(_MOST_POLLS):
        answer = context.aws.call(
            "sqs",
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=_HELD_SECONDS,
            WaitTimeSeconds=_POLL_SECONDS,
        )
        found = answer.get("Messages", [])
        for each in found:
            missing.discard(each["MessageId"])
            yield TakenMessage(queue, url, each["MessageId"], str(each["Body"]), each["ReceiptHandle"])
        if not found or not missing:
            return
