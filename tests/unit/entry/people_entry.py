"""People in front of the function URL, as AWS lets them in, and the shell's system behind it."""

import copy
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from responder.aws.items import from_item
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.people.function_url import PeopleEntry, receive
from tests.fakes import FakeAws
from tests.fakes.registered import document
from tests.fakes.small import Modes
from tests.unit.respond.scene import ENVIRONMENT, Scene, played_once

ACCOUNT = "123456789012"
AIKO = f"arn:aws:iam::{ACCOUNT}:user/aiko"
KEN = f"arn:aws:sts::{ACCOUNT}:assumed-role/OnCall/ken"
MARI = f"arn:aws:iam::{ACCOUNT}:user/mari"
EVE = f"arn:aws:iam::{ACCOUNT}:user/eve"
PEOPLE = document(
    aiko=["lowers_security", "U0AIKO", AIKO], ken=["lowers_security", KEN], mari=["costs_money", MARI]
)
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/{}"


def scene() -> Scene:
    queues = f"failures={QUEUE.format('Failures')},unfollowed=Unfollowed"
    made = Scene(environment={**ENVIRONMENT, "QUEUES": queues}, document=PEOPLE)
    made.aws.sqs.queues.update({QUEUE.format(name): [] for name in ("Failures", "Unfollowed")})
    return made


@dataclass
class Entry(Gateway):
    """`ask("approve", proposal=…)`: the status and the body that the person gets. Its own `Gateway`, by
    which the alarm's function is called; `failure` or `answer` is what it answers instead."""

    scene: Scene = field(default_factory=scene)
    failure: AwsError | None = None
    answer: Json | None = None
    commands: list[Json] = field(default_factory=list)
    numbers: int = 0
    during: Callable[[], object] | None = None
    aws: Gateway | None = None

    def __post_init__(self) -> None:
        self.trusts({"StringEquals": {"sts:RoleSessionName": "${aws:username}"}})

    def trusts(self, condition: Json) -> None:
        """Who may take a session of the role OnCall, and under which name."""
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
            "Condition": condition,
        }
        trust = {"Version": "2012-10-17", "Statement": [statement]}
        role = {"Arn": f"arn:aws:iam::{ACCOUNT}:role/OnCall", "AssumeRolePolicyDocument": trust}
        self.scene.aws.answer("iam", "get_role", {"Role": role})

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        if (service, operation) != ("lambda", "invoke"):
            return self.scene.aws.call(service, operation, **arguments)
        self.commands.append(arguments)
        if self.during is not None:
            meanwhile, self.during = self.during, None
            meanwhile()
        if self.failure is not None:
            raise self.failure
        if self.answer is not None:
            return self.answer
        body = json.dumps(self.scene.deliver(json.loads(arguments["Payload"])))
        return {"StatusCode": 200, "Payload": io.BytesIO(body.encode())}

    # --- requests ----------------------------------------------------------------------------------

    def body(self, do: str, **fields: Any) -> Json:
        """A request like the console's, about the open incident unless another one is named."""
        self.numbers += 1
        decisions = ("ack", "approve", "reject", "withdraw", "close", "revert")
        about = {"incident": self.incident} if do in decisions else {}
        return {"id": f"{self.numbers:032x}", "do": do, **about, **fields}

    def event(self, body: object, caller: str = AIKO, **more: Any) -> Json:
        """As the URL delivers it (Lambda Developer Guide, "Invoking Lambda function URLs")."""
        iam = {
            "accessKey": "AKIAEXAMPLE",
            "accountId": ACCOUNT,
            "callerId": "AIDAEXAMPLE",
            "cognitoIdentity": None,
            "principalOrgId": None,
            "userArn": caller,
            "userId": "AIDAEXAMPLE",
        }
        return {
            "version": "2.0",
            "rawPath": "/",
            "headers": {"content-type": "application/json"},
            "requestContext": {
                "accountId": ACCOUNT,
                "authorizer": {"iam": iam},
                "http": {"method": "POST", "path": "/", "sourceIp": "198.51.100.7"},
            },
            "body": body if isinstance(body, str) else json.dumps(body),
            "isBase64Encoded": False,
            **more,
        }

    def send(self, event: object) -> tuple[int, Json]:
        context = Context(self.aws or self, Settings.read(self.scene.environment), self.now, self.now)
        answer = receive(event, None, PeopleEntry(context, self.scene.claims))
        return answer["statusCode"], json.loads(answer["body"])

    def ask(self, do: str, caller: str = AIKO, **fields: Any) -> tuple[int, Json]:
        return self.send(self.event(self.body(do, **fields), caller))

    def declined(self, do: str, caller: str = AIKO, **fields: Any) -> tuple[int, str, str]:
        status, answer = self.ask(do, caller, **fields)
        return status, answer["ending"], answer["error"]

    def refused(self, do: str, caller: str = AIKO, **fields: Any) -> tuple[int, str]:
        status, _, error = self.declined(do, caller, **fields)
        return status, error

    # --- what is there -----------------------------------------------------------------------------

    @property
    def fake(self) -> FakeAws:
        return self.scene.aws

    @property
    def now(self) -> Any:
        return self.fake.now

    @property
    def incident(self) -> str:
        return str(self.scene.pointer["incident"])

    @property
    def proposal(self) -> str:
        """The last one that was requested."""
        rows = [json.loads(row["data"]) for row in self.scene.rows("PROPOSAL#")]
        return str(max(rows, key=lambda row: row["at"])["id"])

    @property
    def rows(self) -> list[Json]:
        return [from_item(row) for row in self.scene.aws.dynamo.rows("Approvals")]

    @property
    def steps(self) -> list[Json]:
        """What people did, as the timeline has it."""
        rows = [row for row in self.scene.rows("STEP#") if row["kind"] == "person"]
        return [json.loads(row["data"]) for row in rows]

    @property
    def parameters(self) -> dict[str, str]:
        return self.scene.aws.ssm.parameters

    @property
    def modes(self) -> Modes:
        return self.scene.aws.ssm.modes

    def everything(self) -> Any:
        """All that a request may write, and what it sends."""
        tables = [self.scene.aws.dynamo.rows(name) for name in ("Incidents", "Approvals")]
        return copy.deepcopy((*tables, self.parameters, self.commands))


@played_once
def _asked() -> Scene:
    return scene().asks()


def asked() -> Entry:
    """Throttling: going to 0 % waits for an approval since two minutes."""
    return Entry(_asked())


@played_once
def _applied() -> Scene:
    found = scene().applies()
    found.aws.tick(minutes=2)
    return found


def applied() -> Entry:
    """Rollout is at 0 %, and AWS is done with it."""
    return Entry(_applied())
