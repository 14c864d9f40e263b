"""What is left to do once Slack has its answer: an event of the function to itself.

A function URL always delivers a `requestContext`; a job never has one, so no request can look like it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from responder.core.codec import STORED, dump, load
from responder.core.context import Context
from responder.core.errors import BadEvent
from responder.core.text import Text
from responder.slack.inbound.click import Click

NAME = "slack-action"
_JOB = "job"


@dataclass(frozen=True, slots=True)
class Job:
    """No secret and nothing that somebody wrote. `said`: there is nothing left but to say so.

    `at` is when it was decided, as it stands on record; `id` that of the request.
    """

    id: str
    click: Click
    at: datetime
    said: Text | None = field(default=None, metadata=STORED)
    noted: Mapping[str, str] | None = field(default=None, metadata=STORED)


def is_job(event: object) -> bool:
    """Tells a job from a request, without judging whether it is a good one."""
    return isinstance(event, Mapping) and _JOB in event and "requestContext" not in event


def read_job(event: Mapping[str, Any]) -> Job:
    """Raises BadEvent: no job of ours."""
    try:
        return load(Job, event[_JOB])
    except ValueError:
        raise BadEvent(_JOB) from None


def leave(context: Context, job: Job) -> None:
    """Have it done after the answer, as Lambda keeps it until it is done. Raises AwsError where it cannot."""
    context.aws.call(
        "lambda",
        "invoke",
        FunctionName=f"{context.settings.stack}-{NAME}",
        InvocationType="Event",
        Payload=json.dumps({_JOB: dump(job)}).encode(),
    )
