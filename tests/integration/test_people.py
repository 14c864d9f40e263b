"""The console against the deployed template: the rights of on-call's policy, real functions, real answers."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import Fault
from rehearsal.drill.stack import APPROVER, PRINCIPAL, PRINCIPALS, SECOND, STACK, register
from rehearsal.world.names import ACCOUNT, REGION
from responder.aws.items import from_item, to_item
from responder.core.plain_data import Json
from responder.core.settings_document import CLASSES, Person
from responder.store.approvals import acknowledgements
from tests.fakes.registered import registered
from tests.integration._local_aws import Keys, code_of
from tests.integration.on_call import OWN_NAME, POWERLESS, RICH, STRANGER, OnCall, session
from tests.rows import all_rows

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def oncall(deployed: OnCall) -> OnCall:
    """The mode is approve, Rekognition fails: going to 0 % waits for an answer."""
    deployed.aws.restore("asked")
    deployed.aws.clear()
    return deployed


def test_an_approval_in_time_carries_the_change_out(oncall: OnCall) -> None:
    found = oncall.machine(f"approve {oncall.incident}")
    assert (found["exit"], found["results"]) == (0, {"rollout_to_zero": "applied"})
    assert oncall.percentages == ["0"] * 4
    (row,) = oncall.rows
    assert (row["sk"], row["principal"], row["decision"]) == (APPROVER, PRINCIPAL, "approve")
    # For a machine: what was approved and by whom.
    assert (found["proposal"], found["incident"]) == (row["pk"], oncall.incident)
    assert (found["person"], found["carried_out"]) == (APPROVER, True)


def test_a_person_with_the_policy_who_is_not_registered_approves_nothing(oncall: OnCall) -> None:
    done = oncall.run(f"approve {oncall.incident} --yes", STRANGER)
    assert done.exit_code == 3
    assert done.output.count("\n") == 1
    assert f"user/{STRANGER} " in done.output
    assert (oncall.rows, oncall.percentages) == ([], ["50"] * 4)


def test_a_rejection_holds(oncall: OnCall) -> None:
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


def test_an_incident_is_closed_once_its_alarm_is_deleted_and_not_while_that_is_raised(oncall: OnCall) -> None:
    found = oncall.machine(f"close {oncall.incident} --reason renamed")
    assert (found["exit"], found["error"], oncall.rows) == (7, "denial.still_raised", [])
    oncall.aws.client("cloudwatch").delete_alarms(AlarmNames=["FaceAuth-Liveness-HighErrorRate"])
    found = oncall.machine(f"close {oncall.incident} --reason renamed")
    assert (found["exit"], found["person"], found["reason"]) == (0, APPROVER, "renamed")
    (row,) = oncall.rows
    assert (row["pk"], row["sk"], row["principal"]) == (f"CLOSE#{oncall.incident}", APPROVER, PRINCIPAL)
    assert (row["decision"], row["reason"]) == ("close", "renamed")


def test_an_unregistered_person_cannot_close_an_incident(oncall: OnCall) -> None:
    oncall.aws.client("cloudwatch").delete_alarms(AlarmNames=["FaceAuth-Liveness-HighErrorRate"])
    assert oncall.run(f"close {oncall.incident} --reason renamed --yes", STRANGER).exit_code == 3
    assert oncall.rows == []


def test_where_nothing_is_in_force_there_is_nothing_to_revert(oncall: OnCall) -> None:
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
    """With the permission to write it; the other tests show that requests pass without it."""
    dynamodb = oncall.aws.client("dynamodb")
    table = next(name for name in dynamodb.list_tables()["TableNames"] if "-Incidents" in name)
    assert "timeline" not in oncall.run(f"reject {oncall.incident} --reason later --yes").output
    rows = [from_item(item) for item in dynamodb.scan(TableName=table)["Items"]]
    (step,) = [json.loads(row["data"]) for row in rows if row.get("kind") == "person"]
    assert (step["person"], step["what"], step["reason"]) == (APPROVER, "reject", "later")


# --- no request goes past the entry --------------------------------------------------------------------


def client(oncall: OnCall, service: str, user: str = APPROVER) -> Any:
    """What this person can do with the AWS CLI."""
    keys = oncall.keys[user]
    return Keys(
        keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], keys.get("AWS_SESSION_TOKEN")
    ).client(oncall.aws, service)


def table(oncall: OnCall, name: str) -> str:
    tables: list[str] = oncall.aws.client("dynamodb").list_tables()["TableNames"]
    return next(each for each in tables if f"-{name}-" in each)


def forged(caller: str, **asked: str) -> bytes:
    """An event as the URL would deliver it, with a caller of one's own choice."""
    iam = {"userArn": caller, "accountId": ACCOUNT}
    body = {"id": "0" * 32, **(asked or {"do": "mode", "mode": "auto", "before": "approve"})}
    event = {"requestContext": {"authorizer": {"iam": iam}}, "body": json.dumps(body)}
    return json.dumps(event).encode()


def approval(oncall: OnCall) -> Json:
    proposal = oncall.machine("incidents")["incidents"][0]["waiting_for"][0]["proposal"]
    at = datetime.now(UTC).isoformat()
    row = {"pk": proposal, "sk": SECOND, "decision": "approve", "principal": PRINCIPALS[SECOND], "at": at}
    return to_item(row)


type Try = Callable[[OnCall], Any]
DENIED: dict[str, Try] = {
    "an approval of another person": lambda on: client(on, "dynamodb").put_item(
        TableName=table(on, "Approvals"), Item=approval(on)
    ),
    "an acknowledgement": lambda on: client(on, "dynamodb").put_item(
        TableName=table(on, "Approvals"), Item=to_item({"pk": f"ACK#{on.incident}", "sk": SECOND})
    ),
    "a rejection taken away": lambda on: client(on, "dynamodb").delete_item(
        TableName=table(on, "Approvals"), Key=to_item({"pk": "x", "sk": SECOND})
    ),
    "a step of the timeline": lambda on: client(on, "dynamodb").put_item(
        TableName=table(on, "Incidents"), Item=to_item({"pk": f"PERSON#{on.incident}", "sk": "x"})
    ),
    "an incident": lambda on: client(on, "dynamodb").put_item(
        TableName=table(on, "Incidents"), Item=to_item({"pk": f"INCIDENT#{on.incident}", "sk": "HEAD"})
    ),
    "a claim": lambda on: client(on, "dynamodb").put_item(
        TableName=table(on, "Claims"), Item=to_item({"id": "x"})
    ),
    "a command to the alarm's function": lambda on: client(on, "lambda").invoke(
        FunctionName=f"{STACK}-high-error-rate",
        Payload=json.dumps({"command": "re-evaluate", "incident": on.incident}).encode(),
    ),
    "the entry itself, with a caller of one's choice": lambda on: client(on, "lambda").invoke(
        FunctionName=f"{STACK}-people", Payload=forged(PRINCIPALS[SECOND])
    ),
    "the same, to close the incident": lambda on: client(on, "lambda").invoke(
        FunctionName=f"{STACK}-people",
        Payload=forged(PRINCIPALS[SECOND], do="close", incident=on.incident, reason="x"),
    ),
    "a request to close the incident": lambda on: client(on, "dynamodb").put_item(
        TableName=table(on, "Approvals"), Item=to_item({"pk": f"CLOSE#{on.incident}", "sk": SECOND})
    ),
    "the same, not waited for": lambda on: client(on, "lambda").invoke(
        FunctionName=f"{STACK}-people", InvocationType="Event", Payload=forged(PRINCIPALS[SECOND])
    ),
    "the same, by its version": lambda on: client(on, "lambda").invoke(
        FunctionName=f"{STACK}-people", Qualifier="$LATEST", Payload=forged(PRINCIPALS[SECOND])
    ),
    "the modes": lambda on: client(on, "ssm").put_parameter(
        Name=f"/{STACK}/modes", Value="{}", Type="String", Overwrite=True
    ),
    "that people have set them": lambda on: client(on, "ssm").put_parameter(
        Name=f"/{STACK}/set-by-people", Value="-", Type="String", Overwrite=True
    ),
    "the people": lambda on: client(on, "ssm").put_parameter(
        Name=f"/{STACK}/settings", Value="{}", Type="String", Overwrite=True
    ),
    "another parameter": lambda on: client(on, "ssm").put_parameter(
        Name=f"/{STACK}/other", Value="x", Type="String"
    ),
    "the end of a pause": lambda on: client(on, "ssm").delete_parameter(Name=f"/{STACK}/stops/release"),
    "a message that failed": lambda on: client(on, "sqs").delete_message(
        QueueUrl=on.output("FailuresQueue"), ReceiptHandle="x"
    ),
    "the code of the entry": lambda on: client(on, "lambda").update_function_code(
        FunctionName=f"{STACK}-people", ZipFile=b"x"
    ),
}


@pytest.fixture
def paused(oncall: OnCall) -> OnCall:
    oncall.machine("pause release --reason maintenance --until 2h")
    return oncall


@all_rows("name", DENIED)
def test_people_on_call_cannot_go_past_the_entry(paused: OnCall, name: str) -> None:
    before = (paused.rows, paused.parameters, paused.percentages)
    with pytest.raises(ClientError) as refused:
        DENIED[name](paused)
    assert code_of(refused.value) in ("AccessDenied", "AccessDeniedException")
    assert (paused.rows, paused.parameters, paused.percentages) == before


def test_people_on_call_cannot_resume_or_raise_a_mode_by_another_policy(oncall: OnCall) -> None:
    """A person may also have a broad permission on parameters."""
    oncall.machine("pause release --reason maintenance --until 2h")
    before, ssm = oncall.parameters, client(oncall, "ssm", RICH)
    names = ("modes", "settings", "set-by-people", "first-modes", "first-settings")
    switches = [f"/{STACK}/{name}" for name in names]
    stop = f"/{STACK}/stops/release"
    tries: list[Callable[[], Any]] = [
        *(
            partial(ssm.put_parameter, Name=each, Value="x", Type="String", Overwrite=True)
            for each in switches
        ),
        partial(ssm.put_parameter, Name=stop, Value="x", Type="String", Overwrite=True),
        *(partial(ssm.delete_parameter, Name=each) for each in (*switches, stop)),
        *(partial(ssm.delete_parameters, Names=[each]) for each in (*switches, stop)),
    ]
    for each in tries:
        with pytest.raises(ClientError) as refused:
            each()
        assert code_of(refused.value) == "AccessDeniedException"
    assert oncall.parameters == before
    ssm.put_parameter(Name=f"/{STACK}/stops/mine", Value="stop", Type="String")


def test_people_on_call_cannot_decide_by_another_policy(oncall: OnCall) -> None:
    """A forged caller in the event of a direct invocation, a forged row, a command to an alarm's function."""
    tables = oncall.aws.client("dynamodb").list_tables()["TableNames"]
    table = next(name for name in tables if "-Approvals" in name)
    dynamodb, invoke = client(oncall, "dynamodb", RICH), client(oncall, "lambda", RICH).invoke
    row = to_item({"pk": "a", "sk": APPROVER, "decision": "approve", "principal": PRINCIPAL})
    key = {name: row[name] for name in ("pk", "sk")}
    tries: list[Callable[[], Any]] = [
        *(
            partial(invoke, FunctionName=f"{STACK}-{name}", Payload=b"{}")
            for name in ("people", "high-error-rate")
        ),
        partial(dynamodb.put_item, TableName=table, Item=row),
        partial(dynamodb.delete_item, TableName=table, Key=key),
        partial(dynamodb.batch_write_item, RequestItems={table: [{"PutRequest": {"Item": row}}]}),
        partial(dynamodb.transact_write_items, TransactItems=[{"Put": {"TableName": table, "Item": row}}]),
    ]
    for each in tries:
        with pytest.raises(ClientError) as refused:
            each()
        assert code_of(refused.value) == "AccessDeniedException"
    assert oncall.rows == []
    register(
        oncall.aws, (Person(RICH, aws=(f"arn:aws:iam::{ACCOUNT}:user/{RICH}",), may=frozenset(CLASSES)),)
    )
    assert oncall.machine(f"approve {oncall.incident}", RICH)["person"] == RICH


def test_an_unregistered_person_with_the_policy_can_pause_and_cannot_resume(oncall: OnCall) -> None:
    assert oncall.machine("pause --reason busy --until 2h", STRANGER)["exit"] == 0
    assert oncall.machine("mode observe", STRANGER)["exit"] == 3
    assert oncall.machine("resume", STRANGER)["exit"] == 3
    assert oncall.machine(f"approve {oncall.incident}")["because"] == "guard.paused"
    assert oncall.percentages == ["50"] * 4


def test_the_command_that_stops_everything_works_without_the_entry(oncall: OnCall) -> None:
    oncall.aws.inject([Fault("lambda", "InvokeFunctionUrl", "ServiceException", status=502)])
    done = oncall.run(f"approve {oncall.incident} --yes")
    assert (done.exit_code, "liveness-ops pause" in done.output) == (6, True)
    assert oncall.machine("pause --reason down --until 2h")["exit"] == 0
    assert oncall.machine(f"approve {oncall.incident}")["because"] == "guard.paused"
    assert oncall.percentages == ["50"] * 4


def test_a_mode_is_changed_by_a_registered_person_whose_name_is_kept(oncall: OnCall) -> None:
    assert oncall.machine("mode observe")["before"] == "auto"
    history = client(oncall, "ssm").get_parameter_history(Name=f"/{STACK}/modes")["Parameters"]
    assert (json.loads(history[-1]["Value"])["everywhere"], history[-1]["Description"]) == (
        "observe",
        f"Set by {APPROVER} ({PRINCIPAL})",
    )


# --- sessions of roles -----------------------------------------------------------------------------


def test_a_session_that_bears_the_own_name_is_a_person(oncall: OnCall) -> None:
    arn = session(oncall, "Bound", "hana", OWN_NAME)
    register(oncall.aws, (Person("hana", aws=(arn,), may=frozenset(CLASSES)),))
    assert oncall.machine(f"approve {oncall.incident}", "hana")["person"] == "hana"
    assert oncall.rows[0]["principal"] == arn


def test_a_session_whose_name_can_be_chosen_approves_nothing(oncall: OnCall) -> None:
    arn = session(oncall, "Free", "kenji", {})
    register(oncall.aws, (Person("kenji", aws=(arn,), may=frozenset(CLASSES)),))
    found = oncall.machine(f"approve {oncall.incident}", "kenji")
    assert (found["exit"], found["error"]) == (3, "denial.not_bound")
    assert (oncall.rows, oncall.percentages) == ([], ["50"] * 4)


def test_a_self_test_goes_through_the_whole_chain_and_changes_nothing(oncall: OnCall) -> None:
    before = (oncall.percentages, oncall.parameters, oncall.rows, incidents(oncall))
    oncall.aws.clear()
    found = oncall.machine("selftest --wait 30")
    assert (found["exit"], {each["light"] for each in found["found"]}) == (0, {"green"}), found
    parts = [f"{each['part']} {each['name']}".strip() for each in found["found"]]
    assert parts == [
        "alarm",
        "settings",
        "sns",
        "address ops@company.example",
        "last_resort_address last-resort@company.example",
        "last_resort",
        "people",
    ]
    assert (oncall.percentages, oncall.parameters, oncall.rows, incidents(oncall)) == before
    assert oncall.aws.executions() == []
    mails = {mail.subject: mail.recipients for mail in oncall.aws.inbox()}
    assert mails == {
        "[INFO] Self-test of the messages, no action needed": ("email:ops@company.example",),
        f'ALARM: "LivenessResponder-SelfTest-{STACK}" in {REGION}': ("email:last-resort@company.example",),
    }
    alarm = f"LivenessResponder-SelfTest-{STACK}"
    (reported,) = oncall.aws.client("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    assert reported["StateValue"] == "OK"


def incidents(oncall: OnCall) -> list[str]:
    found: list[str] = [each["incident"] for each in oncall.machine("incidents --all")["incidents"]]
    return found


def test_with_the_policy_no_other_alarm_can_be_raised(oncall: OnCall) -> None:
    keys = oncall.keys[APPROVER]
    cloudwatch = oncall.aws.client_with(
        (keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], None), "cloudwatch"
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        cloudwatch.set_alarm_state(
            AlarmName="FaceAuth-Liveness-HighErrorRate", StateValue="OK", StateReason="calm"
        )
