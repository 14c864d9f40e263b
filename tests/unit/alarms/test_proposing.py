"""What a person reviews: exact, as narrow as is known, and safe to paste."""

import json
import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.causes import policy_changes
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.verdict import WrittenChange
from responder.messages.language import say
from tests.rows import all_rows

BUCKET = "face-auth-images-123456789012-us-east-1"
SETTINGS = Settings(bucket=BUCKET, account="123456789012")
ROLE = SETTINGS.service_role
TABLES = "arn:aws:dynamodb:us-east-1:123456789012:table"
SESSION = "5f0c1a9e-7d1b-4b70-9b5c-2f6f2e9a4b11"


def options(one: WrittenChange, part: int = -1) -> dict[str, str]:
    """The words of the (last) command as a shell sees them."""
    words = shlex.split(one.command.split(" && ")[part])
    return dict(zip(words[3::2], words[4::2], strict=False))


def statement(one: WrittenChange) -> Json:
    (found,) = one.document["Statement"]
    return dict(found)


def policy(action: str, resource: str, settings: Settings = SETTINGS) -> WrittenChange:
    return policy_changes.role_policy(settings, ROLE, (action,), resource)


# --- rights ----------------------------------------------------------------------------------------


def test_a_right_is_one_new_policy_with_one_statement_for_what_was_denied() -> None:
    table = f"arn:aws:dynamodb:us-east-1:123456789012:table/{SETTINGS.sessions_table}"
    one = policy("dynamodb:PutItem", table)
    assert one.target == ROLE
    assert statement(one) == {"Effect": "Allow", "Action": ["dynamodb:PutItem"], "Resource": table}


def test_the_command_holds_the_very_document_that_was_reviewed() -> None:
    one = policy("s3:PutObject", f"arn:aws:s3:::{BUCKET}/liveness-audit/*")
    assert one.command.startswith("aws iam put-role-policy ")
    given_ = options(one)
    assert given_["--role-name"] == ROLE
    assert json.loads(given_["--policy-document"]) == one.document


def test_it_never_replaces_the_service_s_own_policy_or_another_proposal() -> None:
    actions = ("s3:PutObject", "s3:GetObject", "dynamodb:PutItem")
    names = {options(policy(action, "*"))["--policy-name"] for action in actions}
    assert len(names) == len(actions)
    assert SETTINGS.service_policy not in names
    assert options(policy("s3:GetObject", "*"))["--policy-name"] in names


@all_rows(
    ("action", "denied", "allowed"),
    [
        (
            "s3:PutObject",
            f"arn:aws:s3:::{BUCKET}/liveness-audit/{SESSION}/reference.jpg",
            f"arn:aws:s3:::{BUCKET}/liveness-audit/*",
        ),
        ("s3:GetObject", f"arn:aws:s3:::{BUCKET}/E-1047.jpg", f"arn:aws:s3:::{BUCKET}/*"),
        ("s3:GetObject", "*", f"arn:aws:s3:::{BUCKET}/*"),
        ("s3:GetObject", "arn:aws:s3:::another/E-1047.jpg", "arn:aws:s3:::another/*"),
        ("s3:GetObject", "arn:aws:s3:::*", f"arn:aws:s3:::{BUCKET}/*"),
        ("s3:ListBucket", f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}"),
        (
            "dynamodb:GetItem",
            "*",
            f"arn:aws:dynamodb:us-east-1:123456789012:table/{SETTINGS.sessions_table}",
        ),
        (
            "dynamodb:Query",
            "arn:aws:dynamodb:us-east-1:123456789012:table/T/index/EmployeeIdIndex",
            "arn:aws:dynamodb:us-east-1:123456789012:table/T/index/EmployeeIdIndex",
        ),
        ("rekognition:CreateFaceLivenessSession", "*", "*"),
        *(
            ("dynamodb:GetItem", f"{TABLES}/{named}", f"{TABLES}/{allowed}")
            for named, allowed in (
                ("*", SETTINGS.sessions_table),
                ("XT", "XT"),
                ("T/stream/2026", "T"),
                ("T/index", "T"),
            )
        ),
    ],
)
def test_the_resource_is_as_narrow_as_is_known_and_names_no_key(
    action: str, denied: str, allowed: str
) -> None:
    one = policy(action, denied)
    assert statement(one)["Resource"] == allowed
    assert SESSION not in repr(one)
    assert "E-1047" not in repr(one)


def test_what_is_not_known_of_a_resource_is_left_open_and_no_more() -> None:
    nothing = Settings()
    assert statement(policy("s3:GetObject", "*", nothing))["Resource"] == "*"
    table = statement(policy("dynamodb:GetItem", "*", nothing))["Resource"]
    assert table == f"arn:aws:dynamodb:us-east-1:*:table/{nothing.sessions_table}"


def test_of_several_actions_each_is_named() -> None:
    one = policy_changes.role_policy(SETTINGS, ROLE, ("s3:GetObject", "s3:PutObject"), "*")
    assert statement(one)["Action"] == ["s3:GetObject", "s3:PutObject"]
    assert "s3:GetObject, s3:PutObject" in say(one.what, "en")


def test_a_policy_s_name_is_one_that_iam_takes() -> None:
    assert options(policy("s3:Get*", "*"))["--policy-name"].startswith("LivenessProposed-s3-Getany-")
    longest = options(policy("s3:" + "A" * 200, "*"))["--policy-name"]
    assert len(longest) == len("LivenessProposed-") + 64 + len("-12345678")


def test_a_statement_without_a_name_is_shown_without_one() -> None:
    one = policy_changes.bucket_policy("images", "")
    assert one.document == {"Sid": "", "Effect": "Deny"}
    assert "Sid: -)" in say(one.what, "en")


def test_a_right_without_a_resource_reports_it_and_metrics_are_narrowed_by_their_namespace() -> None:
    wide = policy("rekognition:CreateFaceLivenessSession", "*")
    assert "narrow" in say(wide.what, "en")
    assert "narrow" not in say(policy("s3:GetObject", "*").what, "en")
    metrics = statement(policy("cloudwatch:PutMetricData", "*"))
    assert metrics["Condition"] == {"StringEquals": {"cloudwatch:namespace": SETTINGS.namespace}}


@pytest.mark.parametrize(
    ("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eu-west-1", "aws")]
)
def test_other_partitions_have_their_own_arns(region: str, partition: str) -> None:
    one = policy("s3:GetObject", "*", replace(SETTINGS, region=region))
    assert statement(one)["Resource"].startswith(f"arn:{partition}:s3:::")


def test_of_a_bucket_the_statement_in_the_way_is_named_and_its_removal_never_proposed() -> None:
    one = policy_changes.bucket_policy(BUCKET, "DenyOutsideVpc", ("s3:PutObject",), ("aws:SourceVpce",))
    assert one.document == {
        "Sid": "DenyOutsideVpc",
        "Effect": "Deny",
        "Action": ["s3:PutObject"],
        "ConditionKeys": ["aws:SourceVpce"],
    }
    review, edit, write = one.command.split(" && ")
    assert review.startswith(f"aws s3api get-bucket-policy --bucket {BUCKET} ")
    assert "bucket-policy.json" in edit
    assert write == f"aws s3api put-bucket-policy --bucket {BUCKET} --policy file://bucket-policy.json"
    for forbidden in ("delete-bucket-policy", "public-access-block"):
        assert forbidden not in one.command
    assert "public access block" in say(one.what, "en")


# --- quotas, reservations, time-outs -----------------------------------------------------------------


def test_a_liveness_quota_is_looked_up_before_it_is_asked_for() -> None:
    one = policy_changes.quota(SETTINGS, "CreateFaceLivenessSession")
    listed, request = one.command.split(" && ")
    assert listed.startswith("aws service-quotas list-service-quotas --service-code rekognition")
    assert request.startswith("aws service-quotas request-service-quota-increase --service-code rekognition")
    assert options(one)["--desired-value"] == "50"
    assert options(one)["--quota-code"] == one.document["QuotaCode"]
    assert one.document["QuotaCode"] in say(one.what, "en")


def test_lambda_s_quota_is_known_by_its_code() -> None:
    one = policy_changes.concurrent_executions(SETTINGS, 1_000, 2_000)
    assert one.command == (
        "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384"
        " --desired-value 2000 --region us-east-1"
    )
    assert one.document == {"ServiceCode": "lambda", "QuotaCode": "L-B99A9384", "DesiredValue": 2_000}


def test_a_large_quota_is_asked_for_to_the_last_digit() -> None:
    one = policy_changes.concurrent_executions(SETTINGS, 1_234_567, 2_469_134)
    assert options(one)["--desired-value"] == str(one.document["DesiredValue"]) == "2469134"


def test_a_reservation_shows_what_there_is_and_what_it_would_be() -> None:
    one = policy_changes.reserved_concurrency(SETTINGS, SETTINGS.create_function, 5, 20)
    assert one.document == {
        "before": {"ReservedConcurrentExecutions": 5},
        "after": {"ReservedConcurrentExecutions": 20},
    }
    _, _, act = one.command.partition("; then ")
    words = shlex.split(act.partition(";")[0])
    given = dict(zip(words[3::2], words[4::2], strict=True))
    assert given["--reserved-concurrent-executions"] == "20"
    assert given["--function-name"] == SETTINGS.create_function
    assert "from 5 to 20" in say(one.what, "en")


# --- pasting -----------------------------------------------------------------------------------------


@given(st.text(min_size=1, max_size=40).filter(lambda said: "\0" not in said))
def test_whatever_a_name_holds_the_shell_sees_one_word(name: str) -> None:
    one = policy_changes.role_policy(SETTINGS, name, ("s3:GetObject",), "*")
    assert options(one)["--role-name"] == name
    assert shlex.split(policy_changes.bucket_policy(name, "S").command)[4] == name


def test_both_languages_know_every_one_of_them() -> None:
    every = (
        policy("s3:GetObject", "*"),
        policy("kms:Decrypt", "*"),
        policy_changes.bucket_policy(BUCKET, ""),
        policy_changes.quota(SETTINGS, "GetFaceLivenessSessionResults"),
        policy_changes.concurrent_executions(SETTINGS, 10, 100),
        policy_changes.reserved_concurrency(SETTINGS, "F", 5, 20),
    )
    for one in every:
        for language in ("ja", "en"):
            said = say(one.what, language)
            assert "written." not in said
            assert "<" not in said
        assert "\n" not in one.command
