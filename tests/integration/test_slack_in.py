"""Slack's buttons against the deployed template: signed requests, the function's own role, and the terminal
in parallel. Both follow the same rules and write the same record."""

import copy
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.policy import all_needs
from local_aws.client import Call, LocalAws
from rehearsal.drill import changes_done
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import play
from rehearsal.drill.stack import APPROVER, PRINCIPAL, STACK, warm_up
from rehearsal.world.build import World
from rehearsal.world.names import LOGINS, REGION, ROLLOUT
from responder.aws.items import from_item
from responder.core.codec import load
from responder.core.permissions import PARAMETERS, SETTINGS_DOCUMENT, STOPS, Permission, responder
from responder.core.plain_data import Json
from responder.core.slack_health import QUESTION, SlackCallResult, SlackCallStatus, SlackHealth
from responder.core.text import Text
from responder.messages.language import say
from responder.slack.inbound.function_url import NEEDS as PRESSED
from responder.slack.outbound.post import NEEDS as TELLING
from tests.fakes.slack_server import TEAM, SlackServer, sign
from tests.integration._local_aws import settle
from tests.integration.beside_slack import (
    CHANNEL,
    FUNCTION,
    MARI,
    ME,
    POSTS,
    SIGNING,
    BesideSlack,
)
from tests.integration.on_call import user
from tests.integration.repeats import forget
from tests.integration.slack_delivery import buttons
from tests.integration.test_checks import IN_SLACK
from tests.used import unused, used_by

pytestmark = pytest.mark.timeout(300)
ELSEWHERE = {
    # AWS checks a path or what is below it, depending on how the path is written; here it is the path.
    Permission("ssm:GetParametersByPath", PARAMETERS),
    # Where the settings document cannot be used: the drill (broken-settings).
    Permission("ssm:GetParameterHistory", SETTINGS_DOCUMENT),
}
SENT = {
    Permission("lambda:InvokeFunction", responder(slug), why)
    for slug, why in (
        ("slack-action", "answer first, work afterwards"),
        ("high-error-rate", "send a command; the function checks it again"),
    )
}
ASKS = replace(scenarios("high-error-rate", "asks-mode")[0], then=())


@dataclass
class OnCall:
    """Slack and a terminal in front of the local AWS, and the incident that waits for an answer."""

    aws: LocalAws
    slack: SlackServer
    keys: dict[str, str]
    incident: str
    reported: list[Json]
    calls: list[Call]
    hers: dict[str, str]

    def press(self, action: str, person: str = ME, **named: str) -> int:
        """The status that Slack gets; whatever follows has ended."""
        status = self.send(self.request(self.click(action, person, **named)))
        self.aws.wait_idle()
        return status

    def click(self, action: str, person: str = ME, **named: str) -> Json:
        value = {"i": self.incident, "p": self.proposal, "r": "rollout_to_zero", "s": "", **named}
        return {
            "type": "block_actions",
            "user": {"id": person, "team_id": TEAM},
            "team": {"id": TEAM},
            "container": {"type": "message", "channel_id": CHANNEL, "message_ts": "1.2"},
            "trigger_id": "1.2.3",
            "actions": [{"action_id": action, "value": json.dumps(value), "action_ts": str(time.time())}],
        }

    def request(self, payload: Json, secret: str = SIGNING) -> Json:
        body, now = urlencode({"payload": json.dumps(payload)}), str(int(time.time()))
        signed = {"x-slack-request-timestamp": now, "x-slack-signature": sign(body.encode(), now, secret)}
        return {
            "version": "2.0",
            "requestContext": {"http": {"method": "POST"}},
            "headers": signed,
            "body": body,
            "isBase64Encoded": False,
        }

    def send(self, event: Json) -> int:
        answer = self.aws.client("lambda").invoke(FunctionName=FUNCTION, Payload=json.dumps(event).encode())
        return int(json.loads(answer["Payload"].read())["statusCode"])

    def run(self, line: str, keys: dict[str, str] | None = None) -> Json:
        """At the terminal."""
        settings = {**self.aws.environment(), **(keys or self.keys)}
        where = ["--region", REGION, "--language", "en", "--yes", "--json"]
        done = CliRunner().invoke(app, [*line.split(), *where], env=settings)
        self.aws.wait_idle()
        found: Json = json.loads(done.stdout)
        return found

    def elsewhere(self, line: str) -> Json:
        """At another terminal, at the same time."""
        settings = {**os.environ, **self.aws.environment(), **self.keys}
        where = ["--region", REGION, "--language", "en", "--yes", "--json"]
        command = [str(Path(sys.executable).with_name("liveness-ops")), *line.split(), *where]
        done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=90, check=False)
        found: Json = json.loads(done.stdout)
        return found

    def set(self, percent: str) -> None:
        """Another person does."""
        client = self.aws.client("lambda")
        for name in LOGINS:
            found = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            changed = {"Variables": {**found, ROLLOUT: percent}}
            client.update_function_configuration(FunctionName=name, Environment=changed)
        changes_done.wait(self.aws)

    def finish(self) -> None:
        """AWS has finished it, and the follow-up has it checked."""
        client = self.aws.client("lambda")
        changes_done.wait(self.aws)
        payload = {"command": "finish", "incident": self.incident, "remedy": "rollout_to_zero"}
        client.invoke(FunctionName=f"{STACK}-high-error-rate", Payload=json.dumps(payload).encode())

    def table(self, resource: str) -> str:
        names = self.aws.client("dynamodb").list_tables()["TableNames"]
        return str(next(name for name in names if name.startswith(f"{STACK}-{resource}")))

    def all(self, resource: str) -> list[Json]:
        found = self.aws.client("dynamodb").scan(TableName=self.table(resource))["Items"]
        return [from_item(item) for item in found]

    @property
    def proposal(self) -> str:
        found = [json.loads(row["data"]) for row in self.all("Incidents") if "PROPOSAL#" in row["sk"]]
        return str(max(found, key=lambda each: each["at"])["id"])

    @property
    def rows(self) -> list[Json]:
        return self.all("Approvals")

    @property
    def changes(self) -> int:
        """How often the service's configuration was written by us since the incident waits."""
        return sum(each.action == "lambda:UpdateFunctionConfiguration" for each in self.aws.calls())

    @property
    def pauses(self) -> list[Json]:
        found = self.aws.client("ssm").get_parameters_by_path(Path=f"/{STACK}/stops")["Parameters"]
        return [json.loads(each["Value"]) for each in found]

    @property
    def steps(self) -> list[Json]:
        rows = [row for row in self.all("Incidents") if row.get("kind") == "person"]
        return [json.loads(row["data"]) for row in rows]

    @property
    def percentages(self) -> list[str]:
        client = self.aws.client("lambda")
        found = (client.get_function_configuration(FunctionName=name) for name in LOGINS)
        return [each["Environment"]["Variables"][ROLLOUT] for each in found]

    @property
    def root(self) -> Json:
        """The one message of the incident in Slack."""
        mine = (
            each
            for each in self.slack.roots()
            if each["metadata"]["event_payload"]["incident"] == self.incident
        )
        (found,) = mine
        return found

    @property
    def title(self) -> str:
        return str(self.root["blocks"][0]["text"]["text"])

    @property
    def said(self) -> str:
        return str(self.slack.whispers[-1]["text"])

    @property
    def why(self) -> list[str]:
        """Why the last command was not carried out, as on-call was notified."""
        answer = json.loads(self.aws.inbox()[-1].bodies["lambda"])
        return [each["because"]["key"] for each in answer["outcomes"] if each.get("because")]


@pytest.fixture(scope="module")
def deployed(beside_slack: BesideSlack) -> OnCall:
    # A function that has read its secret keeps it.
    beside_slack.restore(cold=True)
    aws, slack = beside_slack.aws, beside_slack.slack
    aws.snapshot(World.ROLLED_OUT)
    warm_up(aws, ("high-error-rate",))
    calls = aws.calls()
    aws.restore(World.ROLLED_OUT)
    keys = user(aws, APPROVER, beside_slack.operator_policy)
    hers = user(aws, "mari", beside_slack.operator_policy)
    aws.snapshot(World.ROLLED_OUT)
    played = play(aws, ASKS)
    aws.snapshot("asked")
    first = played.acts[0]
    message = copy.deepcopy(slack.messages)
    return OnCall(aws, slack, keys, first.report["incident"], message, [*calls, *first.calls], hers)


@pytest.fixture
def oncall(deployed: OnCall) -> OnCall:
    """The mode is approve, Rekognition fails: going to 0 % waits for an answer."""
    deployed.aws.restore("asked")
    deployed.slack.messages[:] = copy.deepcopy(deployed.reported)
    deployed.slack.whispers.clear()
    deployed.slack.views.clear()
    deployed.aws.clear()
    return deployed


def test_approved_in_slack_in_time(oncall: OnCall) -> None:
    assert oncall.press("approve") == 200
    assert oncall.percentages == ["0"] * 4
    (row,) = oncall.rows
    assert (row["sk"], row["principal"], row["decision"]) == (APPROVER, ME, "approve")
    assert [(step["person"], step["what"]) for step in oncall.steps] == [(APPROVER, "approve")]
    assert "in progress" in oncall.said
    assert oncall.slack.whispers[-1]["user"] == ME


def test_approved_at_the_terminal_in_time(oncall: OnCall) -> None:
    found = oncall.run(f"approve {oncall.incident}")
    assert (found["exit"], found["results"]) == (0, {"rollout_to_zero": "applied"})
    assert oncall.percentages == ["0"] * 4
    (row,) = oncall.rows
    assert (row["sk"], row["principal"], row["decision"]) == (APPROVER, PRINCIPAL, "approve")
    assert [(step["person"], step["what"]) for step in oncall.steps] == [(APPROVER, "approve")]
    assert oncall.press("approve") == 200
    assert "already been applied" in oncall.said


@pytest.mark.long
def test_what_slack_began_the_terminal_takes_back(oncall: OnCall) -> None:
    oncall.press("approve")
    oncall.finish()
    assert oncall.run(f"revert {oncall.incident}")["results"] == {"rollout_to_zero": "reverted"}
    assert oncall.percentages == ["50"] * 4


def test_what_the_terminal_began_slack_takes_back(oncall: OnCall) -> None:
    oncall.run(f"approve {oncall.incident}")
    assert oncall.percentages == ["0"] * 4
    oncall.finish()
    before = oncall.proposal
    assert oncall.press("revert", p="") == 200
    assert oncall.proposal != before
    assert oncall.press("approve") == 200
    assert oncall.percentages == ["50"] * 4


# To revert something, too: tests/unit/entry/test_decisions.py.
def test_without_the_right_at_the_terminal(oncall: OnCall) -> None:
    before = (oncall.rows, oncall.steps, oncall.percentages)
    assert oncall.run(f"approve {oncall.incident}", oncall.hers)["exit"] == 3
    assert (oncall.rows, oncall.steps, oncall.percentages) == before


def test_what_slack_paused_is_refused_at_the_terminal(oncall: OnCall) -> None:
    assert oncall.press("pause", MARI) == 200
    assert [each["who"] for each in oncall.pauses] == ["mari"]
    found = oncall.run(f"approve {oncall.incident}")
    assert (found["exit"], found["because"]) == (7, "guard.paused")
    assert oncall.why == ["guard.paused"]
    assert oncall.percentages == ["50"] * 4


def test_what_the_terminal_paused_is_refused_in_slack(oncall: OnCall) -> None:
    assert oncall.run("pause release --reason v2 --until 1h")["exit"] == 0
    assert oncall.press("approve") == 200
    assert oncall.why == ["guard.paused"]
    assert oncall.run("resume release")["exit"] == 0
    forget(oncall.aws)
    answered = oncall.run(f"approve {oncall.incident}")
    assert answered["results"] == {"rollout_to_zero": "applied"}
    assert oncall.percentages == ["0"] * 4


@pytest.mark.long
def test_two_who_pause_at_the_same_moment_by_both_doors_lose_nothing(oncall: OnCall) -> None:
    made = oncall.request(oncall.click("pause", MARI))
    with ThreadPoolExecutor(2) as pool:
        slack = pool.submit(oncall.send, made)
        terminal = pool.submit(oncall.elsewhere, "pause release --reason v2 --until 1h")
        assert (slack.result(), terminal.result()["exit"]) == (200, 0)
    oncall.aws.wait_idle()
    assert sorted(each["who"] for each in oncall.pauses) == sorted(["mari", APPROVER])
    assert oncall.press("approve") == 200
    assert oncall.why == ["guard.paused"]


@pytest.mark.long
def test_what_a_person_changed_since_is_reverted_at_neither_door(oncall: OnCall) -> None:
    oncall.press("approve")
    oncall.finish()
    oncall.set("30")
    assert oncall.press("revert", p="") == 200
    answered = oncall.run(f"approve {oncall.incident}")
    # The alias still serves our value: the message must not say that the check is on again.
    assert answered["results"] == {"rollout_to_zero": "failed"}
    assert answered["because"] == "change.still_served"
    assert oncall.percentages == ["30"] * 4
    assert oncall.run(f"revert {oncall.incident}")["exit"] != 0
    assert oncall.percentages == ["30"] * 4


def outcome(answered: Json) -> str:
    """Of an approval: its result, why it was declined, or `recorded` while another run carries it out."""
    if (answered["exit"], answered.get("carried_out")) == (0, False):
        return "recorded"
    return str(answered.get("results", {}).get("rollout_to_zero", answered.get("error")))


@pytest.mark.long
def test_the_same_approval_at_two_terminals_simultaneously(oncall: OnCall) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(oncall.elsewhere, [f"approve {oncall.incident}"] * 2))
    oncall.aws.wait_idle()
    given = [outcome(each) for each in found]
    assert given.count("applied") == 1
    assert set(given) <= {"applied", "already", "denial.carried_out_before", "recorded"}
    assert (len(oncall.rows), len(oncall.steps)) == (1, 1)
    assert oncall.percentages == ["0"] * 4
    assert oncall.changes == 4


@pytest.mark.long
def test_the_same_approval_at_both_doors_simultaneously(oncall: OnCall) -> None:
    made = oncall.request(oncall.click("approve"))
    with ThreadPoolExecutor(2) as pool:
        slack, terminal = (
            pool.submit(oncall.send, made),
            pool.submit(oncall.elsewhere, f"approve {oncall.incident}"),
        )
        assert slack.result() == 200
        assert terminal.result()["exit"] in (0, 5)
    oncall.aws.wait_idle()
    assert len(oncall.rows) == 1
    assert oncall.percentages == ["0"] * 4
    assert oncall.changes == 4


def test_forged_it_is_turned_away_and_the_log_keeps_quiet(oncall: OnCall) -> None:
    event = oncall.request(oncall.click("approve"), secret="guessed")
    assert oncall.send(event) == 401
    group = f"/aws/lambda/{FUNCTION}"
    lines = oncall.aws.client("logs").filter_log_events(logGroupName=group)["events"]
    logged = "\n".join(line["message"] for line in lines)
    assert '"why":"signature"' in logged
    assert event["headers"]["x-slack-signature"] not in logged
    assert SIGNING not in logged
    assert oncall.rows == []


def test_rejected_in_slack_it_is_rejected_at_the_terminal(oncall: OnCall) -> None:
    assert oncall.press("reject") == 200
    (opened,) = oncall.slack.views
    view = json.loads(opened["view"]) if isinstance(opened["view"], str) else opened["view"]
    values = {"reason": {"reason": {"type": "plain_text_input", "value": "the release is over"}}}
    whole = {**view, "state": {"values": values}}
    who = {"user": {"id": ME, "team_id": TEAM}, "team": {"id": TEAM}}
    assert oncall.send(oncall.request({"type": "view_submission", **who, "view": whole})) == 200
    oncall.aws.wait_idle()
    assert oncall.steps[0]["reason"] == "the release is over"
    assert oncall.run(f"approve {oncall.incident}")["error"] == "denial.rejected_before"
    assert oncall.percentages == ["50"] * 4


def begin_anew(aws: LocalAws, function: str) -> None:
    """It starts with nothing in memory."""
    client = aws.client("lambda")
    found = client.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    client.update_function_configuration(
        FunctionName=function, Environment={"Variables": {**found, "NEW": "1"}}
    )
    settle(aws, function)


def test_every_call_was_allowed_and_every_right_used(oncall: OnCall) -> None:
    # A new function: a secret that is kept is not read.
    begin_anew(oncall.aws, FUNCTION)
    for action in ("acknowledge", "approve", "pause"):
        oncall.press(action)
    oncall.finish()
    oncall.press("revert", p="")
    mine = [each for each in oncall.aws.calls() if "SlackAction" in each.role]
    assert [each for each in mine if not each.allowed] == []
    # One line of code sends every command: one represents the others.
    others = {need for need in PRESSED if need.action == "lambda:InvokeFunction" and need not in SENT}
    # Used where a stop gets no answer: tests/unit/slack_inbound/test_needs.py.
    others |= {Permission("ssm:GetParameter", STOPS)}
    others |= ELSEWHERE
    assert unused(PRESSED - others, used_by(mine)["SlackAction"]) == []


# --- what Slack is reported ------------------------------------------------------------------------------


def test_the_topic_is_reported_in_slack_with_a_graph(oncall: OnCall) -> None:
    awaiting = say(Text("slack.asked"), "en")
    assert oncall.title.startswith(f"🟡 {awaiting} [high] FaceAuth-Liveness-HighErrorRate")
    root = oncall.root
    assert len(oncall.slack.thread(root["ts"])) == 1
    assert [each["thread_ts"] for each in oncall.slack.files.values() if each["done"]].count(root["ts"]) == 1


def test_the_button_that_is_shown_is_the_one_that_works(oncall: OnCall) -> None:
    root = oncall.root
    shown = dict(buttons(root))
    assert oncall.press("approve", **shown["approve"]) == 200
    assert oncall.percentages == ["0"] * 4
    assert oncall.title.startswith("[SECURITY LOWERED] 🟡 remedy in force")
    assert len(oncall.slack.thread(root["ts"])) == 2
    root = oncall.root
    assert "approve" not in dict(buttons(root))
    assert dict(buttons(root))["revert"]["r"] == "rollout_to_zero"


def test_every_permission_for_sending_is_used_and_none_is_missing(oncall: OnCall) -> None:
    mine = [each for each in oncall.calls if "SlackPost" in each.role]
    assert [each for each in mine if not each.allowed] == []
    assert unused(TELLING - ELSEWHERE, used_by(mine)["SlackPost"]) == []


# --- the daily check asks Slack ----------------------------------------------------------------------


def asked_slack(oncall: OnCall) -> list[tuple[str, str]]:
    """(light, key) of what the daily check files of Slack, as deployed."""
    s3 = oncall.aws.client("s3")
    answered = oncall.aws.client("lambda").invoke(FunctionName=f"{STACK}-daily-check", Payload=b"{}")
    assert "FunctionError" not in answered, answered["Payload"].read()
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if "reports" in each["Name"]]
    kept = s3.list_objects_v2(Bucket=bucket, Prefix="checks/daily/")["Contents"]
    (key,) = [each["Key"] for each in kept if each["Key"].endswith("report.json")]
    filed = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    (ready,) = [each for each in filed["sections"] if each["name"] == "readiness"]
    asked = ("check.ready.slack_reached", "check.ready.slack_token", "check.ready.slack_unasked")
    found = [(each["light"], each["said"]["key"]) for each in ready["items"]]
    return [(light, key) for light, key in found if key.startswith(asked)]


def test_the_daily_check_proves_that_slack_can_be_reached_under_its_own_role(oncall: OnCall) -> None:
    before = oncall.slack.count("chat.postMessage")
    assert asked_slack(oncall) == [("green", "check.ready.slack_reached")]
    asks = [
        each
        for each in oncall.aws.calls()
        if "DailyCheck" in each.role and each.action == "lambda:InvokeFunction"
    ]
    assert [each.allowed for each in asks] == [True]
    about = [need for need in all_needs()["DailyCheck"] if need in IN_SLACK]
    assert unused(about, used_by(oncall.aws.calls())["DailyCheck"]) == []
    oncall.aws.wait_idle()
    # The one message is the check's own summary, by the topic as ever.
    assert oncall.slack.count("chat.postMessage") == before + 1


def test_a_revoked_token_is_the_answer_to_the_question_which_leaves_nothing_behind(oncall: OnCall) -> None:
    client, before = oncall.aws.client("lambda"), oncall.slack.count("chat.postMessage")
    known = oncall.slack.token
    oncall.slack.token = f"{known}-renewed"
    try:
        answered = client.invoke(FunctionName=POSTS, Payload=json.dumps(QUESTION).encode())
        answer = json.loads(answered["Payload"].read())
        oncall.aws.wait_idle()
        assert "FunctionError" not in answered
        assert load(SlackHealth, answer).token == SlackCallResult(SlackCallStatus.REFUSED, "invalid_auth")
        assert oncall.slack.count("chat.postMessage") == before
        assert oncall.aws.inbox() == []
        sqs = oncall.aws.client("sqs")
        for url in sqs.list_queues()["QueueUrls"]:
            kept = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
            assert kept["Attributes"]["ApproximateNumberOfMessages"] == "0", url
    finally:
        oncall.slack.token = known
        oncall.aws.wait_idle()
