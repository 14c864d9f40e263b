"""A deployed stack with a past: costs, releases, an old backup, a policy of AWS on the role."""

import json
from datetime import UTC, datetime, timedelta

from local_aws.client import LocalAws
from rehearsal.drill.conditions import deployed
from rehearsal.drill.stack import STACK
from rehearsal.pages import past
from rehearsal.world.names import LIVENESS, ROLE, bucket
from responder.checks.model import Cadence
from responder.core.plain_data import Json

_OF_AWS = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
_BEFORE_THAT = 40


def in_use(aws: LocalAws) -> None:
    """So that every check finds something of all that it looks at."""
    now = datetime.now(UTC)
    for function in LIVENESS:
        deployed(aws, now, function)
    long_ago(aws)
    let_costs_be_known(aws, now)
    versions = {"Status": "Enabled"}
    aws.client("s3").put_bucket_versioning(Bucket=bucket(), VersioningConfiguration=versions)
    aws.client("iam").attach_role_policy(RoleName=ROLE, PolicyArn=_OF_AWS)
    register_a_session(aws)
    file_an_earlier_day(aws)
    mute_an_alarm(aws, now)
    let_acls_count(aws)
    leave_a_table(aws)


def let_costs_be_known(aws: LocalAws, now: datetime) -> None:
    """Cost Explorer's answers: it is no part of the local AWS."""
    aws.canned_answers(past.costs(now))


def leave_a_table(aws: LocalAws) -> None:
    """As an earlier version left it."""
    key = {"AttributeName": "session_id"}
    aws.client("dynamodb").create_table(
        TableName="FaceAuth-LivenessSessions-rehearsal-20260101",
        KeySchema=[{**key, "KeyType": "HASH"}],
        AttributeDefinitions=[{**key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def let_acls_count(aws: LocalAws) -> None:
    """The ACL of a bucket is read only where it counts, so on buckets from before 2023."""
    s3 = aws.client("s3")
    rules = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    for each in s3.list_buckets()["Buckets"]:
        s3.put_bucket_ownership_controls(Bucket=each["Name"], OwnershipControls=rules)


def file_an_earlier_day(aws: LocalAws) -> None:
    """A report that each check can compare with."""
    s3 = aws.client("s3")
    (reports,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if "reports" in each["Name"]]
    day = (datetime.now(UTC) - timedelta(days=2)).date()
    for rhythm in Cadence:
        s3.put_object(Bucket=reports, Key=f"checks/{rhythm}/{day}/report.json", Body=b'{"sections": []}')


def mute_an_alarm(aws: LocalAws, now: datetime) -> None:
    """Once, for an hour, from now on."""
    aws.client("cloudwatch").put_alarm_mute_rule(
        Name="in-use",
        Rule={"Schedule": {"Expression": f"at({now:%Y-%m-%dT%H:%M})", "Duration": "PT1H"}},
        MuteTargets={"AlarmNames": ["FaceAuth-Liveness-LowConfidence"]},
    )


def register_a_session(aws: LocalAws) -> None:
    """One more person, who comes by a role."""
    trust = {"Statement": {"Effect": "Allow", "Principal": {"AWS": aws.account}, "Action": "sts:AssumeRole"}}
    aws.client("iam").create_role(RoleName="OnCall", AssumeRolePolicyDocument=json.dumps(trust))
    ssm, name = aws.client("ssm"), f"/{STACK}/settings"
    settings = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    settings["people"]["mari"] = {"aws": [f"arn:aws:sts::{aws.account}:assumed-role/OnCall/mari"]}
    ssm.put_parameter(Name=name, Value=json.dumps(settings), Overwrite=True)


def long_ago(aws: LocalAws) -> None:
    """Some weeks after the first backup."""
    back_up(aws, datetime.now(UTC) - timedelta(minutes=5))
    aws.age(_BEFORE_THAT)


def back_up(aws: LocalAws, ordered: datetime) -> Json:
    """What the function answers; an order of the same minute would be the same one."""
    event = json.dumps({"source": "aws.scheduler", "time": ordered.isoformat()})
    answered = aws.client("lambda").invoke(FunctionName=f"{STACK}-sessions-backup", Payload=event.encode())
    answer: Json = json.loads(answered["Payload"].read())
    assert "FunctionError" not in answered, answer
    return answer
