"""SQS: messages that are read stay, out of sight for a while, until they are deleted."""
# ruff: noqa: N803 - the argument names are AWS's own

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from responder.core.errors import Missing, Rejected
from responder.core.plain_data import Json

BYTES = 1_048_576
# All that the API reference of SendMessage does not list.
_NO_CHARACTER = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Message:
    """`handle` is good until the message is received again; `until`: out of sight until then."""

    id: str
    body: str
    at: datetime
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    handle: str = ""
    until: datetime | None = None


class StrictSqs:
    """`sent`: the requests as sent; `queues`: the messages by URL. A queue exists once it was sent to."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._receipts = 0
        self.sent: list[Json] = []
        self.queues: dict[str, list[Message]] = {}

    def put(self, url: str, body: str, **attributes: str) -> str:
        """A message of another sender; its id."""
        queue = self.queues.setdefault(url, [])
        given = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        number = sum(map(len, self.queues.values()))
        queue.append(Message(f"{number:08d}-{len(url):04d}", body, self._clock(), given))
        return queue[-1].id

    def send_message(self, **request: Any) -> Json:
        if len(request["MessageBody"].encode()) > BYTES or request.get("DelaySeconds", 0) > 900:
            raise Rejected("sqs", "SendMessage", "InvalidParameterValue")
        if _NO_CHARACTER.search(request["MessageBody"]):
            raise Rejected("sqs", "SendMessage", "InvalidMessageContents")
        self.sent.append(request)
        return {"MessageId": self.put(request["QueueUrl"], request["MessageBody"])}

    def receive_message(
        self, QueueUrl: str, VisibilityTimeout: int = 30, MaxNumberOfMessages: int = 1, **_: Any
    ) -> Json:
        seen = [each for each in self._queue(QueueUrl, "ReceiveMessage") if not self._hidden(each)]
        for each in seen[:MaxNumberOfMessages]:
            self._receipts += 1
            each.handle = f"receipt-{self._receipts}"
            each.until = self._clock() + timedelta(seconds=VisibilityTimeout)
        return {"Messages": [_reported(each) for each in seen[:MaxNumberOfMessages]]} if seen else {}

    def change_message_visibility(self, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> Json:
        found = self._held(QueueUrl, ReceiptHandle, "ChangeMessageVisibility")
        if found is None or not self._hidden(found):
            raise Rejected("sqs", "ChangeMessageVisibility", "MessageNotInflight")
        found.until = self._clock() + timedelta(seconds=VisibilityTimeout)
        return {}

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> Json:
        found = self._held(QueueUrl, ReceiptHandle, "DeleteMessage")
        if found is not None:
            self.queues[QueueUrl].remove(found)
        return {}

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> Json:
        queue = self._queue(QueueUrl, "GetQueueAttributes")
        hidden = sum(map(self._hidden, queue))
        known = {
            "ApproximateNumberOfMessages": str(len(queue) - hidden),
            "ApproximateNumberOfMessagesNotVisible": str(hidden),
        }
        return {"Attributes": {name: known[name] for name in AttributeNames}}

    def _queue(self, url: str, operation: str) -> list[Message]:
        if url not in self.queues:
            raise Missing("sqs", operation, "AWS.SimpleQueueService.NonExistentQueue")
        return self.queues[url]

    def _held(self, url: str, handle: str, operation: str) -> Message | None:
        return next((each for each in self._queue(url, operation) if each.handle == handle), None)

    def _hidden(self, message: Message) -> bool:
        return message.until is not None and message.until > self._clock()


def _reported(message: Message) -> Json:
    answer = {"MessageAttributes": message.attributes} if message.attributes else {}
    sent = str(int(message.at.timestamp() * 1000))
    return {
        "MessageId": message.id,
        "ReceiptHandle": message.handle,
        "Body": message.body,
        "Attributes": {"SentTimestamp": sent},
        **answer,
    }
