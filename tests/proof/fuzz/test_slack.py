"""Whatever arrives from Slack, from the topic, or from the function to itself: only what Slack has signed, of
a registered person, is put on record; what cannot be reported in Slack is reported by mail."""

import copy
import json
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest

from responder.aws.items import from_item
from responder.core.context import Context
from responder.core.plain_data import Json
from responder.slack.outbound import post
from tests.proof.async_invocation import Invocation, invoke
from tests.proof.conftest import Note
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.fuzz.case_counts import enough, seeds
from tests.proof.fuzz.entries import later
from tests.proof.fuzz.mutate import Mutator
from tests.proof.fuzz.ongoing_incidents import STORIES, incident, proposals, story
from tests.proof.fuzz.worlds import EMPLOYEE, IMAGE, KEY, SECRETS, PlaybookWorld, logged, record
from tests.unit.slack_inbound.workspace import AIKO, FUNCTION, KEN, SIGNING, TEAM, TOKEN, SlackWorkspace

KINDS = ("approve", "reject", "acknowledge", "revert", "pause")
HIDDEN = (*SECRETS, SIGNING, TOKEN, "secret-of-the-answer")
_SIGNED = ("x-slack-signature", "x-slack-request-timestamp")


class SlackEventRun:
    """One event for the function of the buttons, and all that follows from it."""

    def __init__(self, world: PlaybookWorld) -> None:
        self.world, self.workspace = world, SlackWorkspace(world.scene)
        self.workspace.aws = FaultyGateway(world.aws)
        self.status, self.lines = 0, [""]

    def __enter__(self) -> "SlackEventRun":
        return self

    def __exit__(self, *_: object) -> None:
        self.world.aws.lambdas.receive = None

    def request(self, event: Any) -> None:
        with logged() as lines:
            answer = self.workspace.send(event)
            self.status = answer["statusCode"]
            for function, left in later(self.workspace.queue):
                self.job(left) if function == FUNCTION else self.world.deliver(left)
        self.lines = [*lines.lines, json.dumps(answer)]

    def job(self, event: Any) -> Invocation:
        def code(gateway: FaultyGateway) -> Any:
            self.workspace.aws = gateway
            return self.workspace.send(event)

        return invoke(code, self.world.aws, record("slack-action", event), self.world.environment)

    @property
    def leaks(self) -> list[str]:
        seen = [self.world.written, json.dumps(self.workspace.client.requests, default=str), *self.lines]
        return [secret for secret in HIDDEN if any(secret in each for each in seen)]

    @property
    def said(self) -> list[Json]:
        """New rows of people."""
        before = self.world.began.kept["dynamo._rows"]["Approvals"]
        now = self.world.aws.dynamo._rows["Approvals"]
        return [from_item(row) for key, row in now.items() if before.get(key) != row]


def payloads(world: PlaybookWorld, workspace: SlackWorkspace) -> list[Json]:
    """A click on each button, the form of a rejection, and the same of another company."""
    value = workspace.value(incident=incident(world), proposal=proposals(world)[0])
    made = [workspace.pressed(kind, value=json.dumps(value)) for kind in KINDS]
    form = workspace.submitted("not now", proposal=proposals(world)[0])
    for each in made:
        each["message"] = {"text": f"{EMPLOYEE} {IMAGE} {KEY}", "blocks": []}
    theirs = [copy.deepcopy(made[0]), copy.deepcopy(made[2]), copy.deepcopy(form)]
    for each, part in zip(theirs, ("team", "user", "user"), strict=True):
        each[part].update({"id": "T0OTHER"} if part == "team" else {"team_id": "T0OTHER"})
    return [*made, form, *theirs]


def test_a_signed_click_with_something_broken_in_it(note: Note) -> None:
    world, counted = story("waiting"), Counter[str]()
    known = payloads(world, SlackWorkspace(world.scene))
    for seed in seeds(90):
        mutator = Mutator(seed)
        payload = mutator.damaged(known[seed % len(known)])
        world.rewind()
        with SlackEventRun(world) as visit:
            body = urlencode({"payload": json.dumps(payload)}, errors="replace")
            visit.request(visit.workspace.request(body))
            about = (mutator.reported, visit.status)
            assert 200 <= visit.status < 500 or visit.status == 503, about
            assert visit.leaks == [], about
            assert all(_theirs(row, payload) for row in visit.said), about
            assert not world.acts or _approves(payload, world), about
            assert world.whole(), about
            counted.update({"cases": 1, "acted": bool(world.acts), f"answered {visit.status}": 1})
    note("bad input, Slack clicks", **counted)


def _theirs(row: Json, payload: Any) -> bool:
    """What is on record is by the person who pressed."""
    user = payload["user"]["id"]
    team = payload.get("team")
    whole = team.get("id", TEAM) if isinstance(team, dict) else TEAM
    ours = payload["user"].get("team_id", TEAM) == TEAM == whole
    return user in (AIKO, KEN) and row["principal"] == user and ours


def _approves(payload: Any, world: PlaybookWorld) -> bool:
    (action,) = payload["actions"]
    value = json.loads(action["value"])
    named = value["i"] == incident(world) and value["p"] in proposals(world)
    return action["action_id"] == "approve" and named and payload["user"]["id"] in (AIKO, KEN)


def test_a_request_that_is_not_as_slack_signed_it(note: Note) -> None:
    world, counted = story("waiting"), Counter[str]()
    known = payloads(world, SlackWorkspace(world.scene))
    for seed in seeds(100):
        mutator = Mutator(seed)
        world.rewind()
        with SlackEventRun(world) as visit:
            good = visit.workspace.request(known[seed % len(known)])
            event = json.loads(json.dumps(mutator.damaged(good)))
            if isinstance(event, dict) and "requestContext" not in event:
                # A function URL always gives one; without it this is no request.
                event["requestContext"] = {}
            visit.request(event)
            about = (mutator.reported, visit.status)
            if not _as_signed(event, good):
                assert 400 <= visit.status < 500, about
                assert visit.said == [], about
                assert not world.rows_changed, about
            assert visit.leaks == [], about
            counted.update({"cases": 1, f"answered {visit.status}": 1})
    note("bad input, Slack requests", **counted)


def _as_signed(event: Any, good: Json) -> bool:
    if not isinstance(event, dict) or event.get("body") != good["body"] or event.get("isBase64Encoded"):
        return False
    headers = event.get("headers")
    return isinstance(headers, dict) and all(headers.get(name) == good["headers"][name] for name in _SIGNED)


def test_a_job_of_the_function_to_itself_decides_nothing(note: Note) -> None:
    world, counted = story("waiting"), Counter[str]()
    left: list[Any] = []
    for payload in payloads(world, SlackWorkspace(world.scene)):
        world.rewind()
        with SlackEventRun(world) as visit, logged():
            visit.workspace.send(visit.workspace.request(payload))
            left += [event for _, event in visit.workspace.queue]
    assert left
    tried = seeds(60)
    for seed in tried:
        mutator = Mutator(seed)
        event = mutator.damaged(left[seed % len(left)])
        if not isinstance(event, dict) or "job" not in event:
            continue
        world.rewind()
        with SlackEventRun(world) as visit, logged() as lines:
            got = visit.job(event)
            visit.lines = lines.lines
            for _, command in later(visit.workspace.queue):
                world.deliver(command)
            assert not world.acts, mutator.reported
            assert visit.said == [], mutator.reported
            assert not got.kept or world.reported, mutator.reported
            assert visit.leaks == [], mutator.reported
            counted.update(cases=1, kept=got.kept)
    note("bad input, Slack jobs", **counted)
    assert enough(counted["cases"], tried)


class AcceptingSlack:
    """Slack takes everything."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Json]] = []

    def call(self, method: str, /, **arguments: Any) -> Json:
        json.dumps(arguments).encode()
        self.said.append((method, arguments))
        return {
            "ok": True,
            "channel": str(arguments.get("channel")),
            "ts": f"{len(self.said)}.1",
            "messages": [],
        }

    def upload(self, *_: Any) -> None:
        self.said.append(("upload", {}))


@pytest.mark.parametrize("name", STORIES)
def test_what_cannot_be_reported_in_slack_is_reported_by_mail(name: str, note: Note) -> None:
    world, counted = story(name), Counter[str]()
    message = world.scene.reported
    for seed in seeds(30):
        mutator = Mutator(seed)
        report = mutator.damaged(message[seed % len(message)])
        event = {
            "Records": [
                {"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": json.dumps(report)}}
            ]
        }
        event = mutator.damaged(event) if seed % 5 == 0 else event
        slack = AcceptingSlack()
        problems = _posted(world, event, slack)
        assert problems == [], mutator.reported
        counted.update(cases=1, reported=bool(slack.said))
    note("bad input, Slack posts", **counted)


def _posted(world: PlaybookWorld, event: Any, slack: AcceptingSlack) -> list[str]:
    world.rewind()
    event = json.loads(json.dumps(event))

    def code(gateway: FaultyGateway) -> Any:
        now = world.aws.now
        return post.receive(event, Context(gateway, world.settings, now, now), slack, lambda _: None)

    with logged() as lines:
        got = invoke(code, world.aws, record("slack-post", event), world.environment)
    spoken = any(method in ("chat.postMessage", "chat.update") for method, _ in slack.said)
    seen = [json.dumps(slack.said), *lines.lines, world.written]
    found = [f"leaks {secret}" for secret in HIDDEN if any(secret in each for each in seen)]
    if world.acts:
        found.append(f"acts: {world.acts}")
    if got.kept and not world.reported and "undelivered" not in json.dumps(event):
        found.append("failed, and no message was sent")
    if not (got.kept or spoken or "undelivered" in json.dumps(event)):
        found.append("neither reported nor kept")
    return found
