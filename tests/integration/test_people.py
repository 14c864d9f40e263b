"""The console against the deployed template: the rights of on-call's policy, real functions, real answers."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from liveness_ops.cli import app
from liveness_ops.drill import settled
from liveness_ops.drill.build import build
from liveness_ops.drill.scenarios.approvals import SCENARIOS
from liveness_ops.drill.stack import APPROVER, PRINCIPAL, STACK, install
from liveness_ops.drill.stage import play
from liveness_ops.drill.words import Language
from liveness_ops.local_aws import LocalAws
from liveness_ops.world.build import World
from liveness_ops.world.names import LOGINS, REGION, ROLLOUT
from responder.approvals import acknowledgements
from responder.aws.items import from_item
from tests.fakes.registered import registered

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
STRANGER, POWERLESS = "somebody", "newcomer"
ASKS = replace(SCENARIOS[0], then=())


@dataclass
class OnCall:
    """A terminal in front of the local AWS, and the incident that waits for it."""

    aws: LocalAws
    keys: dict[str, dict[str, str]]
    incident: str

    def run(self, line: str, user: str = APPROVER, **environment: str) -> Result:
        settings = {**self.aws.environment(), **self.keys[user], **environment}
        where = ["--region", REGION, "--language", "en"]
        return CliRunner().invoke(app, [*line.split(), *where], env=settings)

    def machine(self, line: str, user: str = APPROVER) -> dict[str, Any]:
        done = self.run(f"{line} --yes --json", user)
        found: dict[str, Any] = json.loads(done.stdout)
        assert found["exit"] == done.exit_code
        return found

    @property
    def rows(self) -> list[dict[str, Any]]:
        dynamodb = self.aws.client("dynamodb")
        table = next(name for name in dynamodb.list_tables()["TableNames"] if "-Approvals" in name)
        return [from_item(item) for item in dynamodb.scan(TableName=table)["Items"]]

    @property
    def percentages(self) -> list[str]:
        client = self.aws.client("lambda")
        found = (client.get_function_configuration(FunctionName=name) for name in LOGINS)
        return [each["Environment"]["Variables"][ROLLOUT] for each in found]

    def order(self, command: str) -> None:
        """As the follow-up sends it."""
        payload = {"command": command, "incident": self.incident, "remedy": "rollout_to_zero"}
        settled.wait(self.aws.client)
        self.aws.client("lambda").invoke(
            FunctionName=f"{STACK}-high-error-rate", Payload=json.dumps(payload).encode()
        )


@pytest.fixture(scope="module")
def deployed() -> Iterator[OnCall]:
    build()
    with LocalAws(region=REGION) as aws:
        aws.settings(evaluates=0)
        install(aws, World.ROLLED_OUT, Language.EN, ("high-error-rate",))
        aws.restore(World.ROLLED_OUT)
        stacks = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        policy = next(one for one in stacks[0]["Outputs"] if one["OutputKey"] == "OperatorPolicy")
        keys = {
            APPROVER: user(aws, APPROVER, policy["OutputValue"]),
            STRANGER: user(aws, STRANGER, policy["OutputValue"]),
            POWERLESS: user(aws, POWERLESS),
        }
        aws.snapshot(World.ROLLED_OUT)
        played = play(aws, ASKS)
        aws.snapshot("asked")
        yield OnCall(aws, keys, played.acts[0].report["incident"])


def user(aws: LocalAws, name: str, policy: str = "") -> dict[str, str]:
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    if policy:
        iam.attach_user_policy(UserName=name, PolicyArn=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


@pytest.fixture
def oncall(deployed: OnCall) -> OnCall:
    """The mode is approve, Rekognition fails: going to 0 % waits for an answer."""
    deployed.aws.restore("asked")
    return deployed


def test_an_approval_in_time_carries_the_change_out(oncall: OnCall) -> None:
    found = oncall.machine(f"approve {oncall.incident}")
    assert (found["exit"], found["results"]) == (0, {"rollout_to_zero": "applied"})
    assert oncall.percentages == ["0"] * 4
    (row,) = oncall.rows
    assert (row["sk"], row["principal"], row["decision"]) == (APPROVER, PRINCIPAL, "approve")


def test_a_machine_s_answer_names_what_was_approved_and_by_whom(oncall: OnCall) -> None:
    found = oncall.machine(f"approve {oncall.incident}")
    assert found["proposal"] == oncall.rows[0]["pk"]
    assert (found["incident"], found["person"], found["carried_out"]) == (oncall.incident, APPROVER, True)


def test_somebody_with_the_policy_who_is_not_registered_approves_nothing(oncall: OnCall) -> None:
    done = oncall.run(f"approve {oncall.incident} --yes", STRANGER)
    assert done.exit_code == 3
    assert done.output.count("\n") == 1
    assert f"user/{STRANGER} " in done.output
    assert (oncall.rows, oncall.percentages) == ([], ["50"] * 4)


def test_a_rejection_stands(oncall: OnCall) -> None:
    assert oncall.machine(f"reject {oncall.incident} --reason later")["exit"] == 0
    assert [(row["decision"], row["reason"]) for row in oncall.rows] == [("reject", "later")]
    assert oncall.machine(f"approve {oncall.incident}")["exit"] == 5
    assert oncall.percentages == ["50"] * 4


def test_an_acknowledgement_counts(oncall: OnCall) -> None:
    assert oncall.machine(f"ack {oncall.incident}")["person"] == APPROVER
    now = datetime.now(UTC)
    people = registered(**{APPROVER: ["costs_money", PRINCIPAL]}).people
    found = acknowledgements(tuple(oncall.rows), now - timedelta(minutes=5), people, now)
    assert [each.person for each in found] == [APPROVER]
    assert [row["pk"] for row in oncall.rows] == [f"ACK#{oncall.incident}"]


def test_what_is_in_force_comes_back_in_a_step(oncall: OnCall) -> None:
    oncall.machine(f"approve {oncall.incident}")
    oncall.order("continue")
    found = oncall.machine(f"revert {oncall.incident} --percent 10")
    assert (found["exit"], found["results"]) == (0, {"rollout_to_zero": "stepped"})
    assert oncall.percentages == ["10"] * 4


def test_where_nothing_is_in_force_there_is_nothing_to_take_back(oncall: OnCall) -> None:
    assert oncall.machine(f"revert {oncall.incident}")["exit"] == 5


def test_what_does_not_exist_has_its_exit_status(oncall: OnCall) -> None:
    assert oncall.machine("approve FaceAuth-Nothing-20260101T000000Z")["exit"] == 4
    assert oncall.machine(f"approve {oncall.incident} 0123456789abcdef")["exit"] == 5
    assert oncall.run(f"approve {oncall.incident}").exit_code == 1
    assert oncall.rows == []


def test_without_the_policy_there_is_one_line_and_no_traceback(oncall: OnCall) -> None:
    done = oncall.run(f"ack {oncall.incident}", POWERLESS)
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert "cloudformation:DescribeStacks AccessDenied" in done.output


def test_where_aws_does_not_answer_there_is_one_line(oncall: OnCall) -> None:
    done = oncall.run(f"ack {oncall.incident}", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert "cloudformation:DescribeStacks" in done.output


def test_the_option_points_it_at_the_local_aws(oncall: OnCall) -> None:
    before = os.environ.get("AWS_ENDPOINT_URL")
    line = f"ack {oncall.incident} --endpoint-url {oncall.aws.endpoint}"
    assert oncall.run(line, AWS_ENDPOINT_URL="http://127.0.0.1:9").exit_code == 0
    assert os.environ.get("AWS_ENDPOINT_URL") == before


def test_what_on_call_did_is_in_the_timeline(oncall: OnCall) -> None:
    """With the right to write it; without, the other tests show that nobody is stopped."""
    dynamodb = oncall.aws.client("dynamodb")
    table = next(name for name in dynamodb.list_tables()["TableNames"] if "-Incidents" in name)
    assert "timeline" not in oncall.run(f"reject {oncall.incident} --reason later --yes").output
    rows = [from_item(item) for item in dynamodb.scan(TableName=table)["Items"]]
    (step,) = [json.loads(row["data"]) for row in rows if row.get("kind") == "person"]
    assert (step["person"], step["what"], step["reason"]) == (APPROVER, "reject", "later")
