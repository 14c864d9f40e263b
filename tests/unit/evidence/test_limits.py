"""Concurrency limits, what is provisioned, and what the role's own policy allows, and on what."""

import json
from typing import Any

import pytest

from responder.core.errors import Denied
from responder.core.finding import Finding, Tone
from responder.core.liveness_function import LivenessFunction
from responder.core.plain_data import Json
from responder.evidence.access import Access
from responder.evidence.capacity import Capacity, Limit
from responder.evidence.concurrency import Concurrency, Reservation
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import RESULT, Figures, ago, context, keys

TABLE, INDEX = "FaceAuth-LivenessSessions", "ByDate"
UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}


def described(aws: FakeAws, **table: Any) -> None:
    index = {"IndexName": INDEX, "IndexStatus": "ACTIVE", "ProvisionedThroughput": UNITS}
    found = {"TableStatus": "ACTIVE", "ProvisionedThroughput": UNITS, "GlobalSecondaryIndexes": [index]}
    aws.answer("dynamodb", "describe_table", {"Table": {**found, **table}})


def put(figures: Figures, metric: str, minutes: float, value: float, index: str = "") -> None:
    where = {"TableName": TABLE, **({"GlobalSecondaryIndexName": index} if index else {})}
    figures.put("AWS/DynamoDB", metric, [(ago(minutes=minutes), value)], **where)


def reported(aws: FakeAws) -> Finding:
    (finding,) = Capacity().findings(Capacity().look(context(aws)), context(aws))
    return finding


def test_an_index_that_is_not_configured_is_looked_at(aws: FakeAws, figures: Figures) -> None:
    described(aws)
    put(figures, "ReadThrottleEvents", 3, 7, INDEX)
    put(figures, "ConsumedReadCapacityUnits", 3, 300, INDEX)
    (found,) = Capacity().look(context(aws)).throttled(ago(minutes=15))
    assert (found.part, found.kind, found.provisioned) == (INDEX, "read", 5)
    assert (found.events(ago(minutes=15)), found.peak(ago(minutes=15))) == (7, 5)
    assert reported(aws).tone is Tone.RED


def test_dynamodb_names_the_limit_itself(aws: FakeAws, figures: Figures) -> None:
    described(aws)
    put(figures, "WriteThrottleEvents", 3, 7)
    put(figures, "ConsumedWriteCapacityUnits", 3, 360)
    put(figures, "WriteKeyRangeThroughputThrottleEvents", 3, 6)
    put(figures, "WriteProvisionedThroughputThrottleEvents", 3, 1)
    put(figures, "WriteAccountLimitThrottleEvents", 30, 9)
    (found,) = Capacity().look(context(aws)).throttled(ago(minutes=15))
    assert found.limits == {Limit.KEY_RANGE: 6, Limit.PROVISIONED: 1}
    assert found.hot(ago(minutes=15))
    assert {"evidence.capacity.hot", "say.limit.key_range"} <= keys(*reported(aws).details)


def test_an_idle_table_that_throttles_has_a_hot_key(aws: FakeAws, figures: Figures) -> None:
    described(aws)
    put(figures, "WriteThrottleEvents", 3, 7)
    for consumed, hot in ((60 * 2.9, True), (60 * 0.1, False)):
        put(figures, "ConsumedWriteCapacityUnits", 4, consumed)
        (found,) = Capacity().look(context(aws)).throttled(ago(minutes=15))
        assert found.hot(ago(minutes=15)) is hot


def test_on_demand_has_maxima_and_no_provisioned_units(aws: FakeAws, figures: Figures) -> None:
    most = {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 40}
    billing = {"BillingMode": "PAY_PER_REQUEST"}
    described(aws, BillingModeSummary=billing, OnDemandThroughput=most, ProvisionedThroughput={})
    put(figures, "WriteThrottleEvents", 3, 7)
    found = Capacity().look(context(aws))
    assert found.on_demand
    assert [(each.kind, each.maximum) for each in found.parts[:2]] == [("read", None), ("write", 40)]
    assert "evidence.capacity.maximum" in keys(*reported(aws).details)


def test_what_is_over_is_amber_and_what_never_was_is_normal(aws: FakeAws, figures: Figures) -> None:
    described(aws)
    assert reported(aws).tone is Tone.NORMAL
    put(figures, "WriteThrottleEvents", 40, 7)
    assert reported(aws).tone is Tone.AMBER


def limited(aws: FakeAws, own: Json) -> Finding:
    aws.answer("lambda", "get_function_concurrency", own)
    limit = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 900}
    aws.answer("lambda", "get_account_settings", {"AccountLimit": limit})
    look = Reservation(LivenessFunction.RESULT)
    (finding,) = look.findings(look.look(context(aws)), context(aws))
    return finding


def test_a_function_without_a_reservation_is_not_reported_as_switched_off(aws: FakeAws) -> None:
    assert keys(limited(aws, {}).said) == {"evidence.reservation.none"}
    off = limited(aws, {"ReservedConcurrentExecutions": 0})
    assert (off.tone, keys(off.said)) == (Tone.RED, {"evidence.reservation.off"})
    assert keys(limited(aws, {"ReservedConcurrentExecutions": 7}).said) == {"evidence.reservation"}


def reserving(name: str, minutes: int, function: str, reserved: int | None = None) -> Json:
    asked = {
        "functionName": function,
        **({} if reserved is None else {"reservedConcurrentExecutions": reserved}),
    }
    detail = {"eventSource": "lambda.amazonaws.com", "requestParameters": asked}
    return {"EventName": name, "EventTime": ago(minutes=minutes), "CloudTrailEvent": json.dumps(detail)}


PUT, DELETE = "PutFunctionConcurrency20171031", "DeleteFunctionConcurrency20171031"
ARN = f"arn:aws:lambda:us-east-1:123456789012:function:{RESULT}"


@pytest.mark.parametrize(
    ("events", "earlier"),
    [
        ([], None),
        ([(PUT, 5, RESULT, 0)], None),
        ([(PUT, 5, RESULT, 0), (PUT, 600, RESULT, 40)], 40),
        ([(PUT, 5, ARN, 0), (PUT, 9, RESULT, 0), (PUT, 600, ARN, 40), (PUT, 900, RESULT, 7)], 40),
        ([(PUT, 5, RESULT, 0), (DELETE, 60, RESULT, None), (PUT, 600, RESULT, 40)], None),
        ([(PUT, 5, RESULT, 0), (DELETE, 900, RESULT, None), (PUT, 600, RESULT, 40)], 40),
        ([(PUT, 5, RESULT, 0), (PUT, 600, f"{RESULT}-Other", 40)], None),
    ],
)
def test_what_was_reserved_before_a_function_was_switched_off(
    aws: FakeAws, events: list[tuple[str, int, str, int | None]], earlier: int | None
) -> None:
    made = [reserving(*each) for each in events]

    def found(**asked: Any) -> Json:
        (wanted,) = asked["LookupAttributes"]
        return {"Events": [each for each in made if each["EventName"] == wanted["AttributeValue"]]}

    aws.answer("cloudtrail", "lookup_events", found)
    limited(aws, {"ReservedConcurrentExecutions": 0})
    assert Reservation(LivenessFunction.RESULT).look(context(aws)).earlier == earlier


def test_a_refused_reservation_is_not_taken_for_the_value_before(aws: FakeAws) -> None:
    refused = reserving(PUT, 60, RESULT, 40)
    detail = {**json.loads(refused["CloudTrailEvent"]), "errorCode": "AccessDenied"}
    refused["CloudTrailEvent"] = json.dumps(detail)
    aws.answer("cloudtrail", "lookup_events", {"Events": [refused]})
    limited(aws, {"ReservedConcurrentExecutions": 0})
    assert Reservation(LivenessFunction.RESULT).look(context(aws)).earlier is None


def test_a_function_that_is_switched_off_is_reported_without_cloudtrail_too(aws: FakeAws) -> None:
    aws.fail("cloudtrail", "lookup_events", Denied)
    assert limited(aws, {"ReservedConcurrentExecutions": 0}).tone is Tone.RED


def test_cloudtrail_is_asked_only_where_a_function_is_switched_off(aws: FakeAws) -> None:
    limited(aws, {"ReservedConcurrentExecutions": 7})
    assert aws.count("cloudtrail", "lookup_events") == 0


def test_throttles_are_reported_beside_the_concurrency(aws: FakeAws, figures: Figures) -> None:
    figures.put("AWS/Lambda", "Throttles", [(ago(minutes=3), 4)], FunctionName=RESULT)
    figures.put("AWS/Lambda", "ConcurrentExecutions", [(ago(minutes=3), 9)], FunctionName=RESULT)
    figures.put("AWS/Lambda", "ConcurrentExecutions", [(ago(minutes=3), 99)])
    look = Concurrency(LivenessFunction.RESULT)
    (finding,) = look.findings(look.look(context(aws)), context(aws))
    assert finding.tone is Tone.RED
    assert finding.numbers == {"throttles": 4, "own": 9, "shared": 0, "account": 99}


def judged(aws: FakeAws, **statement: Any) -> dict[str, bool]:
    one = {"Effect": "Allow", "Action": "*", "Resource": "*", **statement}
    aws.answer("iam", "get_role_policy", {"PolicyDocument": json.dumps({"Statement": [one]})})
    aws.answer("iam", "list_attached_role_policies", {"AttachedPolicies": []})
    return dict(Access().look(context(aws, bucket="images", account="123456789012")).judged)


def test_a_right_on_another_bucket_is_no_right(aws: FakeAws) -> None:
    assert judged(aws, Action="s3:*", Resource="arn:aws:s3:::images/*")["s3:PutObject"]
    assert not judged(aws, Action="s3:*", Resource="arn:aws:s3:::other/*")["s3:PutObject"]
    assert not judged(aws, Action="s3:*", Resource="arn:aws:s3:::images/logins/*")["s3:PutObject"]


def test_everything_but_the_table_leaves_the_table_out(aws: FakeAws) -> None:
    table = f"arn:aws:dynamodb:us-east-1:123456789012:table/{TABLE}"
    assert judged(aws)["dynamodb:PutItem"]
    found = judged(aws, NotResource=[table], Resource=None)
    assert (found["dynamodb:PutItem"], found["s3:PutObject"]) == (False, True)
