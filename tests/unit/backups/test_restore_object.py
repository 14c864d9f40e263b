"""One version of one object comes back, within the promised days, and no other person's key is shown."""

from zoneinfo import ZoneInfo

import pytest

from responder.core.errors import Denied
from responder.core.plain_data import Data
from tests.unit.backups.bucket_world import KEY, OTHER, Bucket
from tests.unit.people.terminal import Terminal


@pytest.fixture
def bucket(here: Terminal) -> Bucket:
    return Bucket(here.fake)


def test_the_versions_of_the_key_are_listed_and_nothing_is_done(here: Terminal, bucket: Bucket) -> None:
    bucket.put("v1", 20)
    bucket.put("v2", 3)
    bucket.mark("m1", 1)
    answer = here.machine(f"restore-object {KEY} --yes")
    assert [(each["version"], each["deleted"]) for each in answer["versions"]] == [
        ("m1", True), ("v2", False), ("v1", False),
    ]  # fmt: skip
    assert answer["steps"] == []
    assert here.fake.writes == []


@pytest.mark.parametrize("options", ["", "--version v1", "--json"])
def test_no_other_key_is_ever_shown(here: Terminal, bucket: Bucket, options: str) -> None:
    bucket.put("v1", 20)
    bucket.put("v2", 3)
    bucket.put("secret-version", 1, OTHER)
    done = here.run(f"restore-object {KEY} {options}")
    assert done.exit_code == 0
    assert "another-person" not in done.output
    assert "secret-version" not in done.output


def test_the_listing_ends_where_other_keys_begin(here: Terminal, bucket: Bucket) -> None:
    bucket.put("v1", 20)
    mine = bucket._list("images", KEY)
    others = {"Versions": [{**mine["Versions"][0], "Key": OTHER}]}
    pages: list[Data] = [mine, others, {"Versions": [{"unreadable": True}]}]
    here.fake.answer("s3", "list_object_versions", pages)
    assert len(here.machine(f"restore-object {KEY}")["versions"]) == 1


@pytest.mark.parametrize("flags", ["", "--dry-run --yes"])
def test_a_dry_run_shows_the_command_and_writes_nothing(here: Terminal, bucket: Bucket, flags: str) -> None:
    bucket.put("v1", 20)
    bucket.mark("m1", 1)
    answer = here.machine(f"restore-object {KEY} --version v1 {flags}")
    assert answer["dry_run"] is True
    assert answer["steps"][0]["command"].startswith("aws s3api delete-object ")
    assert here.fake.writes == []


def test_what_was_only_deleted_comes_back_as_old_as_it_was(here: Terminal, bucket: Bucket) -> None:
    bucket.put("v1", 20)
    bucket.mark("m1", 2)
    bucket.mark("m2", 1)
    assert here.machine(f"restore-object {KEY} --version v1 --yes")["exit"] == 0
    sent = here.fake.sent("s3", "delete_object")
    assert [(each["Key"], each["VersionId"]) for each in sent] == [(KEY, "m2"), (KEY, "m1")]
    assert bucket.copied == []


def test_one_below_another_version_is_copied_and_its_end_is_reported(here: Terminal, bucket: Bucket) -> None:
    bucket.put("v1", 20)
    bucket.put("v2", 3)
    done = here.run(f"restore-object {KEY} --version v1 --yes")
    assert "delete it by" in done.output
    (copied,) = bucket.copied
    assert copied["CopySource"] == f"images/{KEY}?versionId=v1"
    assert here.fake.count("s3", "delete_object") == 0


@pytest.mark.parametrize(("key", "days"), [(KEY, 90), ("logins/a.jpg", 30), ("enroll/a.jpg", 90)])
def test_an_object_past_its_retention_is_not_restored(
    here: Terminal, bucket: Bucket, key: str, days: int
) -> None:
    bucket.put("late", days, key)
    bucket.put("early", days - 1, key)
    bucket.put("now", 0, key)
    assert here.machine(f"restore-object {key} --version late --yes")["exit"] == 7
    assert here.fake.writes == []
    assert here.machine(f"restore-object {key} --version early")["exit"] == 0


@pytest.mark.parametrize(
    ("key", "days"), [(KEY, 90), ("logins/a.jpg", 30), ("temp/a.jpg", 1), ("enroll/a.jpg", 90)]
)
def test_the_promise_ends_to_the_second_at_any_time_of_the_clock(
    here: Terminal, bucket: Bucket, key: str, days: int
) -> None:
    second = 1 / 86400
    bucket.put("last", days - second, key)
    bucket.put("over", days, key)
    tokyo = ZoneInfo("Asia/Tokyo")
    for each in bucket.versions:
        each["LastModified"] = each["LastModified"].astimezone(tokyo)
    bucket.put("now", 0, key)
    assert here.machine(f"restore-object {key} --version last")["exit"] == 0
    assert here.machine(f"restore-object {key} --version over")["error"] == "ops.version_past"


def test_a_suspended_bucket_gives_back_what_was_deleted_and_copies_nothing_over(
    here: Terminal, bucket: Bucket
) -> None:
    """There a copy takes the place of the version "null", which is then lost."""
    bucket.status = "Suspended"
    bucket.put("v1", 20)
    bucket.put("null", 3)
    answer = here.machine(f"restore-object {KEY} --version v1 --yes")
    assert (answer["exit"], answer["error"], bucket.copied) == (7, "ops.versioning_suspended", [])
    bucket.versions = bucket.versions[1:]
    bucket.mark("null", 1)
    assert here.machine(f"restore-object {KEY} --version v1 --yes")["exit"] == 0
    assert bucket.markers == []


def test_where_only_the_root_user_may_delete_it_is_reported_before_anything_is_tried(
    here: Terminal, bucket: Bucket
) -> None:
    bucket.mfa = "Enabled"
    bucket.put("v1", 20)
    bucket.mark("m1", 1)
    for flags in ("", "--yes"):
        assert here.machine(f"restore-object {KEY} --version v1 {flags}")["error"] == "ops.mfa_delete"
    assert here.fake.writes == []


def test_a_marker_of_the_same_second_does_not_keep_it_deleted(here: Terminal, bucket: Bucket) -> None:
    bucket.put("v1", 20)
    bucket.put("v2", 5)
    bucket.mark("m1", 5)
    bucket.mark("m2", 1)
    answer = here.machine(f"restore-object {KEY} --version v2 --yes")
    assert (answer["exit"], bucket.markers) == (0, [])


def test_a_marker_below_the_version_is_not_touched(here: Terminal, bucket: Bucket) -> None:
    bucket.mark("m1", 20)
    bucket.put("v1", 5)
    bucket.mark("m2", 1)
    here.machine(f"restore-object {KEY} --version v1 --yes")
    assert [each["VersionId"] for each in bucket.markers] == ["m1"]


def test_versions_on_many_pages_are_one_list(here: Terminal, bucket: Bucket) -> None:
    for days in range(9):
        bucket.put(f"v{days}", 20 - days)
    whole = bucket._list("images", KEY)["Versions"]
    here.fake.answer(
        "s3", "list_object_versions", [{"Versions": whole[at : at + 2]} for at in range(0, 9, 2)]
    )
    assert [each["version"] for each in here.machine(f"restore-object {KEY}")["versions"]] == [
        f"v{number}" for number in reversed(range(9))
    ]


@pytest.mark.parametrize(
    "call",
    ["get_bucket_versioning", "list_object_versions", "delete_object", "copy_object"],
)
def test_a_right_that_is_missing_names_its_call_and_never_the_key(
    here: Terminal, bucket: Bucket, call: str
) -> None:
    bucket.put("v1", 20)
    bucket.put("v2", 9)
    if call == "delete_object":
        bucket.mark("m1", 1)
    here.fake.fail("s3", call, Denied, code="AccessDenied", times=9)
    chosen = "v2" if call == "delete_object" else "v1"
    answer = here.machine(f"restore-object {KEY} --version {chosen} --yes")
    assert (answer["exit"], "AccessDenied" in answer["message"]) == (6, True)
    assert KEY not in answer["message"]


def test_a_bucket_without_versions_is_refused(here: Terminal, bucket: Bucket) -> None:
    bucket.status = ""
    assert here.refused(f"restore-object {KEY} --version v1 --yes") == (7, "ops.not_versioned")


@pytest.mark.parametrize(("version", "status"), [("nope", 2), ("m1", 2), ("v2", 5)])
def test_what_is_no_older_version_is_refused(
    here: Terminal, bucket: Bucket, version: str, status: int
) -> None:
    bucket.put("v1", 20)
    bucket.mark("m1", 10)
    bucket.put("v2", 3)
    assert here.machine(f"restore-object {KEY} --version {version} --yes")["exit"] == status
    assert here.fake.writes == []


def test_a_key_without_versions_reports_it(here: Terminal, bucket: Bucket) -> None:
    bucket.put("v1", 1, OTHER)
    assert here.machine(f"restore-object {KEY}")["exit"] == 5


def test_what_a_person_changed_meanwhile_is_left_alone(here: Terminal, bucket: Bucket) -> None:
    bucket.put("v1", 20)
    bucket.mark("m1", 1)
    aws = here.fake
    aws.between("s3", "list_object_versions", lambda: aws.between(
        "s3", "list_object_versions", lambda: bucket.put("v2", 0)))  # fmt: skip
    assert here.machine(f"restore-object {KEY} --version v1 --yes")["exit"] == 7
    assert aws.writes == []


def test_a_refusal_of_aws_is_one_line(here: Terminal, bucket: Bucket) -> None:
    bucket.put("v1", 20)
    bucket.mark("m1", 1)
    here.fake.fail("s3", "delete_object", Denied, code="AccessDenied")
    answer = here.machine(f"restore-object {KEY} --version v1 --yes")
    assert (answer["exit"], answer["done"]) == (6, [])
    assert "s3:DeleteObject AccessDenied" in answer["message"]
