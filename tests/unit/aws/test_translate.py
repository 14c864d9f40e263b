from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from responder.aws.translate import translated
from responder.core.errors import (
    AwsError,
    Busy,
    Changed,
    Denied,
    Missing,
    NotSubscribed,
    Rejected,
    Throttled,
    Unreachable,
)
from tests.rows import all_rows


def answered(code: str, status: int = 400, **more: Any) -> AwsError:
    response: Any = {
        "Error": {"Code": code, "Message": "s3cret"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **more,
    }
    return translated(ClientError(response, "PutItem"), "dynamodb", "PutItem")


@all_rows(
    ("code", "kind"),
    [
        ("AccessDeniedException", Denied),
        ("AccessDenied", Denied),
        ("KMSAccessDeniedException", Denied),
        ("ExpiredTokenException", Denied),
        ("SubscriptionRequiredException", NotSubscribed),
        ("ResourceNotFoundException", Missing),
        ("ProvisionedConcurrencyConfigNotFoundException", Missing),
        ("NoSuchBucketPolicy", Missing),
        ("404", Missing),
        ("ThrottlingException", Throttled),
        ("TooManyRequestsException", Throttled),
        ("ProvisionedThroughputExceededException", Throttled),
        ("ResourceConflictException", Busy),
        ("ResourceInUseException", Busy),
        ("DurableExecutionAlreadyStartedException", Busy),
        ("PreconditionFailedException", Changed),
        ("ConditionalCheckFailedException", Changed),
        ("InternalServerError", Unreachable),
        ("ServiceException", Unreachable),
        ("InvalidParameterValueException", Rejected),
        ("LimitExceededException", Rejected),
        ("ValidationException", Rejected),
        ("SomethingNewIn2030", Rejected),
    ],
)
def test_each_error_code_has_its_error_class(code: str, kind: type[AwsError]) -> None:
    error = answered(code)
    assert type(error) is kind
    assert error.code == code
    assert "s3cret" not in f"{error}{error!r}{vars(error)}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Your access has been denied by EC2, please make sure your request credentials have "
            "permission to DescribeSecurityGroups for sg-0s3cret. EC2 Error Code: UnauthorizedOperation.",
            "ec2:DescribeSecurityGroups AccessDeniedException",
        ),
        (
            "Your access has been denied by EC2, please make sure your function execution role have "
            "permission to CreateNetworkInterface. EC2 Error Code: UnauthorizedOperation.",
            "ec2:CreateNetworkInterface AccessDeniedException",
        ),
        (
            "User s3cret is not authorized to perform: ec2",
            "lambda:UpdateFunctionConfiguration AccessDeniedException",
        ),
    ],
)
def test_of_a_function_in_a_vpc_the_right_of_ec2_that_is_missing_is_named(text: str, said: str) -> None:
    response: Any = {"Error": {"Code": "AccessDeniedException", "Message": text}, "ResponseMetadata": {}}
    operation = "UpdateFunctionConfiguration"
    error = translated(ClientError(response, operation), "lambda", operation)
    assert type(error) is Denied
    assert str(error) == said
    assert "s3cret" not in f"{error}{error!r}{vars(error)}"


def test_a_server_error_that_no_one_knows_may_have_taken_effect() -> None:
    assert type(answered("SomethingNewIn2030", 503)) is Unreachable
    assert type(answered("", 500)) is Unreachable


def test_a_known_code_is_believed_more_than_its_status() -> None:
    assert type(answered("KMSAccessDeniedException", 502)) is Denied


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ReadTimeoutError(endpoint_url="x"), Unreachable),
        (ConnectTimeoutError(endpoint_url="x"), Unreachable),
        (EndpointConnectionError(endpoint_url="x"), Unreachable),
        (ConnectionClosedError(endpoint_url="x"), Unreachable),
        (NoCredentialsError(), Denied),
        (ParamValidationError(report="s3cret"), Rejected),
    ],
)
def test_what_never_got_an_answer(error: BotoCoreError, kind: type[AwsError]) -> None:
    found = translated(error, "lambda", "Invoke")
    assert type(found) is kind
    assert "s3cret" not in str(found)


def test_the_row_in_the_way_is_kept() -> None:
    error = answered("ConditionalCheckFailedException", Item={"pk": {"S": "a"}})
    assert isinstance(error, Changed)
    assert error.item == {"pk": {"S": "a"}}


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (["None", "ConditionalCheckFailed"], Changed),
        (["TransactionConflict", "ConditionalCheckFailed"], Changed),
        (["None", "TransactionConflict"], Busy),
        (["ThrottlingError"], Throttled),
        (["ProvisionedThroughputExceeded"], Throttled),
        (["ValidationError"], Rejected),
        ([], Rejected),
    ],
)
def test_a_cancelled_transaction_is_reported_by_its_reasons(codes: list[str], kind: type[AwsError]) -> None:
    reasons = [{"Code": code, "Message": "s3cret", "Item": {"pk": {"S": code}}} for code in codes]
    error = answered("TransactionCanceledException", CancellationReasons=reasons)
    assert type(error) is kind
    if isinstance(error, Changed):
        assert error.reasons == tuple(codes)
        assert error.item is not None


def test_an_answer_that_cannot_be_read_leaves_open_whether_it_took_effect() -> None:
    error = translated(ResponseParserError("<html>s3cret"), "sqs", "SendMessage")
    assert type(error) is Unreachable
    assert "s3cret" not in str(error)
