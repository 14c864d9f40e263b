"""Every week: how large the bucket is, whether images outlive the promise, and what deletes them."""

import pytest

from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckStatus
from responder.checks.model import CheckSection
from responder.checks.storage.bucket import sample
from responder.core.context import Context
from responder.core.errors import Denied, Missing
from responder.core.plain_data import Data
from responder.messages.language import say
from tests.unit.checks.figures_world import check_words, reported
from tests.unit.checks.safe_world import NOW, SETTINGS, Safe, corrected, deployed, faults, item

PREFIXES = ("liveness-audit/", "logins/", "temp/")


@pytest.mark.parametrize("made", [deployed(), corrected()])
def test_the_bucket_has_no_fault_as_deployed_nor_corrected(made: Safe) -> None:
    section = made.storage()
    assert faults(section) == {}
    check_words(section)


def test_the_size_is_the_sum_of_all_storage_classes_against_a_week_before() -> None:
    made = deployed()
    made.sizes([1.0] * 13 + [2.0], "GlacierStorage")
    found = item(made.storage(), "check.storage.size")
    assert found.numbers == {"bytes": 12 * 2**30, "objects": 1200.0, "bytes_week_before": 11 * 2**30}
    assert "12.0 GiB" in reported(found)
    assert "+1.0 GiB" in reported(found)


def test_half_as_much_again_in_a_week_is_amber() -> None:
    made = Safe()
    made.sizes([10.0] * 7 + [16.0] * 7)
    assert faults(made.storage()) == {"check.storage.size": AMBER}


def test_the_newest_day_there_is_counts_and_a_gap_stays_a_gap() -> None:
    made = deployed()
    section = made.storage()
    (chart,) = section.charts
    assert len(chart.points) == 16
    assert [value for _, value in chart.points].count(None) == 2
    assert "2026-02-03" in reported(section.items[0])


def test_where_the_day_a_week_before_has_no_figure_the_one_before_it_will_do() -> None:
    made = Safe()
    made.sizes([10.0] * 5 + [None] * 2 + [17.0] * 7)
    section = made.storage()
    assert faults(section) == {"check.storage.size": AMBER}
    assert "9 days earlier" in reported(section.items[0])
    check_words(section)


def test_the_pace_counts_and_not_how_far_back_the_figure_is() -> None:
    made = Safe()
    made.sizes([10.0] * 4 + [None] * 3 + [16.0] * 7)
    assert faults(made.storage()) == {}


def test_a_day_on_which_one_class_has_no_figure_is_no_smaller_day() -> None:
    made = Safe()
    made.sizes([10.0] * 14)
    made.sizes([9.0] * 6 + [None] + [9.0] * 7, "GlacierStorage")
    section = made.storage()
    assert faults(section) == {}
    assert item(section, "check.storage.size").numbers["bytes_week_before"] == 19 * 2**30


def test_a_size_that_no_one_has_updated_for_days_is_not_called_well() -> None:
    made = Safe()
    made.sizes([10.0] * 10 + [None] * 4)
    section = made.storage()
    assert faults(section) == {"check.storage.size.old": UNKNOWN}
    assert "since 2026-01-30" in reported(section.items[0])
    check_words(section)


def test_the_objects_of_another_day_are_not_reported_with_this_ones_size() -> None:
    made = Safe()
    made.sizes([10.0] * 13 + [None])
    made.count(1200)
    assert "objects" not in item(made.storage(), "check.storage.size").numbers


def test_without_metrics_the_size_is_unknown() -> None:
    assert faults(Safe().storage()) == {"check.storage.no_size": UNKNOWN}


def test_a_bucket_of_a_few_days_has_no_week_to_compare_with() -> None:
    made = Safe()
    made.sizes([0.5] * 3)
    section = made.storage()
    assert item(section, "check.storage.size.first").light is GREEN
    check_words(section)


def test_the_audit_images_are_counted_over_all_pages_and_no_key_is_reported() -> None:
    made = deployed()
    pages: list[Data] = [
        {"Contents": [made.object(age) for age in (1, 45)], "IsTruncated": True},
        {"Contents": [made.object(89)], "IsTruncated": False},
    ]
    made.aws.answer("s3", "list_objects_v2", pages)
    section = made.storage()
    found = item(section, "check.storage.sample")
    assert found.light is GREEN
    assert found.numbers == {"objects": 3.0, "bytes": 300.0 * 2**10, "too_old": 0.0, "oldest_days": 89.0}
    assert "0.3 MiB in 3 objects" in reported(found)
    assert "s3cret" not in " ".join(reported(each) for each in section.items)


@pytest.mark.parametrize(("most", "seconds"), [(4, 60.0), (99, 0.0)])
def test_a_count_that_was_cut_says_at_least_and_is_never_green(most: int, seconds: float) -> None:
    made = deployed()
    page = {"Contents": [made.object(1)] * 4, "IsTruncated": True}
    made.aws.answer("s3", "list_objects_v2", [page, {"Contents": [made.object(200)]}])
    found = sample(Context(made.aws, SETTINGS, NOW, NOW), most, seconds)
    assert found.light is UNKNOWN
    assert found.numbers["objects"] == 4.0
    assert "at least 0.4 MiB in 4 objects" in reported(found)
    assert "--recursive --summarize | tail -n 2" in found.command
    check_words(CheckSection("storage", (found,)))


def test_objects_past_their_retention_are_red_in_a_truncated_count_too() -> None:
    made = deployed()
    made.truncated = True
    made.objects.append(made.object(94))
    found = item(made.storage(), "check.storage.outlived")
    assert found.light is RED
    assert "At least 0.4 MiB in 4 objects" in reported(found)


def test_a_face_older_than_promised_is_red() -> None:
    made = deployed()
    made.objects.append(made.object(94))
    found = item(made.storage(), "check.storage.outlived")
    assert found.light is RED
    assert found.numbers == {"objects": 4.0, "bytes": 400.0 * 2**10, "too_old": 1.0, "oldest_days": 94.0}


def test_s3_has_some_days_to_delete_what_is_due() -> None:
    made = deployed()
    made.objects.append(made.object(92 + 20 / 24))
    assert faults(made.storage()) == {}


def test_an_empty_prefix_is_no_fault() -> None:
    made = deployed()
    made.objects = []
    assert item(made.storage(), "check.storage.empty").light is GREEN


def test_a_bucket_without_rules_is_one_line_for_all_prefixes_with_one_command() -> None:
    made = deployed()
    made.rules = []
    section = made.storage()
    (found,) = [each for each in section.items if each.command]
    assert found.light is RED
    # A message to people shows this sentence alone.
    assert "the promised retention: 3" in say(found.said, "en")
    assert all(f"deletes {prefix} after" in say(found.said, "en") for prefix in PREFIXES)
    check_words(section)


@pytest.mark.parametrize(("current", "old"), [(1, 89), (60, 30), (45, 46), (88, 2), (90, 30), (90, 2)])
def test_current_and_old_versions_are_judged_each_for_itself(current: int, old: int) -> None:
    made = corrected()
    made.rules[2]["Expiration"] = {"Days": current}
    made.rules[2]["NoncurrentVersionExpiration"] = {"NoncurrentDays": old}
    section = made.storage()
    (found,) = [each for each in section.items if each.light is not GREEN]
    assert found.light is AMBER
    assert '"Expiration":{"Days":90}' in found.command
    check_words(section)


@pytest.mark.parametrize("current", [89, 90])
def test_the_promised_days_with_the_least_time_for_old_versions_are_fine(current: int) -> None:
    made = corrected()
    made.rules[2]["Expiration"] = {"Days": current}
    assert faults(made.storage()) == {}


def test_a_rule_for_a_single_session_is_not_repeated() -> None:
    made = deployed()
    one = {"Filter": {"Prefix": "liveness-audit/s3cret/"}, "Expiration": {"Days": 1}}
    made.rules = [{"ID": "x", "Status": "Enabled", **one}]
    section = made.storage()
    (found,) = [each for each in section.items if each.command]
    assert "deletes liveness-audit/ after" in say(found.said, "en")
    assert found.command.startswith("aws s3api get-bucket-lifecycle-configuration ")
    assert not any("s3cret" in str(each) for each in section.items)
    check_words(section)


def test_a_disabled_rule_ends_nothing() -> None:
    made = deployed()
    made.rules[2]["Status"] = "Disabled"
    found = item(made.storage(), "check.storage.never", "liveness-audit/")
    assert '"Status":"Enabled","Filter":{"Prefix":"liveness-audit/"}' in found.command


@pytest.mark.parametrize(
    ("days", "key", "light"),
    [
        (91, "check.storage.too_long", RED),
        (90, "check.storage.kept", GREEN),
        (30, "check.storage.too_short", AMBER),
    ],
)
def test_the_days_of_the_rule_are_held_against_the_promise(days: int, key: str, light: CheckStatus) -> None:
    made = deployed()
    made.rules[2]["Expiration"] = {"Days": days}
    assert item(made.storage(), key, "liveness-audit/").light is light


def test_a_rule_for_the_whole_bucket_counts_for_every_prefix() -> None:
    made = deployed()
    made.rules = [{"Status": "Enabled", "Prefix": "", "Expiration": {"Days": 1}}]
    assert item(made.storage(), "check.storage.kept", "temp/").light is GREEN


def test_versions_switched_on_without_an_end_are_seen_in_the_week() -> None:
    made = deployed()
    made.versioning = "Enabled"
    section = made.storage()
    (found,) = [each for each in section.items if each.light is RED]
    assert "liveness-audit/ is hidden after 90 days, but its old versions are never" in say(found.said, "en")


def test_rules_that_only_hold_without_versions_are_not_called_well_while_those_are_unknown() -> None:
    made = deployed()
    made.refuse(Denied, "AccessDenied", ("s3", "get_bucket_versioning"))
    section = made.storage()
    assert item(section, "check.storage.kept", "liveness-audit/").light is UNKNOWN


def test_what_may_not_be_read_is_unknown_and_names_the_right_to_give() -> None:
    made = deployed()
    asked = (
        ("cloudwatch", "get_metric_data"),
        ("s3", "list_objects_v2"),
        ("s3", "get_bucket_lifecycle_configuration"),
        ("s3", "get_bucket_versioning"),
    )
    made.refuse(Denied, "AccessDenied", *asked)
    section = made.storage()
    assert {each.light for each in section.items} == {UNKNOWN}
    words = " ".join(reported(each) for each in section.items)
    for right in ("cloudwatch:GetMetricData", "s3:ListBucket", "s3:GetLifecycleConfiguration"):
        assert right in words
    check_words(section)


def test_a_bucket_that_is_not_there_is_red() -> None:
    made = Safe()
    asked = (
        ("s3", "list_objects_v2"),
        ("s3", "get_bucket_lifecycle_configuration"),
        ("s3", "get_bucket_versioning"),
    )
    made.refuse(Missing, "NoSuchBucket", *asked)
    assert made.storage().light is RED
