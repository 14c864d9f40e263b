"""Somebody at the console, in front of the system of the shell's tests."""

import io
import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from liveness_ops.cli import app
from liveness_ops.people import session
from responder.aws.items import from_item
from responder.errors import AwsError
from tests.fakes.registered import document
from tests.unit.shell.scene import ENVIRONMENT, Scene

AIKO = "arn:aws:iam::123456789012:user/aiko"
KEN = "arn:aws:sts::123456789012:assumed-role/OnCall/ken"
MARI = "arn:aws:iam::123456789012:user/mari"
PEOPLE = document(
    aiko=["lowers_security", "U0AIKO", AIKO], ken=["lowers_security", KEN], mari=["costs_money", MARI]
)

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/{}"
OUTPUTS = {
    **{
        f"{name}Queue": QUEUE.format(name)
        for name in ("Failures", "Undelivered", "FailedTwice", "Unfollowed", "Unmailed", "Unposted")
    },
    "AlarmFunctions": "responder-high-error-rate responder-unknown-alarm",
}


def scene() -> Scene:
    return Scene(environment={**ENVIRONMENT, "STACK": "responder"}, document=PEOPLE)


@dataclass
class Terminal:
    """`run("approve INCIDENT --yes")`. A `Gateway` of its own, by which the functions can be called."""

    scene: Scene
    caller: str = AIKO
    failure: AwsError | None = None
    answer: dict[str, Any] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        if (service, operation) == ("sts", "get_caller_identity"):
            return {"Arn": self.caller, "ResponseMetadata": {"HTTPHeaders": self.headers}}
        if (service, operation) == ("cloudformation", "describe_stacks"):
            return {"Stacks": [self.stack(arguments["StackName"])]}
        if (service, operation) == ("lambda", "invoke"):
            return self._invoke(**arguments)
        return self.scene.aws.call(service, operation, **arguments)

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        yield from self.scene.aws.pages(service, operation, **arguments)

    def stack(self, name: str) -> dict[str, Any]:
        told = {"IncidentsTable": "Incidents", "ApprovalsTable": "Approvals", **OUTPUTS}
        return {
            "StackName": name,
            "Parameters": [],
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in told.items()],
        }

    def _invoke(self, **arguments: Any) -> dict[str, Any]:
        self.asked.append(arguments)
        if self.failure is not None:
            raise self.failure
        if self.answer is not None:
            return self.answer
        body = json.dumps(self.scene.deliver(json.loads(arguments["Payload"])))
        return {"StatusCode": 200, "Payload": io.BytesIO(body.encode())}

    def run(self, line: str, typed: str = "", language: str = "en") -> Result:
        words = shlex.split(line)
        return CliRunner().invoke(app, [*words, "--stack", "responder", "--language", language], input=typed)

    def machine(self, line: str) -> dict[str, Any]:
        done = self.run(f"{line} --json")
        found: dict[str, Any] = json.loads(done.stdout)
        assert found["exit"] == done.exit_code
        return found

    @property
    def incident(self) -> str:
        return str(self.scene.pointer["incident"])

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [from_item(row) for row in self.scene.aws.dynamo.rows("Approvals")]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """What people did, as the timeline has it."""
        rows = [row for row in self.scene.rows("STEP#") if row["kind"] == "person"]
        return [json.loads(row["data"]) for row in rows]


def at(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal(scene)
    monkeypatch.setattr(session, "open_aws", lambda _: (terminal, "us-east-1"))
    monkeypatch.setattr(session, "_now", lambda: scene.aws.now)
    return terminal


def applied(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Rollout is at 0 %, and AWS is done with it."""
    here = scene().faults(15)
    here.alarm()
    here.aws.settle()
    here.command("continue", remedy="rollout_to_zero")
    return at(here, monkeypatch)


def asked(monkeypatch: pytest.MonkeyPatch) -> tuple[Terminal, str]:
    """Throttling: rollout waits for approval."""
    here = scene().faults(15, code="ThrottlingException")
    here.alarm()
    here.aws.tick(minutes=2)
    (proposal,) = [each["approval"] for each in here.told[-1]["outcomes"] if each.get("approval")]
    return at(here, monkeypatch), proposal
