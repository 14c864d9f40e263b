"""People in front of Slack, Slack in front of the function, the function in front of the shell's system."""

import json
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from responder.aws.items import from_item
from responder.core.context import Context, Gateway
from responder.core.errors import SlackRefused
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.slack.inbound.function_url import SlackEntry, receive
from responder.slack.rows import SlackRows
from responder.slack.secret import Keeper, Secret
from responder.slack.status import add
from tests.fakes.registered import document
from tests.fakes.slack_server import sign
from tests.laid_out import message_of
from tests.unit.messages.samples import NOTHING
from tests.unit.respond.scene import ENVIRONMENT, Scene, played_once

# Slack's own example, and a token that is none.
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"  # pragma: allowlist secret
TOKEN = "xoxb-1-not-a-real-one"  # pragma: allowlist secret
TEAM = "T0TEAM"
CHANNEL, THREAD = "C0LIVENESS", "1770200700.000100"
ROOT = "1770200700.000001"
AIKO, KEN, MARI, STRANGER = "U0AIKO", "U0KEN", "U0MARI", "U0NOBODY"
AIKO_ARN, KEN_ARN = "arn:aws:iam::123456789012:user/aiko", "arn:aws:iam::123456789012:user/ken"
PEOPLE = document(
    aiko=["lowers_security", AIKO, AIKO_ARN],
    ken=["lowers_security", KEN, KEN_ARN],
    mari=["costs_money", MARI, "arn:aws:iam::123456789012:user/mari"],
)
SLACK = {
    "SLACK_SECRET": "arn:aws:secretsmanager:us-east-1:123456789012:secret:slack",
    "SLACK_TEAM": TEAM,
    "SLACK_CHANNEL": CHANNEL,
}
FUNCTION = "responder-slack-action"


def scene() -> Scene:
    return Scene(environment={**ENVIRONMENT, **SLACK}, document=PEOPLE)


@dataclass
class FakeSlackClient:
    """What Slack was asked to do; `error`: it answers with this error."""

    requests: list[tuple[str, Json]] = field(default_factory=list)
    error: str = ""

    def call(self, method: str, /, **arguments: Any) -> Json:
        if self.error:
            raise SlackRefused(method, self.error)
        self.requests.append((method, arguments))
        return {"ok": True}


@dataclass
class SlackWorkspace:
    """`press(...)` answers Slack; `later()` lets Lambda deliver what was left for later."""

    scene: Scene = field(default_factory=scene)
    client: FakeSlackClient = field(default_factory=FakeSlackClient)
    keeper: Keeper = field(default_factory=Keeper)
    aws: Gateway | None = None
    queue: deque[tuple[str, Json]] = field(default_factory=deque)
    commands: list[Json] = field(default_factory=list)
    numbers: int = 0

    def __post_init__(self) -> None:
        secret = {"SecretString": json.dumps({"bot_token": TOKEN, "signing_secret": SIGNING})}
        self.scene.aws.answer("secretsmanager", "get_secret_value", secret)
        self.scene.aws.lambdas.receive = lambda name, event: self.queue.append((name, event))

    # --- requests --------------------------------------------------------------------------------

    def pressed(self, action: str, user: str = AIKO, **more: Any) -> Json:
        """The payload of a click; `value` names other things than those on record."""
        value = more.pop("value", None) or self.value(**more)
        self.numbers += 1
        return {
            "type": "block_actions",
            "user": {"id": user, "username": "person", "team_id": TEAM},
            "team": {"id": TEAM, "domain": "company"},
            "container": {"type": "message", "channel_id": CHANNEL, "message_ts": "1.2", "thread_ts": THREAD},
            "channel": {"id": CHANNEL},
            "trigger_id": f"1.2.{self.numbers}",
            "response_url": "https://hooks.slack.com/actions/T0TEAM/1/secret-of-the-answer",
            "actions": [
                {
                    "action_id": action,
                    "block_id": "liveness",
                    "type": "button",
                    "value": value if isinstance(value, str) else json.dumps(value),
                    "action_ts": f"{self.now.timestamp():.0f}.{self.numbers:06}",
                }
            ],
        }

    def submitted(self, reason: str, user: str = AIKO, **more: Any) -> Json:
        """The payload of the form of a rejection."""
        about = {**self.value(**more), "channel": CHANNEL, "ts": THREAD}
        self.numbers += 1
        return {
            "type": "view_submission",
            "user": {"id": user, "team_id": TEAM},
            "team": {"id": TEAM},
            "trigger_id": f"1.2.{self.numbers}",
            "view": {
                "id": f"V{self.numbers}",
                "callback_id": "reject_reason",
                "private_metadata": json.dumps(about),
                "state": {"values": {"reason": {"reason": {"type": "plain_text_input", "value": reason}}}},
            },
        }

    def value(self, incident: str = "", proposal: str | None = None, **more: Any) -> Json:
        """What a button names."""
        asked = self.proposal if proposal is None else proposal
        named = {"i": incident or self.incident, "p": asked, "r": "rollout_to_zero", "s": ""}
        return {**named, **more}

    def request(self, payload: Any, age: float = 0, secret: str = SIGNING, **more: Any) -> Json:
        """The event of the function's URL, signed."""
        body = urlencode({"payload": json.dumps(payload)}) if not isinstance(payload, str) else payload
        stamp = str(int(self.now.timestamp() - age))
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": sign(body.encode(), stamp, secret),
        }
        return {
            "version": "2.0",
            "rawPath": "/",
            "headers": headers,
            "requestContext": {"http": {"method": "POST", "path": "/", "sourceIp": "198.51.100.7"}},
            "body": body,
            "isBase64Encoded": False,
            **more,
        }

    # --- what happens ----------------------------------------------------------------------------

    def send(self, event: object) -> Json:
        settings = Settings.read(self.scene.environment)
        context = Context(self.aws or self.scene.aws, settings, self.now, self.now)
        return receive(event, SlackEntry(context, self.keeper, self._client_of))

    def press(self, action: str, user: str = AIKO, **more: Any) -> int:
        """The status that Slack gets."""
        return int(self.send(self.request(self.pressed(action, user, **more)))["statusCode"])

    def submit(self, reason: str, user: str = AIKO, **more: Any) -> Json:
        return self.send(self.request(self.submitted(reason, user, **more)))

    def later(self) -> None:
        """Lambda delivers, in order; a command goes to the alarm's own function."""
        while self.queue:
            name, event = self.queue.popleft()
            if name == FUNCTION:
                self.send(event)
            else:
                self.commands.append(event)
                self.scene.deliver(event)

    def click(self, action: str, user: str = AIKO, **more: Any) -> str:
        """Press, and wait; what the person heard."""
        assert self.press(action, user, **more) == 200
        self.later()
        return self.said

    def _client_of(self, settings: Settings, secret: Secret) -> FakeSlackClient:
        assert secret == Secret(TOKEN, SIGNING)
        return self.client

    def shown(self) -> None:
        """Slack has the incident's message."""
        rows = SlackRows(self.scene.aws, "Incidents", self.incident)
        report = message_of(replace(NOTHING, id="r", incident=self.incident, at=self.now), "en")
        rows.keep(None, add(None, report), self.now)
        rows.posted(CHANNEL, ROOT)

    # --- what is there afterwards ----------------------------------------------------------------

    @property
    def now(self) -> Any:
        return self.scene.aws.now

    @property
    def incident(self) -> str:
        return str(self.scene.pointer["incident"])

    @property
    def proposal(self) -> str:
        """The last one that was requested."""
        rows = [json.loads(row["data"]) for row in self.scene.rows("PROPOSAL#")]
        return str(max(rows, key=lambda row: row["at"])["id"]) if rows else ""

    @property
    def said(self) -> str:
        """The last line that a person heard."""
        lines = [
            arguments["text"] for method, arguments in self.client.requests if method == "chat.postEphemeral"
        ]
        return str(lines[-1])

    @property
    def rows(self) -> list[Json]:
        return [from_item(row) for row in self.scene.aws.dynamo.rows("Approvals")]

    @property
    def steps(self) -> list[Json]:
        """What people did, as the timeline has it."""
        rows = [row for row in self.scene.rows("STEP#") if row["kind"] == "person"]
        return [json.loads(row["data"]) for row in rows]

    @property
    def pauses(self) -> dict[str, Json]:
        found = self.scene.aws.ssm.parameters
        return {name: json.loads(value) for name, value in found.items() if "/stops/" in name}

    def everything(self) -> Any:
        """All that anything may have been written to."""
        aws = self.scene.aws
        tables = [aws.dynamo.rows(name) for name in ("Incidents", "Claims", "Approvals")]
        return (*tables, dict(aws.ssm.parameters), list(aws.lambdas.invocations), list(self.client.requests))


@played_once
def _asked() -> Scene:
    return scene().asks()


def asked() -> SlackWorkspace:
    """Throttling: rollout waits for an approval since two minutes."""
    return SlackWorkspace(_asked())


@played_once
def _applied() -> Scene:
    found = scene().applies()
    found.aws.tick(minutes=2)
    return found


def applied() -> SlackWorkspace:
    """Rollout is at 0 %, and AWS is done with it."""
    return SlackWorkspace(_applied())


def without(payload: Json, *path: str) -> Json:
    """The same without one part."""
    copied: Json = json.loads(json.dumps(payload))
    inner = copied
    for name in path[:-1]:
        inner = inner[name]
    inner.pop(path[-1])
    return copied
