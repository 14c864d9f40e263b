"""What could not be answered is kept in the failures queue, whatever it is."""

import json

from responder.context import Context

_MOST = 200_000  # of the 256 KB that SQS takes: the rest of the record must fit beside the event


def keep(record: object, context: Context) -> None:
    """Whole, or its beginning. Raises our errors where the queue does not take it."""
    body = _packed(record)
    if len(body) > _MOST:
        body = json.dumps({"cut": True, "record": body[: _MOST // 2]})
    context.aws.call("sqs", "send_message", QueueUrl=context.settings.failures_queue, MessageBody=body)


def _packed(record: object) -> str:
    """In ASCII: SQS refuses half a surrogate pair, and code points that are no character."""
    try:
        return json.dumps(record, default=str)
    except (RecursionError, TypeError, ValueError):
        return json.dumps({"unreadable": type(record).__name__})
