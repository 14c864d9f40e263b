"""A request that Slack did not sign for this stack changes nothing, and none of it is logged."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from responder.core.errors import Denied, Rejected, Throttled, Unreachable
from responder.core.plain_data import Json
from tests.fakes.slack_server import sign
from tests.rows import all_rows
from tests.unit.slack_inbound.conftest import Records
from tests.unit.slack_inbound.workspace import AIKO, KEN, SIGNING, TEAM, TOKEN, SlackWorkspace, asked, without

type Event = Any
ACTION = {"action_id": "approve", "type": "button"}


def headers(event: Event, **changed: str | None) -> Event:
    names = {name.replace("_", "-"): value for name, value in changed.items()}
    kept = {name: value for name, value in {**event["headers"], **names}.items() if value is not None}
    return {**event, "headers": kept}


def fine(workspace: SlackWorkspace, age: float = 0) -> Event:
    return workspace.request(workspace.pressed("approve"), age)


def signed(*path: str) -> Callable[[SlackWorkspace], Event]:
    """Signed by Slack, and without one part."""
    return lambda workspace: workspace.request(without(workspace.pressed("approve"), *path))


def other(**changed: Any) -> Callable[[SlackWorkspace], Event]:
    """Signed by Slack, with other parts."""
    return lambda workspace: workspace.request({**workspace.pressed("approve"), **changed})


def with_value(value: Any) -> Callable[[SlackWorkspace], Event]:
    return lambda workspace: workspace.request(workspace.pressed("approve", value=value))


def by(method: str) -> Callable[[SlackWorkspace], Event]:
    return lambda workspace: {**fine(workspace), "requestContext": {"http": {"method": method}}}


def with_body(body: Any, encoded: bool = False) -> Callable[[SlackWorkspace], Event]:
    return lambda workspace: {**fine(workspace), "body": body, "isBase64Encoded": encoded}


def body(text: str) -> Callable[[SlackWorkspace], Event]:
    """Any body, properly signed."""
    return lambda workspace: workspace.request(text)


def raw(body: bytes) -> Callable[[SlackWorkspace], Event]:
    """Any bytes, properly signed."""

    def made(workspace: SlackWorkspace) -> Event:
        event = fine(workspace)
        signature = sign(body, event["headers"]["x-slack-request-timestamp"], SIGNING)
        encoded = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        return {**headers(event, x_slack_signature=signature), **encoded}

    return made


def form(change: Callable[[Json], Any]) -> Callable[[SlackWorkspace], Event]:
    def made(workspace: SlackWorkspace) -> Event:
        payload = workspace.submitted("why")
        change(payload["view"])
        return workspace.request(payload)

    return made


DEEP = "[" * 90_000
TURNED_AWAY: dict[str, tuple[int, Callable[[SlackWorkspace], Event]]] = {
    "no request at all": (400, lambda _: None),
    "a list": (400, lambda _: [1]),
    "an alarm event": (400, lambda workspace: workspace.scene.event()),
    "a request without a method": (
        400,
        lambda workspace: {**fine(workspace), "requestContext": {"http": {}}},
    ),
    "GET": (405, by("GET")),
    "PUT": (405, by("PUT")),
    "post in small letters": (405, by("post")),
    "1 MB": (413, with_body("x" * 1_000_000)),
    "1 MB, signed": (413, body("payload=" + "x" * 1_000_000)),
    "1 MB in base64": (413, with_body(base64.b64encode(b"x" * 1_000_000).decode(), encoded=True)),
    "just too large, in two bytes each": (413, with_body("é" * 60_000)),
    "broken base64": (400, with_body("%%%", encoded=True)),
    "base64 that breaks off": (400, with_body("YWJ", encoded=True)),
    "half a character": (400, with_body("\ud800")),
    "a body that is no text": (400, with_body({"payload": 1})),
    "no body": (401, with_body(None)),
    "forged": (401, lambda workspace: workspace.request(workspace.pressed("approve"), secret="guessed")),
    "an empty key": (401, lambda workspace: workspace.request(workspace.pressed("approve"), secret="")),
    "another body": (401, lambda workspace: {**fine(workspace), "body": fine(workspace)["body"] + "&more=1"}),
    "another time": (
        401,
        lambda o: headers(fine(o), x_slack_request_timestamp=f"{int(o.now.timestamp()) - 1}"),
    ),
    "no signature": (401, lambda o: headers(fine(o), x_slack_signature=None)),
    "no time": (401, lambda o: headers(fine(o), x_slack_request_timestamp=None)),
    "no headers": (401, lambda o: {**fine(o), "headers": None}),
    "a signature of another version": (401, lambda o: headers(fine(o), x_slack_signature="v1=" + "0" * 64)),
    "a signature of other letters": (401, lambda o: headers(fine(o), x_slack_signature="v0=é" + "0" * 63)),
    "a time in words": (401, lambda o: headers(fine(o), x_slack_request_timestamp="now")),
    "a time in other digits": (401, lambda o: headers(fine(o), x_slack_request_timestamp="１７７０２０")),
    "a time without end": (401, lambda o: headers(fine(o), x_slack_request_timestamp="9" * 400)),
    "old": (401, lambda o: fine(o, age=301)),
    "from the future": (401, lambda o: fine(o, age=-301)),
    "no payload": (400, body("x=1")),
    "two payloads": (400, body(urlencode([("payload", "{}"), ("payload", "{}")]))),
    "bytes that are no text": (401, raw(b"payload=\xff")),
    "a blank key": (401, lambda workspace: workspace.request(workspace.pressed("approve"), secret=" ")),
    "no form": (400, body("\x00\xff")),
    "many fields": (400, body("&".join(f"a{n}=1" for n in range(50)))),
    "broken JSON": (400, body(urlencode({"payload": '{"type": '}))),
    "JSON without end": (400, body("payload=" + DEEP)),
    "JSON that is a list": (400, body(urlencode({"payload": "[]"}))),
    "another workspace": (403, other(team={"id": "T0OTHER"})),
    "a guest of another workspace": (403, other(user={"id": AIKO, "team_id": "T0OTHER"})),
    "no workspace": (403, other(team=None, user={"id": AIKO})),
    "a workspace in a list": (403, other(team=[TEAM], user={"id": AIKO})),
    "another type": (400, other(type="shortcut")),
    "no type": (400, signed("type")),
    "no action": (400, other(actions=[])),
    "two actions": (400, other(actions=[ACTION, ACTION])),
    "actions that are no list": (400, other(actions={"0": ACTION})),
    "an unknown action": (400, lambda o: o.request(o.pressed("approve_everything"))),
    "an action that is no word": (400, other(actions=[{**ACTION, "action_id": ["approve"]}])),
    "the form's action as a button": (400, lambda o: o.request(o.pressed("reject_reason"))),
    "no user": (400, lambda o: o.request({**o.pressed("approve"), "user": None})),
    "a user without an id": (400, other(user={"team_id": TEAM})),
    "a user with a strange id": (400, other(user={"id": "U0AIKO\n", "team_id": TEAM})),
    "no place": (400, signed("container")),
    "a channel that is none": (400, other(container={"channel_id": "../x"})),
    "no value": (400, other(actions=[ACTION])),
    "a value that is no JSON": (400, with_value("yes")),
    "a value that is a list": (400, with_value("[]")),
    "a value without end": (400, with_value("[" * 5_000)),
    "no incident": (400, with_value({"p": "0" * 16, "r": "rollout_to_zero", "s": ""})),
    "an incident that is none": (400, with_value({"i": "a/../b#", "p": "0" * 16, "r": "", "s": ""})),
    "no proposal": (400, with_value({"i": "an-incident", "p": "", "r": "rollout_to_zero", "s": ""})),
    "a proposal that is none": (400, with_value({"i": "an-incident", "p": "ACK#x", "r": "", "s": ""})),
    "a revert of nothing": (
        400,
        lambda o: o.request(o.pressed("revert", value={"i": "an-incident", "p": "", "r": "", "s": ""})),
    ),
    "another form": (400, form(lambda view: view.update(callback_id="else"))),
    "a form about nothing": (400, form(lambda view: view.pop("private_metadata"))),
    "a form without an answer": (400, form(lambda view: view.update(state={"values": {}}))),
}


@all_rows(("status", "made"), TURNED_AWAY.values())
def test_a_forged_or_old_request_is_turned_away_and_changes_nothing(
    logged: Records, status: int, made: Callable[[SlackWorkspace], Event]
) -> None:
    workspace = asked()
    event, before = made(workspace), workspace.everything()
    logged.lines.clear()
    answer = workspace.send(event)
    assert (answer["statusCode"], answer["body"]) == (status, "")
    assert workspace.everything() == before
    (line,) = logged.lines
    assert line.startswith("turned away")
    for word in (SIGNING, TOKEN, "v0=", "hooks.slack.com", "rollout_to_zero", "person"):
        assert word not in line


@pytest.mark.parametrize("age", [-299, 0, 299])
def test_within_five_minutes_it_counts_in_either_direction(age: float) -> None:
    workspace = asked()
    assert workspace.send(fine(workspace, age))["statusCode"] == 200
    assert len(workspace.rows) == 1


def test_a_body_in_base64_is_the_same_body() -> None:
    workspace = asked()
    event = fine(workspace)
    encoded = base64.b64encode(event["body"].encode()).decode()
    assert workspace.send({**event, "body": encoded, "isBase64Encoded": True})["statusCode"] == 200


def test_headers_are_found_however_they_are_spelled() -> None:
    workspace = asked()
    event = fine(workspace)
    event["headers"] = {name.title(): value for name, value in event["headers"].items()}
    assert workspace.send(event)["statusCode"] == 200


def test_the_same_request_again_is_turned_away(logged: Records) -> None:
    workspace = asked()
    event = fine(workspace)
    assert workspace.send(event)["statusCode"] == 200
    workspace.later()
    before = workspace.everything()
    workspace.scene.aws.tick(minutes=4)
    assert workspace.send(event)["statusCode"] == 409
    assert workspace.everything() == before
    assert "replay" in logged.lines[-1]


def test_without_a_workspace_in_the_settings_no_one_is_let_in() -> None:
    workspace = asked()
    workspace.scene.environment["SLACK_TEAM"] = ""
    assert workspace.press("approve") == 403


def test_a_request_cannot_look_like_a_job() -> None:
    workspace = asked()
    workspace.press("approve")
    job = workspace.queue.popleft()[1]
    before = workspace.everything()
    assert workspace.send({**fine(workspace), **job, "headers": {}})["statusCode"] == 401
    assert workspace.send(workspace.request(str(job)))["statusCode"] == 400
    assert workspace.everything() == before


# --- when AWS does not do its part -----------------------------------------------------------------


@pytest.mark.parametrize("error", [Denied, Throttled, Unreachable])
def test_without_the_claim_nothing_is_done_and_the_person_is_notified(error: type[Exception]) -> None:
    workspace = asked()
    workspace.scene.aws.fail("dynamodb", "put_item", error, where={"TableName": "Claims"})  # type: ignore[arg-type]
    assert workspace.press("approve") == 503
    assert workspace.rows == []
    workspace.later()
    assert workspace.said.startswith(
        "No changes were made, because the records are unreachable (dynamodb:PutItem"
    )


@pytest.mark.parametrize("error", [Denied, Throttled, Unreachable])
def test_what_may_not_be_on_record_is_no_success_and_the_person_is_notified(error: type[Exception]) -> None:
    workspace = asked()
    workspace.scene.aws.fail("dynamodb", "put_item", error, where={"TableName": "Approvals"})  # type: ignore[arg-type]
    assert workspace.press("approve") == 503
    workspace.later()
    assert "Press again; nothing is done twice." in workspace.said
    workspace.click("approve")
    assert len(workspace.commands) == 1


@pytest.mark.parametrize(
    "secret",
    # pragma: allowlist nextline secret
    ["", "{}", "[]", '{"bot_token": "xoxb"}', '{"bot_token": "", "signing_secret": ""}', "not JSON"],
)
def test_without_a_readable_secret_no_one_is_let_in(secret: str) -> None:
    workspace = asked()
    workspace.scene.aws.answer("secretsmanager", "get_secret_value", {"SecretString": secret})
    event, before = fine(workspace), workspace.everything()
    assert workspace.send(event)["statusCode"] == 503
    assert workspace.everything() == before


def test_the_secret_is_read_once_in_five_minutes() -> None:
    workspace = asked()
    for _ in range(3):
        workspace.press("acknowledge")
    assert workspace.scene.aws.count("secretsmanager", "get_secret_value") == 1
    workspace.scene.aws.tick(minutes=6)
    workspace.press("acknowledge", KEN)
    assert workspace.scene.aws.count("secretsmanager", "get_secret_value") == 2


def test_where_no_one_can_be_sent_for_the_rest_it_is_done_immediately() -> None:
    workspace = asked()
    where = {"FunctionName": "responder-slack-action"}
    workspace.scene.aws.fail("lambda", "invoke", Rejected, where=where)
    assert workspace.click("approve").startswith("Approved by aiko, in progress")
    assert workspace.scene.percentages() == ["0"] * 4
