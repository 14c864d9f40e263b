"""Lambda's control plane takes as many requests a second here as on AWS, where a test asks for it."""

import time
from collections import Counter
from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from liveness_ops.local_aws import LocalAws
from tests.integration._local_aws import allow, code_of, function, role

pytestmark = pytest.mark.integration
REFUSED = "TooManyRequestsException"


@pytest.fixture(scope="module")
def running() -> Iterator[LocalAws]:
    with LocalAws() as aws:
        function(aws, "asked", role(aws, "asking", allow("lambda:*")))
        yield aws


@pytest.fixture
def aws(running: LocalAws) -> Iterator[LocalAws]:
    running.settings(lambda_rate=15)
    yield running
    running.settings(lambda_rate=0)


def asking(aws: LocalAws, method: str = "get_function_configuration") -> Callable[[], str]:
    """One call under the function's role: its error code, or nothing."""
    given = aws.assume("asked")
    client = boto3.client(
        "lambda",
        region_name=aws.region,
        endpoint_url=aws.endpoint,
        aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=given["AWS_SESSION_TOKEN"],
        config=Config(retries={"total_max_attempts": 1}),
    )

    def ask() -> str:
        try:
            getattr(client, method)(FunctionName="asked")
        except ClientError as problem:
            assert problem.response["ResponseMetadata"]["HTTPStatusCode"] == 429
            return code_of(problem)
        return ""

    return ask


def test_more_than_fifteen_at_once_are_turned_away_until_time_has_passed(aws: LocalAws) -> None:
    one, other = asking(aws), asking(aws, "list_aliases")
    begun = time.monotonic()
    answers = [ask() for _ in range(30) for ask in (one, other)]
    free = 15 + 15 * (time.monotonic() - begun)
    assert answers[:15] == [""] * 15
    assert 15 <= Counter(answers)[""] <= free + 1
    assert REFUSED in answers
    time.sleep(0.3)
    assert one() == ""


def test_a_scenario_begins_with_all_of_them(aws: LocalAws) -> None:
    ask = asking(aws)
    aws.snapshot("before")
    while ask() != REFUSED:
        pass
    aws.restore("before")
    assert [asking(aws)() for _ in range(10)] == [""] * 10


def test_get_function_has_a_rate_of_its_own_and_the_administrator_has_none(aws: LocalAws) -> None:
    ask = asking(aws, "get_function")
    assert {ask() for _ in range(40)} == {""}
    for _ in range(40):
        aws.client("lambda").get_function_configuration(FunctionName="asked")


def test_no_rate_unless_it_is_asked_for(running: LocalAws) -> None:
    ask = asking(running)
    assert {ask() for _ in range(60)} == {""}
