"""What on-call sees and switches, on the deployed template: on-call's own rights, real functions."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from typer.testing import Result

from liveness_ops.console import polling
from liveness_ops.people import local
from liveness_ops.template_tools.load import EVENTS
from local_aws.client import LocalAws
from rehearsal.drill import changes_done
from rehearsal.drill.stack import APPROVER, APPROVERS, STACK, settings
from rehearsal.world.build import World
from rehearsal.world.names import REGION
from responder.checks.model import Cadence
from responder.core.permissions import PARAMETERS
from responder.core.plain_data import Json
from responder.core.settings_document import People, Person, SettingsDocument
from responder.people.function_url import NEEDS
from tests.integration.on_call import OWN_NAME, POWERLESS, STRANGER, OnCall, agreed, session
from tests.integration.repeats import forget
from tests.rows import all_rows
from tests.used import unused, used_by, uses

pytestmark = pytest.mark.timeout(300)
LINES = (
    "incidents",
    "show nothing-20260101T000000Z",
    "tail nothing-20260101T000000Z",
    "leases",
    "pause a --reason b --until 1h",
    "resume",
    "mode",
    "mode observe",
    "failures",
)


@dataclass
class OnCallTerminal:
    """On-call's terminal, and the stack behind it."""

    oncall: OnCall

    @property
    def aws(self) -> LocalAws:
        return self.oncall.aws

    def machine(self, line: str, who: str = APPROVER) -> Json:
        done = self.run(f"{line} --json", who)
        found: Json = json.loads(done.stdout.splitlines()[-1])
        assert found["exit"] == done.exit_code
        return found

    def run(self, line: str, who: str = APPROVER, **environment: str) -> Result:
        return self.oncall.run(agreed(line), who, **environment)

    def again(self) -> Json:
        """What a response right now comes to."""
        changes_done.wait(self.aws)
        forget(self.aws)
        payload = json.dumps({"command": "re-evaluate", "incident": self.oncall.incident})
        answer = self.aws.client("lambda").invoke(FunctionName=f"{STACK}-high-error-rate", Payload=payload)
        found: Json = json.loads(answer["Payload"].read())["results"]
        return found

    @property
    def reported(self) -> str:
        """The last message to on-call."""
        return [each for each in self.aws.inbox() if "-Notifications" in each.topic][-1].text

    def failed(self, payload: Any) -> str:
        """A record as `response_failed` keeps it; the message's id."""
        arn = f"arn:aws:lambda:{REGION}:{self.aws.account}:function:{STACK}-high-error-rate:$LATEST"
        record = {"requestContext": {"functionArn": arn}, "requestPayload": payload}
        sqs, url = self.aws.client("sqs"), self.oncall.output("FailuresQueue")
        return str(sqs.send_message(QueueUrl=url, MessageBody=json.dumps(record))["MessageId"])


@pytest.fixture
def terminal(deployed: OnCall) -> OnCallTerminal:
    """The mode is approve, Rekognition fails: going to 0 % waits for an answer."""
    deployed.aws.restore("asked")
    deployed.aws.clear()
    return OnCallTerminal(deployed)


def test_a_pause_refuses_the_next_response_and_after_resume_it_acts(terminal: OnCallTerminal) -> None:
    assert terminal.machine("mode auto")["exit"] == terminal.machine("mode rollout_to_zero auto")["exit"] == 0
    paused = terminal.machine("pause release --reason v2-goes-out --until 2h")
    assert (paused["exit"], paused["pause"]["who"]) == (0, APPROVER)
    assert terminal.again() == {"rollout_to_zero": "refused"}
    assert APPROVER in terminal.reported
    assert "v2-goes-out" in terminal.reported
    assert terminal.oncall.percentages == ["50"] * 4
    assert terminal.machine("resume")["resumed"]["name"] == "release"
    assert terminal.again() == {"rollout_to_zero": "applied"}
    assert terminal.oncall.percentages == ["0"] * 4
    (lease,) = terminal.machine("leases")["leases"]
    assert (lease["remedy"], lease["lowers_security"]) == ("rollout_to_zero", True)


def put_stop(terminal: OnCallTerminal, name: str = "everything", **more: Any) -> None:
    """What the stack's output StopEverything does, under on-call's own rights."""
    keys = terminal.oncall.keys[APPROVER]
    session = boto3.Session(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], region_name=REGION)
    with closing(session.client("ssm", endpoint_url=terminal.aws.endpoint)) as ssm:
        ssm.put_parameter(Name=f"/{STACK}/stops/{name}", Type="String", Value="stop", **more)


def test_the_printed_command_stops_everything_and_is_never_written_over(terminal: OnCallTerminal) -> None:
    terminal.machine("mode auto")
    terminal.machine("mode rollout_to_zero auto")
    put_stop(terminal)
    assert terminal.again() == {"rollout_to_zero": "refused"}
    for overwrite, code in ((False, "ParameterAlreadyExists"), (True, "AccessDeniedException")):
        with pytest.raises(ClientError) as caught:
            put_stop(terminal, Overwrite=overwrite)
        assert caught.value.response["Error"]["Code"] == code
    assert terminal.again() == {"rollout_to_zero": "refused"}
    assert terminal.oncall.percentages == ["50"] * 4


UPDATE = "lambda:UpdateFunctionConfiguration"
# By construction; see docs/people.md.
LATEST_SECONDS, LAST = 10.0, 5


@pytest.mark.long
def test_no_write_begins_long_after_a_stop_whenever_it_comes(terminal: OnCallTerminal) -> None:
    """Responses that are stopped at different moments of their run, the last one after it; times of the local
    AWS."""
    terminal.machine("mode auto")
    terminal.machine("mode rollout_to_zero auto")
    terminal.aws.snapshot("auto")
    after, results = [0.0], Counter[str]()
    began = time.monotonic()
    assert terminal.again() == {"rollout_to_zero": "applied"}
    step = (time.monotonic() - began) / LAST
    for number in range(LAST + 1):
        terminal.aws.restore("auto")
        changes_done.wait(terminal.aws)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(terminal.again)
            if number < LAST:
                time.sleep(step * number)
            else:
                answer.result()
            put_stop(terminal)
            stopped = time.time()
            results.update(answer.result().values())
        writes = [each for each in terminal.aws.calls() if each.action == UPDATE and each.allowed]
        after += [each.when - stopped for each in writes]
    assert set(results) == {"applied", "refused"}, "stopped too early, or too late, to prove anything"
    assert max(after) < LATEST_SECONDS


def test_what_failed_is_listed_twice_the_same_and_decided_again_once(terminal: OnCallTerminal) -> None:
    incident = terminal.oncall.incident
    first = terminal.failed({"command": "apply", "incident": incident, "remedy": "rollout_to_zero"})
    terminal.failed({"command": "re-evaluate", "incident": "FaceAuth-Nothing-20260101T000000Z"})
    listed = terminal.machine("failures")
    assert listed == terminal.machine("failures")
    assert {each["id"]: each["open"] for each in listed["failures"]}[first] is True
    done = terminal.machine(f"failures --redrive {first}")
    assert (done["exit"], done["failures"][0]["results"]) == (0, {"rollout_to_zero": "asked"})
    assert terminal.oncall.percentages == ["50"] * 4
    assert [each["open"] for each in terminal.machine("failures")["failures"]] == [False]
    assert terminal.machine("failures --all")["exit"] == 5
    people = terminal.machine(f"show {incident}")["people"]
    assert [(each["person"], each["what"]) for each in people] == [(APPROVER, "redrive")]


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def file_findings(terminal: OnCallTerminal) -> str:
    """Filed reports of today of every rhythm, with an amber and a red finding; the id of the amber one."""
    s3 = terminal.aws.client("s3")
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if "reports" in each["Name"]]
    items = [
        {"id": f"cost/cost_days/{light}", "light": light, "facts": "0123456789abcdef"}
        for light in ("amber", "red")
    ]
    body = json.dumps({"sections": [{"name": "cost", "items": items}]}).encode()
    for rhythm in Cadence:
        s3.put_object(Bucket=bucket, Key=f"checks/{rhythm}/{in_days(0)}/report.json", Body=body)
    return "cost/cost_days/amber"


def test_a_finding_of_a_check_is_accepted_by_registered_people_and_reported_again(
    terminal: OnCallTerminal,
) -> None:
    amber = file_findings(terminal)
    line = f"check accept {amber} --until {in_days(30)} --reason no-budget"
    assert terminal.machine(line, STRANGER)["exit"] == 3
    assert terminal.machine("check accepted")["accepted"] == []
    done = terminal.machine(line)
    assert (done["exit"], done["person"], done["findings"]) == (0, APPROVER, [amber])
    (listed,) = terminal.machine("check accepted")["accepted"]
    assert (listed["finding"], listed["person"], listed["reason"]) == (amber, APPROVER, "no-budget")
    assert terminal.machine(f"check accept {amber} --until {in_days(100)} --reason x")["exit"] == 2
    assert terminal.machine(f"check accept cost/cost_days/red --until {in_days(30)} --reason x")["exit"] == 7
    assert terminal.machine(f"check unaccept {amber}")["findings"] == [amber]
    assert terminal.machine("check accepted")["accepted"] == []


def checked(terminal: OnCallTerminal) -> dict[str, Json]:
    """The findings of a daily check, by their ids."""
    event = (EVENTS / "daily-check" / "scheduled.json").read_bytes()
    answered = terminal.aws.client("lambda").invoke(FunctionName=f"{STACK}-daily-check", Payload=event)
    day = json.loads(answered["Payload"].read())["check"].removeprefix("check-daily-")
    s3 = terminal.aws.client("s3")
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if "reports" in each["Name"]]
    filed = s3.get_object(Bucket=bucket, Key=f"checks/daily/{day}/report.json")["Body"].read()
    return {each["id"]: each for one in json.loads(filed)["sections"] for each in one["items"]}


@pytest.mark.long
def test_a_check_only_counts_what_a_person_accepted(terminal: OnCallTerminal) -> None:
    found = checked(terminal)
    amber = next(id_ for id_, each in found.items() if each["light"] == "amber" and not each["root"])
    assert found[amber]["accepted"] is None
    line = f"check accept {amber} --until {in_days(30)} --reason no-budget"
    assert terminal.machine(line)["exit"] == 0
    accepted = checked(terminal)[amber]
    assert (accepted["accepted"]["person"], accepted["accepted"]["reason"]) == (APPROVER, "no-budget")
    assert accepted["light"] == "amber"


def test_the_entry_is_denied_nothing_and_uses_every_right(terminal: OnCallTerminal, tmp_path: Path) -> None:
    incident, oncall = terminal.oncall.incident, terminal.oncall
    count = len(terminal.aws.calls())
    arn = session(oncall, "Bound", "hana", OWN_NAME)
    people = (*APPROVERS, Person("hana", aws=(arn,)))
    document = SettingsDocument(People(people), given=settings(World.ROLLED_OUT))
    (tmp_path / "settings.json").write_text(document.to_json())
    first = terminal.failed({"command": "re-evaluate", "incident": incident})
    # Other messages of the queue are received, too, and returned.
    terminal.failed({"command": "re-evaluate", "incident": incident})
    for line in (
        f"settings set {tmp_path / 'settings.json'}",
        f"reject {incident} --reason later",
        f"withdraw {incident}",
        f"approve {incident}",
        f"revert {incident} rollout_to_zero",
        "pause a --reason b --until 1h",
        "resume a",
        f"failures --redrive {first}",
        "mode rollout_to_zero observe",
        "mode observe",
        f"check accept {file_findings(terminal)} --until {in_days(30)} --reason no-budget",
    ):
        assert terminal.machine(line)["exit"] == 0, line
    assert terminal.machine("mode memory_increase auto")["exit"] == 2
    # The alarm is read, and still raised.
    assert terminal.machine(f"close {incident} --reason renamed")["exit"] == 7
    assert terminal.machine(f"ack {incident}", "hana")["person"] == "hana"
    mine = [each for each in terminal.aws.calls()[count:] if "-PeopleRole" in each.role]
    assert [each for each in mine if not each.allowed] == []
    # One line of code sends every command, and the same ones read every queue.
    alike = [need for need in NEEDS if need.action.startswith(("lambda:InvokeFunction", "sqs:"))]
    used = used_by(mine)["People"]
    # AWS checks a path or what is below it, depending on how the path is written; here it is the path.
    needs = [need for need in NEEDS if need not in alike and need.resource != PARAMETERS]
    assert unused(needs, used) == []
    assert {need.action for need in alike if any(uses(need, used))} == {each.action for each in alike}


def test_closed_incidents_are_listed_with_on_call_s_own_rights(terminal: OnCallTerminal) -> None:
    (table,) = [
        each for each in terminal.aws.client("dynamodb").list_tables()["TableNames"] if "Incidents" in each
    ]
    dynamodb = terminal.aws.client("dynamodb")
    key = {"pk": {"S": f"INCIDENT#{terminal.oncall.incident}"}, "sk": {"S": "HEAD"}}
    head = dynamodb.get_item(TableName=table, Key=key)["Item"]
    name = "FaceAuth-Liveness-HighErrorRate-20260101T000000Z"
    more = {
        "pk": {"S": f"INCIDENT#{name}"},
        "incident": {"S": name},
        "opened": {"S": "2026-01-01T00:00:00+00:00"},
    }
    dynamodb.put_item(TableName=table, Item={**head, **more})
    found = terminal.machine("incidents --all", STRANGER)["incidents"]
    assert [(each["incident"], each["closed"]) for each in found] == [
        (terminal.oncall.incident, False),
        (name, True),
    ]


def test_an_incident_is_seen_from_all_sides(
    terminal: OnCallTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(polling, "wait", end)
    incident = terminal.oncall.incident
    terminal.oncall.machine(f"ack {incident}")
    (row,) = terminal.machine("incidents")["incidents"]
    assert (row["incident"], row["acknowledged_by"]) == (incident, [APPROVER])
    assert [each["remedy"] for each in row["waiting_for"]] == ["rollout_to_zero"]
    shown = terminal.machine(f"show {incident}", STRANGER)
    assert shown["findings"]
    assert shown["proposals"][0]["answer"] == "open"
    assert (terminal.machine(f"tail {incident}")["closed"], terminal.machine("leases")["leases"]) == (
        False,
        [],
    )
    assert terminal.machine("incidents --watch")["looks"] == 1


@all_rows("line", LINES)
def test_without_the_policy_there_is_one_line_and_no_traceback(terminal: OnCallTerminal, line: str) -> None:
    done = terminal.run(line, POWERLESS)
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert "AccessDenied" in done.output


@all_rows("line", LINES)
def test_where_aws_does_not_answer_there_is_one_line(terminal: OnCallTerminal, line: str) -> None:
    done = terminal.run(line, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert (done.exit_code, done.output.count("\n")) == (6, 1)


def test_local_is_this_one_and_never_another(terminal: OnCallTerminal) -> None:
    assert terminal.run("mode --local").exit_code == 0
    refused = terminal.run("mode --local", AWS_ENDPOINT_URL="https://example.com")
    assert (refused.exit_code, refused.output.count("\n")) == (2, 1)
    found = [each["endpoint"] for each in local.found_running()]
    assert terminal.aws.endpoint in found
