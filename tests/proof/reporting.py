"""Of any function of the stack: what its on-failure destination gets, and who was notified how often."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from responder.core.plain_data import Data, Json
from tests.proof.matrix import StoryRun
from tests.unit.respond import scene

ENVIRONMENT = {**scene.ENVIRONMENT, "REGION": "us-east-1"}
_ACCOUNT = "123456789012"


def record(slug: str, event: Any) -> Json:
    """As Lambda hands it over after its last attempt."""
    arn = f"arn:aws:lambda:us-east-1:{_ACCOUNT}:function:{ENVIRONMENT['STACK']}-{slug}:$LATEST"
    return {
        "version": "1.0",
        "requestContext": {"functionArn": arn, "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": event,
        "responsePayload": {"errorType": "Unreachable", "errorMessage": ""},
    }


def reports(sent: Iterable[Data]) -> list[Json]:
    """What machines got of it."""
    return [json.loads(json.loads(each["Message"])["lambda"]) for each in sent]


def reported_once(played: StoryRun) -> Iterator[str]:
    """Every message once, or once more per attempt that ended badly, under the same id; a failure is kept."""
    message = reports(played.reported)
    times = Counter(each["id"] for each in message)
    most = 1 + len(played.invocation.thrown)
    yield from (f"{name} told {number} times" for name, number in times.items() if number > most)
    failures = [each for each in message if each["kind"] == "failure"]
    if played.invocation.kept and (len(failures) != 1 or len(played.aws.sqs.sent) != 1):
        yield "the event was not kept and told as a failure"
    if failures and not played.invocation.kept:
        yield "a failure is told, and there is none"
