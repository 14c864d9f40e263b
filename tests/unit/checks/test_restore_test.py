"""Every day: the last restore test of AWS Backup, and copies that an earlier version has left."""

from datetime import timedelta
from typing import Any

import pytest

from responder.checks.backups.restore_test import OLDEST, restored
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckItem, CheckStatus
from responder.core.context import Context
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.core.settings import Settings
from tests.fakes import FakeAws
from tests.times import utc
from tests.unit.checks.figures_world import reported

pytestmark = pytest.mark.unit
NOW = utc("2026-02-04 00:00")
TABLE = "FaceAuth-LivenessSessions"
COPY = f"{TABLE}-rehearsal-20260101"
BACKUP = f"arn:aws:dynamodb:us-east-1:123456789012:table/{TABLE}/backup/0001-abcdef01"
LIST = ("backup", "list_restore_jobs_by_protected_resource")


def job(days: float, status: str = "COMPLETED", plan: str = "arn:plan", **more: Any) -> Json:
    """A restore job of AWS Backup that ended so many days ago."""
    ended = NOW - timedelta(days=days)
    times = {"CreationDate": ended - timedelta(hours=1), "CompletionDate": ended}
    created = {"CreatedBy": {"RestoreTestingPlanArn": plan}} if plan else {}
    return {"RestoreJobId": "job-1", "Status": status, **times, **created, **more}


def world(*jobs: Json) -> FakeAws:
    aws = FakeAws(NOW)
    aws.dynamo.add(TABLE)
    aws.answer(*LIST, {"RestoreJobs": list(jobs)})
    return aws


def items(aws: FakeAws) -> tuple[CheckItem, ...]:
    return restored(Context(aws, Settings(sessions_table=TABLE), NOW, NOW))


@pytest.mark.parametrize(
    ("jobs", "light", "words"),
    [
        ((), AMBER, "never tested"),
        ((job(3),), GREEN, "2026-02-01"),
        ((job(3, ValidationStatus="SUCCESSFUL"), job(40)), GREEN, "2026-02-01"),
        ((job(OLDEST / timedelta(days=1)),), GREEN, "2025-12-31"),
        ((job(36),), AMBER, "more than 35 days ago"),
        ((job(3, "FAILED"), job(10)), RED, "FAILED"),
        ((job(3, "ABORTED"),), RED, "ABORTED"),
        ((job(3, ValidationStatus="FAILED"),), RED, "FAILED"),
        ((job(3, ValidationStatus="TIMED_OUT"),), RED, "TIMED_OUT"),
        ((job(0, ValidationStatus="VALIDATING"), job(3, "FAILED")), RED, "FAILED"),
        ((job(3, DeletionStatus="SUCCESSFUL"),), GREEN, "2026-02-01"),
        ((job(3, DeletionStatus="FAILED"),), RED, "employee ids"),
        # One that has not ended says nothing yet; a restore by a person is no test.
        ((job(0, "RUNNING"), job(3)), GREEN, "2026-02-01"),
        ((job(0, "PENDING"),), AMBER, "never tested"),
        ((job(3, plan=""),), AMBER, "never tested"),
    ],
)
def test_the_newest_test_that_has_ended_decides(
    jobs: tuple[Json, ...], light: CheckStatus, words: str
) -> None:
    (item,) = items(world(*jobs))
    assert (item.light, words in reported(item)) == (light, True)


def test_it_is_asked_for_the_sessions_table_alone() -> None:
    aws = world(job(3))
    items(aws)
    assert aws.sent(*LIST) == [{"ResourceArn": aws.dynamo.tables[TABLE]["TableArn"]}]


def test_a_failed_test_is_shown_by_its_command() -> None:
    (item,) = items(world(job(3, "FAILED")))
    assert item.command == "aws backup describe-restore-job --region us-east-1 --restore-job-id job-1"


@pytest.mark.parametrize("call", [LIST, ("dynamodb", "describe_table")])
def test_what_cannot_be_read_is_unknown(call: tuple[str, str]) -> None:
    aws = world()
    aws.fail(*call, Denied, times=9)
    item, *_ = items(aws)
    assert item.light is UNKNOWN


def left(name: str, backup: str | None) -> CheckItem | None:
    aws = world(job(3))
    made: Json = {"RestoreSummary": {"SourceBackupArn": backup}} if backup else {}
    aws.dynamo.add(name, CreationDateTime=NOW - timedelta(hours=30), TableId="id-1", **made)
    _, *rest = items(aws)
    assert len(rest) < 2
    return rest[0] if rest else None


def test_a_copy_that_an_earlier_version_left_is_red_with_the_command_that_deletes_it() -> None:
    item = left(COPY, BACKUP)
    assert item is not None and item.light is RED
    assert COPY in reported(item) and "30 h" in reported(item)
    assert f"aws dynamodb delete-table --region us-east-1 --table-name {COPY}" in item.command
    assert f'["id-1","{BACKUP}"]' in item.command


def test_a_table_of_that_name_from_elsewhere_is_red_without_that_command() -> None:
    item = left(COPY, None)
    assert item is not None and item.light is RED
    assert "delete-table" not in item.command


@pytest.mark.parametrize(
    "name",
    [
        f"{TABLE}-rehearsal-",
        f"{TABLE}-rehearsal-2026",
        f"{COPY}-keep",
        f"x{COPY}",
        "Payroll-rehearsal-20260201",
    ],
)
def test_a_table_of_another_name_is_not_one(name: str) -> None:
    assert left(name, BACKUP) is None


def test_tables_that_cannot_be_listed_are_unknown() -> None:
    aws = world(job(3))
    aws.fail("dynamodb", "list_tables", Denied, times=9)
    _, item = items(aws)
    assert item.light is UNKNOWN
