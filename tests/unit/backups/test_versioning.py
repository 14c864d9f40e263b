"""Versions are switched on only together with an end for old ones; every other rule stays."""

import pytest

from liveness_ops.backups.versioning import mended
from responder.checks.storage.lifecycle import kept
from responder.core.errors import Denied, Unreachable
from responder.core.plain_data import Json
from responder.core.settings import Settings
from tests.unit.backups.bucket_world import Bucket, rule
from tests.unit.people.terminal import Terminal

AUDIT = "liveness-audit/"
RETAINED = {"NoncurrentDays": 1, "NewerNoncurrentVersions": 2}


@pytest.fixture
def bucket(here: Terminal) -> Bucket:
    return Bucket(here.fake, status="")


@pytest.mark.parametrize("flags", ["", "--dry-run --yes"])
def test_a_dry_run_shows_both_steps_and_writes_nothing(here: Terminal, bucket: Bucket, flags: str) -> None:
    answer = here.machine(f"enable-versioning {flags}")
    assert [each["operation"] for each in answer["steps"]] == [
        "s3:put_bucket_lifecycle_configuration", "s3:put_bucket_versioning",
    ]  # fmt: skip
    assert answer["dry_run"] is True
    assert here.fake.writes == []


def test_a_command_is_shown_whole_however_many_rules_there_are(here: Terminal, bucket: Bucket) -> None:
    bucket.rules += [rule(f"r{number}", f"folder-{number}/", 30) for number in range(50)]
    (first, _) = here.machine("enable-versioning")["steps"]
    assert len(first["command"]) > 2_000
    assert first["command"] in here.run("enable-versioning").stdout


def test_rules_come_before_versions_and_keep_the_promise(here: Terminal, bucket: Bucket) -> None:
    assert here.machine("enable-versioning --yes")["exit"] == 0
    assert here.fake.writes == [
        ("s3", "put_bucket_lifecycle_configuration"), ("s3", "put_bucket_versioning"),
    ]  # fmt: skip
    found = kept(bucket.rules, AUDIT)
    assert (found.current or 0) + (found.old or 0) == 91
    assert bucket.status == "Enabled"


def test_other_rules_and_the_bucket_wide_setting_stay(here: Terminal, bucket: Bucket) -> None:
    before = list(bucket.rules)
    answer = here.machine("enable-versioning --yes")
    assert bucket.rules[2] == before[2]
    assert [each["Expiration"] for each in bucket.rules[:3]] == [each["Expiration"] for each in before]
    (sent,) = here.fake.sent("s3", "put_bucket_lifecycle_configuration")
    assert sent["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    assert answer["endless"] == ["x"]


def test_a_second_run_has_no_steps_and_writes_nothing(here: Terminal, bucket: Bucket) -> None:
    here.machine("enable-versioning --yes")
    before = here.fake.writes
    assert here.machine("enable-versioning --yes")["steps"] == []
    assert here.fake.writes == before


def test_a_bucket_without_any_rule_gets_them(here: Terminal, bucket: Bucket) -> None:
    bucket.rules = []
    assert here.machine("enable-versioning --yes")["exit"] == 0
    assert kept(bucket.rules, AUDIT).current == 90


def test_no_versions_where_the_rules_were_not_written(here: Terminal, bucket: Bucket) -> None:
    here.fake.fail("s3", "put_bucket_lifecycle_configuration", Denied, code="AccessDenied")
    assert here.machine("enable-versioning --yes")["exit"] == 6
    assert bucket.status == ""


def test_no_versions_where_the_rules_did_not_arrive(here: Terminal, bucket: Bucket) -> None:
    bucket.loses_rules = True
    answer = here.machine("enable-versioning --yes")
    assert (answer["exit"], answer["error"], bucket.status) == (7, "ops.rules_missing", "")


def test_no_versions_where_the_rules_cannot_be_read(here: Terminal, bucket: Bucket) -> None:
    here.fake.fail("s3", "get_bucket_lifecycle_configuration", Unreachable, times=9)
    assert here.machine("enable-versioning --yes")["exit"] == 6
    assert here.fake.writes == []


def test_where_only_the_root_user_may_switch_it_nothing_is_tried(here: Terminal, bucket: Bucket) -> None:
    """S3 takes no lifecycle rules there either."""
    bucket.mfa = "Enabled"
    for flags in ("", "--yes"):
        assert here.machine(f"enable-versioning {flags}")["error"] == "ops.mfa_delete"
    assert here.fake.writes == []


def test_suspended_versioning_is_switched_on_again_after_the_rules(here: Terminal, bucket: Bucket) -> None:
    bucket.status = "Suspended"
    answer = here.machine("enable-versioning --yes")
    assert [each["operation"].rpartition("_")[2] for each in answer["steps"]] == [
        "configuration",
        "versioning",
    ]
    assert bucket.status == "Enabled"


def test_rules_of_the_older_form_get_no_filter_beside_them(here: Terminal, bucket: Bucket) -> None:
    """S3 answers InvalidRequest to a list that has both."""
    older = {"ID": "audit", "Status": "Enabled", "Prefix": AUDIT, "Expiration": {"Days": 90}}
    bucket.rules = [older]
    assert here.machine("enable-versioning --yes")["exit"] == 0
    audit, *others = bucket.rules
    assert audit == {**older, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    assert [each["Prefix"] for each in others] == ["logins/", "temp/"]


def test_a_rule_that_a_person_switched_off_stays_off_and_its_name_is_not_taken(
    here: Terminal, bucket: Bucket
) -> None:
    off = {**rule("liveness-versions-liveness-audit", AUDIT, 90), "Status": "Disabled"}
    bucket.rules = [off]
    assert here.machine("enable-versioning --yes")["exit"] == 0
    assert off in bucket.rules
    assert kept(bucket.rules, AUDIT).old == 1


@pytest.mark.parametrize("call", ["get_bucket_versioning", "get_bucket_lifecycle_configuration"])
def test_what_may_not_be_read_stops_it_before_anything_is_written(
    here: Terminal, bucket: Bucket, call: str
) -> None:
    here.fake.fail("s3", call, Denied, code="AccessDenied", times=9)
    assert here.machine("enable-versioning --yes")["exit"] == 6
    assert here.fake.writes == []


def test_where_only_the_switch_is_refused_the_rules_stand_and_its_command_is_left(
    here: Terminal, bucket: Bucket
) -> None:
    here.fake.fail("s3", "put_bucket_versioning", Denied, code="AccessDenied")
    answer = here.machine("enable-versioning --yes")
    assert (answer["exit"], bucket.status) == (6, "")
    assert [each["operation"] for each in answer["left"]] == ["s3:put_bucket_versioning"]
    assert kept(bucket.rules, AUDIT).old == 1


def test_rules_that_a_person_changed_meanwhile_are_not_written_over(here: Terminal, bucket: Bucket) -> None:
    aws = here.fake

    def person() -> None:
        bucket.rules = [*bucket.rules, rule("new", "new/", 1)]

    aws.between("s3", "put_bucket_lifecycle_configuration", person)
    question = ("s3", "get_bucket_lifecycle_configuration")
    aws.between(*question, lambda: aws.between(*question, person))
    assert here.machine("enable-versioning --yes")["exit"] == 7
    assert aws.writes == []


@pytest.mark.parametrize(
    ("rules", "current", "old"),
    [
        ([], 90, 1),
        ([rule("a", AUDIT, 90)], 90, 1),
        ([rule("a", AUDIT, 60)], 60, 31),
        ([rule("a", AUDIT, 365)], 90, 1),
        ([rule("a", AUDIT, 90, NoncurrentVersionExpiration={"NoncurrentDays": 30})], 90, 1),
        ([rule("a", AUDIT, 60, NoncurrentVersionExpiration={"NoncurrentDays": 5})], 60, 5),
        ([rule("a", AUDIT, 90, NoncurrentVersionExpiration=RETAINED)], 90, 1),
        ([rule("a", "", 80)], 80, 11),
        ([{**rule("a", AUDIT, 90), "Status": "Disabled"}], 90, 1),
    ],
)  # fmt: skip
def test_audit_images_are_gone_a_day_after_the_promise(rules: list[Json], current: int, old: int) -> None:
    found = kept(mended(rules, Settings()), AUDIT)
    assert (found.current, found.old) == (current, old)


def test_nothing_that_is_there_now_is_deleted_sooner_outside_of_audit_images() -> None:
    made = mended([rule("logins", "logins/", 400)], Settings())
    assert kept(made, "logins/").current == 400
    assert kept(made, "temp/").current is None
