"""The scheduled checks as deployed: the real functions under their own roles, a page filed, on-call
notified."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.policy import all_needs
from liveness_ops.template_tools.load import EVENTS
from local_aws.client import Call, LocalAws
from rehearsal.drill.stack import STACK
from rehearsal.world.build import World
from rehearsal.world.names import REGION
from responder.checks.model import Cadence
from responder.core.permissions import PARAMETERS, SETTINGS_DOCUMENT, Permission
from responder.core.plain_data import Json
from responder.core.switches import EVERYWHERE, MODES
from tests.integration.in_use import back_up, in_use
from tests.used import unused, used_by

pytestmark = pytest.mark.timeout(300)
# The daily one looks at whether the others ran.
SCHEDULED = (Cadence.WEEKLY, Cadence.MONTHLY, Cadence.DAILY)
BY_THE_CLOCK = ("DailyCheck", "WeeklyCheck", "MonthlyCheck", "SessionsBackup")
# Without Slack it is not asked; tests/integration/test_slack_in.py asks it.
IN_SLACK = {
    need
    for need in all_needs()["DailyCheck"]
    if need.action in ("secretsmanager:DescribeSecret", "lambda:InvokeFunction")
}
# Read where metrics of the service were lost: tests/proof/test_checks.py plants that.
WHERE_METRICS_ARE_LOST = {need for need in all_needs()["DailyCheck"] if need.action == "logs:FilterLogEvents"}
ELSEWHERE = {
    *IN_SLACK,
    *WHERE_METRICS_ARE_LOST,
    # AWS checks a path or what is below it, depending on how the path is written; here it is the path.
    Permission("ssm:GetParametersByPath", PARAMETERS),
    # Where the settings document cannot be used: the drill (broken-settings).
    Permission("ssm:GetParameterHistory", SETTINGS_DOCUMENT),
    # The local AWS knows no policy of AWS's own, so there is no version of one to ask for.
    Permission("iam:GetPolicyVersion", "arn:${AWS::Partition}:iam::aws:policy/*"),
}


@dataclass
class Ran:
    """One run of one rhythm: what it answered, filed and reported."""

    answer: Json
    report: Json
    files: dict[str, bytes]
    mails: list[str]


@pytest.fixture(scope="module")
def aws(stack: LocalAws) -> LocalAws:
    return stack


def run(aws: LocalAws, rhythm: Cadence) -> Ran:
    slug = f"{rhythm}-check"
    before = len(aws.inbox())
    event = (EVENTS / slug / "scheduled.json").read_bytes()
    answered = aws.client("lambda").invoke(FunctionName=f"{STACK}-{slug}", Payload=event)
    answer = json.loads(answered["Payload"].read())
    assert "FunctionError" not in answered, answer
    s3 = aws.client("s3")
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if "reports" in each["Name"]]
    kept = s3.list_objects_v2(Bucket=bucket, Prefix=f"checks/{rhythm}/")["Contents"]
    files = {
        each["Key"].rpartition("/")[2]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
        for each in kept
    }
    mails = [each.text for each in aws.inbox()[before:] if "-Notifications" in each.topic]
    return Ran(answer, json.loads(files["report.json"]), files, mails)


@dataclass
class Runs:
    """Everything that the clock calls, once."""

    ran: dict[Cadence, Ran]
    backup: Json
    backups: list[str]
    calls: list[Call]


@pytest.fixture(scope="module")
def runs(aws: LocalAws) -> Iterator[Runs]:
    before = len(aws.calls())
    in_use(aws)
    aws.wait_idle()
    with in_observe(aws):
        weekly = run(aws, Cadence.WEEKLY)
    ran = {rhythm: weekly if rhythm is Cadence.WEEKLY else run(aws, rhythm) for rhythm in SCHEDULED}
    backup = back_up(aws, datetime.now(UTC))
    kept = aws.client("dynamodb").list_backups(TableName="FaceAuth-LivenessSessions")["BackupSummaries"]
    yield Runs(ran, backup, [each["BackupArn"] for each in kept], aws.calls()[before:])
    aws.restore(World.ROLLED_OUT)


@contextmanager
def in_observe(aws: LocalAws) -> Iterator[None]:
    """The weekly check reads the incidents in this mode alone."""
    ssm, name = aws.client("ssm"), f"/{STACK}/{MODES}"
    first = json.loads(ssm.get_parameter(Name=f"/{STACK}/first-{MODES}")["Parameter"]["Value"])
    ssm.put_parameter(Name=name, Value=json.dumps({**first, EVERYWHERE: "observe"}), Type="String")
    yield
    ssm.delete_parameter(Name=name)


@pytest.fixture(params=SCHEDULED)
def ran(runs: Runs, request: pytest.FixtureRequest) -> Ran:
    return runs.ran[request.param]


def test_a_page_in_each_language_and_the_data_are_filed(ran: Ran) -> None:
    assert set(ran.files) == {"report.ja.html", "report.en.html", "report.json"}
    assert ran.report["light"] == ran.answer["light"]


def test_on_call_is_notified_once_with_the_way_to_the_page(ran: Ran) -> None:
    (mail,) = ran.mails
    assert ran.report["news"]["en"] in mail
    assert ran.answer["page"] in mail


def test_every_check_has_its_permissions_and_ends_without_an_error(ran: Ran) -> None:
    """The local AWS enforces each function's own role."""
    kinds = ("evidence.failed.denied", "evidence.failed.ours", "evidence.failed.late")
    found = [
        (section["name"], item["said"]["en"])
        for section in ran.report["sections"]
        for item in section["items"]
        if any(kind in json.dumps(item) for kind in kinds)
    ]
    assert found == []


def test_every_check_is_invoked_by_a_schedule(aws: LocalAws) -> None:
    scheduler = aws.client("scheduler")
    found = {each["Name"]: each for each in scheduler.list_schedules()["Schedules"]}
    assert set(found) == {f"{STACK}-{rhythm}-check" for rhythm in Cadence} | {f"{STACK}-sessions-backup"}
    for name in found:
        schedule = scheduler.get_schedule(Name=name)
        assert schedule["State"] == "ENABLED"
        assert schedule["Target"]["Arn"].endswith(f":function:{name}")
        assert ":liveness-responder-Undelivered-" in schedule["Target"]["DeadLetterConfig"]["Arn"]


def test_the_daily_one_sees_that_the_others_ran(runs: Runs) -> None:
    sections = {each["name"]: each for each in runs.ran[Cadence.DAILY].report["sections"]}
    weekly, monthly, *_ = [each["said"]["key"] for each in sections["schedules"]["items"]]
    assert (weekly, monthly) == ("check.schedules.filed", "check.schedules.filed")


# tests/integration/test_preflight_deploys.py does the daily and the weekly one, elsewhere.
@pytest.mark.long
@pytest.mark.parametrize("rhythm", Cadence)
def test_a_check_from_the_console_has_the_functions_sections_and_sends_nothing(
    aws: LocalAws, rhythm: Cadence, tmp_path: Path
) -> None:
    """As a person with every right: the page in a file, nothing sent."""
    before = len(aws.inbox())
    page = tmp_path / "page.html"
    line = ("check", rhythm.value, "--no-open", "--json", "--language", "en", "--page", str(page))
    done = CliRunner().invoke(app, line, env=aws.environment())
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["rhythm"], answer["account"]) == (0, rhythm, aws.account)
    assert answer["sections"]
    assert '<html lang="en">' in page.read_text(encoding="utf-8")
    assert len(aws.inbox()) == before


def test_the_sessions_table_is_backed_up_under_a_role_of_its_own(aws: LocalAws, runs: Runs) -> None:
    told = aws.client("dynamodb").describe_backup(BackupArn=runs.backup["backup"])["BackupDescription"]
    assert told["BackupDetails"]["BackupName"].startswith("liveness-responder-FaceAuth-LivenessSessions-")
    assert runs.backup["backup"] in runs.backups


def test_in_observe_the_weekly_report_has_what_auto_would_have_done(runs: Runs) -> None:
    weekly = runs.ran[Cadence.WEEKLY]
    (item,) = next(each["items"] for each in weekly.report["sections"] if each["name"] == "observed")
    assert item["said"]["key"].startswith("check.observed")
    assert item["said"]["en"] in weekly.mails[-1]


def test_every_permission_of_a_scheduled_function_is_used(runs: Runs) -> None:
    needs, used = all_needs(), used_by(runs.calls)
    found = [
        f"{function}: {right}"
        for function in BY_THE_CLOCK
        for right in unused(needs[function] - ELSEWHERE, used[function])
    ]
    assert not found, "\n".join(found)


def test_a_check_that_dies_each_time_is_reported_once_with_the_way_to_look_by_hand(aws: LocalAws) -> None:
    """Called as the clock calls it: two more attempts, then on-call."""
    client, name = aws.client("lambda"), f"{STACK}-daily-check"
    right = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    configure(aws, name, {**right, "CHECK_ZONE": "Mars/Olympus"})
    before = len(aws.inbox())
    try:
        event = (EVENTS / "daily-check" / "scheduled.json").read_bytes()
        client.invoke(FunctionName=name, InvocationType="Event", Payload=event)
        aws.wait_idle()
    finally:
        configure(aws, name, right)
    (mail,) = aws.inbox()[before:]
    assert mail.text.startswith("The Daily check could not be run")
    assert f"liveness-ops check daily --region {REGION}" in mail.text


def configure(aws: LocalAws, name: str, variables: dict[str, str]) -> None:
    client = aws.client("lambda")
    client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})
