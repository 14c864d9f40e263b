"""What of the images bucket itself can deny the service."""

import json
from typing import Any

import pytest

from responder.core.errors import Denied, Missing
from responder.core.finding import Tone
from responder.core.plain_data import Json
from responder.core.text import Strings
from responder.evidence.bucket import Bucket, BucketDeny, BucketState
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import context, keys

NAME, ACCOUNT = "images", "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/FaceAuthLambdaExecutionRole"
OBJECTS, WHOLE = f"arn:aws:s3:::{NAME}/*", f"arn:aws:s3:::{NAME}"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
ASKED = {"get_bucket_policy", "get_public_access_block", "get_bucket_encryption"}


@pytest.fixture(autouse=True)
def _bare(aws: FakeAws) -> None:
    for operation in ASKED:
        aws.answer("s3", operation, {})


def state(aws: FakeAws) -> BucketState:
    return Bucket().look(context(aws, bucket=NAME, account=ACCOUNT))


def denies(aws: FakeAws, **statement: Any) -> tuple[BucketDeny, ...]:
    one = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": OBJECTS, **statement}
    aws.answer("s3", "get_bucket_policy", {"Policy": json.dumps({"Statement": [one]})})
    return state(aws).denies


FOUR = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@pytest.mark.parametrize(("on", "tone"), [(FOUR, Tone.NORMAL), (FOUR[:3], Tone.AMBER), ((), Tone.AMBER)])
def test_a_bucket_of_faces_is_normal_only_where_all_public_access_is_blocked(
    aws: FakeAws, on: Strings, tone: Tone
) -> None:
    block = {name: name in on for name in FOUR}
    aws.answer("s3", "get_public_access_block", {"PublicAccessBlockConfiguration": block})
    (finding,) = Bucket().findings(state(aws), context(aws))
    assert finding.tone is tone


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": ROLE},
        {"AWS": ["arn:aws:iam::1:root", ROLE]},
        {"AWS": ACCOUNT},
        {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/FaceAuthLambdaExecutionRole/GetResult"},
    ],
)
def test_a_deny_that_meets_the_service_is_named(aws: FakeAws, principal: Any) -> None:
    (found,) = denies(aws, Principal=principal, Sid="Locked", Action=["s3:PutObject"])
    assert found == BucketDeny("Locked", ("s3:PutObject",))


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow"},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:role/Other"}},
        {"Principal": {"Service": "cloudtrail.amazonaws.com"}},
        {"Resource": "arn:aws:s3:::other/*"},
        {"Resource": f"{WHOLE}/logins/*"},
        {"Action": "s3:PutBucketPolicy"},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"NotPrincipal": {"AWS": [ROLE]}},
    ],
)
def test_a_deny_that_cannot_meet_it_is_not(aws: FakeAws, statement: Json) -> None:
    assert denies(aws, **statement) == ()


@pytest.mark.parametrize("name", ["audit-log.json", "reference.jpg", "audit-*.jpg"])
def test_a_deny_on_one_kind_of_object_meets_it_too(aws: FakeAws, name: str) -> None:
    assert denies(aws, Resource=f"{WHOLE}/liveness-audit/*/{name}", Sid="Locked")


def test_everyone_but_some_is_the_service_too(aws: FakeAws) -> None:
    policy = {"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}, "Action": "s3:*"}
    aws.answer("s3", "get_bucket_policy", {"Policy": json.dumps({"Statement": {**policy, "Resource": "*"}})})
    (found,) = state(aws).denies
    assert found.sid == "#1"


def test_conditions_are_named_and_not_judged(aws: FakeAws) -> None:
    condition = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}, "Bool": {"aws:SecureTransport": "false"}}
    (found,) = denies(aws, Condition=condition)
    assert found.conditions == ("aws:SecureTransport", "aws:SourceVpce")


@pytest.mark.parametrize("policy", ["", "{", "[]", '{"Statement": 7}', '{"Statement": ["x"]}'])
def test_an_odd_policy_denies_nothing(aws: FakeAws, policy: str) -> None:
    aws.answer("s3", "get_bucket_policy", {"Policy": policy})
    assert state(aws).denies == ()


def test_what_was_never_set_is_no_failure(aws: FakeAws) -> None:
    codes = {"get_bucket_policy": "NoSuchBucketPolicy"}
    codes |= {"get_public_access_block": "NoSuchPublicAccessBlockConfiguration"}
    codes |= {"get_bucket_encryption": "ServerSideEncryptionConfigurationNotFoundError"}
    for operation, code in codes.items():
        aws.fail("s3", operation, Missing, code=code)
    assert state(aws) == BucketState(NAME)


def test_a_bucket_that_is_gone_is_a_fact(aws: FakeAws) -> None:
    for operation in ASKED:
        aws.fail("s3", operation, Missing, code="NoSuchBucket")
    found = state(aws)
    (finding,) = Bucket().findings(found, context(aws))
    assert found == BucketState(NAME, absent=True)
    assert (finding.tone, finding.said.key) == (Tone.RED, "evidence.bucket.absent")


def test_a_setting_that_could_not_be_read_hides_no_other(aws: FakeAws) -> None:
    aws.fail("s3", "get_bucket_policy", Denied)
    aws.answer("s3", "get_public_access_block", blocked(True))
    found = state(aws)
    assert (found.blocks, list(found.unread)) == (("BlockPublicAcls",), ["policy"])
    (finding,) = Bucket().findings(found, context(aws))
    assert finding.tone is Tone.UNKNOWN
    assert {"evidence.bucket.unread", "evidence.failed.denied"} <= keys(finding.said, *finding.details)


def blocked(on: bool) -> Json:
    block = {"BlockPublicAcls": on, "IgnorePublicAcls": False}
    return {"PublicAccessBlockConfiguration": block}


def encrypted(**by: str) -> Json:
    return {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": by}]}}


def test_a_key_of_its_own_is_seen_and_awss_key_is_not_one(aws: FakeAws) -> None:
    for answer, key in (
        (encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID=KEY), KEY),
        (encrypted(SSEAlgorithm="aws:kms", KMSMasterKeyID="arn:aws:kms:us-east-1:1:alias/aws/s3"), ""),
        (encrypted(SSEAlgorithm="aws:kms"), ""),
        (encrypted(SSEAlgorithm="AES256"), ""),
    ):
        aws.answer("s3", "get_bucket_encryption", answer)
        assert state(aws).key == key


def test_a_deny_is_red_a_condition_is_amber(aws: FakeAws) -> None:
    for deny, tone in (
        (BucketDeny("A", ("s3:PutObject",)), Tone.RED),
        (BucketDeny("A", ("s3:PutObject",), ("aws:SourceVpce",)), Tone.AMBER),
    ):
        (finding,) = Bucket().findings(BucketState(NAME, (deny,)), context(aws))
        assert finding.tone is tone
