"""What AWS takes only so often a second of a whole account is turned away here, too, by default."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from tests.integration._local_aws import allow, code_of, function, role
from tests.integration._stacks import alarm

LAMBDA, FILTER, LOOKUP = "get_function_configuration", "filter_log_events", "lookup_events"
TOO_MANY, THROTTLED = "TooManyRequestsException", "ThrottlingException"
# The setting `rates`: requests come back with time, or (however slow the machine is) they do not.
FLOWS, STANDS = 1, 2


@pytest.fixture(scope="module")
def running(bare: LocalAws) -> LocalAws:
    may = allow(["lambda:*", "logs:*", "cloudtrail:*", "cloudformation:*"])
    function(bare, "asked", role(bare, "asking", may))
    return bare


@pytest.fixture
def aws(running: LocalAws) -> Iterator[LocalAws]:
    running.settings(rates=STANDS)
    yield running
    running.move_clock(None)


def asking(aws: LocalAws, method: str = LAMBDA, region: str = "") -> Callable[[], str]:
    """One call under the function's role: its error code, or nothing."""
    given = aws.assume("asked")
    service = {FILTER: "logs", LOOKUP: "cloudtrail"}.get(method, "lambda")
    keys = (given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"])
    once = Config(retries={"total_max_attempts": 1})
    client = aws.client_with(keys, service, region=region, config=once)
    named = {FILTER: {"logGroupName": "none"}, LOOKUP: {}}.get(method, {"FunctionName": "asked"})

    def ask() -> str:
        try:
            getattr(client, method)(**named)
        except ClientError as problem:
            code = code_of(problem)
            # There is no such group, which AWS answers only to a request that it has accepted.
            return "" if code == "ResourceNotFoundException" else code
        return ""

    return ask


@pytest.mark.parametrize(
    ("method", "region", "rate", "code"),
    [
        (LAMBDA, "us-east-1", 15, TOO_MANY),
        (FILTER, "us-east-1", 25, THROTTLED),
        (FILTER, "ap-northeast-1", 10, THROTTLED),
        (FILTER, "ap-northeast-3", 5, THROTTLED),
        (FILTER, "eu-central-1", 5, THROTTLED),
        (LOOKUP, "us-east-1", 2, THROTTLED),
        (LOOKUP, "eu-central-1", 2, THROTTLED),
    ],
)
def test_more_than_a_second_takes_are_turned_away(
    aws: LocalAws, method: str, region: str, rate: int, code: str
) -> None:
    ask = asking(aws, method, region)
    assert [ask() for _ in range(2 * rate)] == [*[""] * rate, *[code] * rate]


def test_after_a_pause_requests_are_accepted_again(aws: LocalAws) -> None:
    ask = asking(aws, LOOKUP)
    aws.settings(rates=FLOWS)
    exhausted(ask)
    time.sleep(0.6)
    assert ask() == ""


def test_all_operations_of_lambdas_control_plane_count_together(aws: LocalAws) -> None:
    one, other = asking(aws), asking(aws, "list_aliases")
    answers = [ask() for _ in range(10) for ask in (one, other)]
    assert answers == [*[""] * 15, *[TOO_MANY] * 5]


def exhausted(ask: Callable[[], str]) -> None:
    while not ask():
        pass


def test_after_a_restore_the_whole_burst_is_available(aws: LocalAws) -> None:
    ask = asking(aws)
    aws.snapshot("before")
    exhausted(ask)
    aws.restore("before")
    ask = asking(aws)
    assert [ask() for _ in range(10)] == [""] * 10


def test_time_that_a_drill_has_waited_for_counts(aws: LocalAws) -> None:
    ask = asking(aws, LOOKUP)
    exhausted(ask)
    aws.move_clock(datetime.now(UTC) + timedelta(minutes=1))
    assert [ask() for _ in range(2)] == [""] * 2
    exhausted(ask)
    aws.move_clock(None)
    assert ask() == ""


def test_after_an_idle_second_all_are_free_again_and_it_is_the_same_time(aws: LocalAws) -> None:
    ask = asking(aws, LOOKUP)
    aws.settings(rates=2)  # none comes back with the time that this test takes
    exhausted(ask)
    aws.idle_second()
    assert [ask() for _ in range(3)] == ["", "", THROTTLED]
    aws.client("ssm").put_parameter(Name="/now", Value="x", Type="String", Overwrite=True)
    put = aws.client("ssm").get_parameter(Name="/now")["Parameter"]["LastModifiedDate"]
    assert put.timestamp() == pytest.approx(time.time(), abs=30)


def test_get_function_has_a_rate_of_its_own_and_the_administrator_has_none(aws: LocalAws) -> None:
    ask = asking(aws, "get_function")
    assert {ask() for _ in range(40)} == {""}
    for _ in range(40):
        aws.client("lambda").get_function_configuration(FunctionName="asked")


def test_a_test_may_do_without_rates(aws: LocalAws) -> None:
    aws.settings(rates=0)
    ask = asking(aws)
    assert {ask() for _ in range(60)} == {""}


@pytest.mark.parametrize(
    ("rates", "alarms", "status"),
    [(STANDS, 3, "CREATE_COMPLETE"), (STANDS, 4, "ROLLBACK_COMPLETE"), (FLOWS, 5, "CREATE_COMPLETE")],
)
def test_requests_for_a_stack_count_and_are_sent_again(
    aws: LocalAws, rates: int, alarms: int, status: str
) -> None:
    """Three PutMetricAlarm a second."""
    aws.restore("bare")
    function(aws, "asked", role(aws, "asking", allow("cloudformation:*")))
    aws.settings(rates=rates)
    given = aws.assume("asked")
    keys = (given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"])
    kind = "AWS::CloudWatch::Alarm"
    made = {f"Alarm{number}": {"Type": kind, "Properties": alarm()} for number in range(alarms)}
    client = aws.client_with(keys, "cloudformation")
    client.create_stack(StackName="rates", TemplateBody=json.dumps({"Resources": made}))
    while (stack := client.describe_stacks(StackName="rates")["Stacks"][0]["StackStatus"]).endswith(
        "PROGRESS"
    ):
        time.sleep(0.05)
    assert stack == status
    reasons = str(client.describe_stack_events(StackName="rates")["StackEvents"])
    assert ("Rate exceeded" in reasons) is (status != "CREATE_COMPLETE")
