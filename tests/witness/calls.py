"""Every call of the functions to AWS, and who answered it: moto, moto with an extension, or a stub."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

from local_aws.client import Call, Execution, Mail
from responder.core.plain_data import Data, Json
from tests.witness.outcome import Tally
from tests.witness.stubs import CHANGED, STUBS, Remembered

# Who calls where no function does.
ADMINISTRATOR = ""
_PROTOCOLS = ("default", "email", "https", "http", "lambda", "sqs")
# As IAM names what S3's API and boto3 name otherwise (Service Authorization Reference, Amazon S3).
_S3 = {
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "ListObjectsV2": "ListBucket",
}

type Answer = Json


@dataclass
class Calls:
    """Beside every client of botocore in this process.

    `run`: the code of a function whose invocation moto has accepted, given the request; None where it is not
    of our stack. `changed`: an alarm was set to a state. `caller`: the function that runs. `tally`: who
    answered.
    """

    run: Callable[[Data], Answer | None]
    changed: Callable[[Data], None]
    caller: str = ADMINISTRATOR
    made: list[Call] = field(default_factory=list)
    mail: list[Mail] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    remembered: Remembered = field(default_factory=Remembered)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """As long as this lasts."""
        real: Any = BaseClient._make_api_call  # type: ignore[attr-defined]

        def call(client: Any, operation: str, given: Data) -> Any:
            service = client.meta.service_model.service_name
            return self._call(service, operation, given, lambda: real(client, operation, given))

        with patch.object(BaseClient, "_make_api_call", call):
            yield

    def _call(self, service: str, operation: str, given: Data, real: Callable[[], Answer]) -> Answer:
        stub = STUBS.get(f"{service}:{operation}")
        if self.caller:
            name = _S3.get(operation, operation) if service == "s3" else operation
            call = Call(self.caller, f"{service}:{name}", "", True, name, time.time())
            # IAM decides on each item of a transaction.
            self.made += [call] * len(given.get("TransactItems", "1"))
            self.tally.calls += 1
        CHANGED.by = ""
        try:
            answer = stub.answer(given, self.remembered) if stub is not None else real()
        finally:
            self._count(f"{service}:{operation}" if stub is not None else CHANGED.by)
        self.remembered.record(service, operation, given, self.caller)
        if (service, operation) == ("sns", "Publish"):
            self.mail.append(_mail(given, answer))
        if (service, operation) == ("cloudwatch", "SetAlarmState"):
            self.changed(given)
        if (service, operation) == ("lambda", "Invoke"):
            if "DurableExecutionName" in given:
                self.executions.append(_execution(given))
            elif ran := self.run(given):
                self._count("lambda:Invoke")
                answer |= ran
        return answer

    def _count(self, name: str) -> None:
        """A call that this stub or extension helped to answer."""
        if name:
            self.tally.used = sorted({*self.tally.used, name})
            if self.caller:
                by_name = self.tally.stubs if name in STUBS else self.tally.extended
                by_name[name] = by_name.get(name, 0) + 1


def _mail(given: Data, answer: Answer) -> Mail:
    bodies = json.loads(given["Message"]) if given.get("MessageStructure") == "json" else {}
    default = bodies.get("default", given["Message"])
    bodies = {protocol: bodies.get(protocol, default) for protocol in _PROTOCOLS}
    values = given.get("MessageAttributes", {})
    attributes = {name: value.get("StringValue", "") for name, value in values.items()}
    return Mail(
        given["TopicArn"], answer["MessageId"], given.get("Subject", ""), bodies, attributes, (), time.time()
    )


def _execution(given: Data) -> Execution:
    function, _, alias = given["FunctionName"].partition(":")
    name = given["DurableExecutionName"]
    payload = json.loads(given["Payload"])
    return Execution(function, alias, name, payload, time.time(), f"{function}/{name}", "RUNNING")
