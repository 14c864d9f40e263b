"""A person at the console, in front of the entry for people and the system of the shell's tests."""

import json
import shlex
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError
from typer.testing import CliRunner, Result

from liveness_ops.cli import app
from liveness_ops.people import command_runner
from responder.aws.items import from_item
from responder.core.context import Gateway
from responder.core.plain_data import Json
from tests.fakes import FakeAws
from tests.fakes.registered import document
from tests.unit.entry.people_entry import AIKO, KEN, MARI, PEOPLE, Entry
from tests.unit.respond.scene import ENVIRONMENT, Scene, played_once

__all__ = ["AIKO", "KEN", "MARI", "PEOPLE"]

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/{}"
OUTPUTS = {
    **{
        f"{name}Queue": QUEUE.format(name)
        for name in ("Failures", "Undelivered", "FailedTwice", "Unfollowed", "Unmailed", "Unposted")
    },
    "AlarmFunctions": "responder-high-error-rate responder-unknown-alarm",
}


def scene() -> Scene:
    queues = ",".join(
        f"{name}={QUEUE.format(queue)}"
        for name, queue in {
            "failures": "Failures",
            "undelivered": "Undelivered",
            "failed-twice": "FailedTwice",
            "unfollowed": "Unfollowed",
            "unmailed": "Unmailed",
            "unposted": "Unposted",
        }.items()
    )
    return Scene(environment={**ENVIRONMENT, "STACK": "responder", "QUEUES": queues}, document=PEOPLE)


@dataclass
class Terminal(Gateway):
    """`run("approve INCIDENT --yes")`. Its own `Gateway` and `Wire`: a request reaches the entry as
    `caller`; `status` is what AWS answers in its place, `lost` what the connection dies of."""

    scene: Scene
    caller: str = AIKO
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    lost: BotoCoreError | None = None
    sent: list[Json] = field(default_factory=list)
    proposal: str = ""
    entry: Entry = field(init=False)

    def __post_init__(self) -> None:
        self.entry = Entry(self.scene)

    def send(self, body: bytes) -> tuple[int, bytes]:
        self.sent.append(json.loads(body))
        if self.lost is not None:
            raise self.lost
        if self.status:
            return self.status, b'{"Message": "Forbidden"}'
        status, answer = self.entry.send(self.entry.event(body.decode(), self.caller))
        return status, json.dumps(answer).encode()

    @property
    def asked(self) -> list[Json]:
        """The commands that the alarm's function got."""
        return self.entry.commands

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        if (service, operation) == ("sts", "get_caller_identity"):
            return {"Arn": self.caller, "ResponseMetadata": {"HTTPHeaders": self.headers}}
        if (service, operation) == ("cloudformation", "describe_stacks"):
            return {"Stacks": [self.stack(arguments["StackName"])]}
        return self.entry.call(service, operation, **arguments)

    def stack(self, name: str) -> Json:
        given = {"IncidentsTable": "Incidents", "ApprovalsTable": "Approvals", **OUTPUTS}
        return {
            "StackName": name,
            "Parameters": [],
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in given.items()],
        }

    def run(self, line: str, typed: str = "", language: str = "en") -> Result:
        words = shlex.split(line.replace("INCIDENT", self.incident) if "INCIDENT" in line else line)
        return CliRunner().invoke(app, [*words, "--stack", "responder", "--language", language], input=typed)

    def machine(self, line: str) -> Json:
        done = self.run(f"{line} --json")
        found: Json = json.loads(done.stdout)
        assert found["exit"] == done.exit_code
        return found

    def ends(self, line: str, typed: str = "") -> tuple[int, int]:
        """The exit status, and how many lines there are."""
        done = self.run(line, typed)
        return done.exit_code, done.output.count("\n")

    def refused(self, line: str) -> tuple[int, str]:
        found = self.machine(line)
        return found["exit"], found["error"]

    def everyone_may(self, *may: str) -> None:
        """All three people approve these classes."""
        people = {"aiko": [*may, AIKO], "ken": [*may, KEN], "mari": [*may, MARI]}
        self.scene.aws.ssm.parameters["/responder/settings"] = document(**people)

    @property
    def fake(self) -> FakeAws:
        return self.scene.aws

    @property
    def incident(self) -> str:
        return str(self.scene.pointer["incident"])

    @property
    def rows(self) -> list[Json]:
        return [from_item(row) for row in self.scene.aws.dynamo.rows("Approvals")]

    @property
    def steps(self) -> list[Json]:
        """What people did, as the timeline has it."""
        rows = [row for row in self.scene.rows("STEP#") if row["kind"] == "person"]
        return [json.loads(row["data"]) for row in rows]


def at(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal(scene)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(command_runner, "open_aws", lambda _: (terminal, "us-east-1"))
    monkeypatch.setattr(command_runner, "_now", lambda: scene.aws.now)
    monkeypatch.setattr(command_runner, "entry_transport", lambda *_: terminal)
    return terminal


@played_once
def _applied() -> Scene:
    return scene().applies()


def applied(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Rollout is at 0 %, and AWS is done with it."""
    return at(_applied(), monkeypatch)


@played_once
def _asked() -> Scene:
    return scene().asks()


def asked(monkeypatch: pytest.MonkeyPatch) -> tuple[Terminal, str]:
    """Throttling: rollout waits for approval."""
    here = _asked()
    terminal = at(here, monkeypatch)
    (terminal.proposal,) = [
        each["approval"] for each in here.reported[-1]["outcomes"] if each.get("approval")
    ]
    return terminal, terminal.proposal
