"""What answers in the place of moto: only what moto does not do, and in the shape that AWS documents."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.session import get_session
from botocore.validate import ParamValidator
from moto import mock_aws
from moto.cloudwatch.models import Statistics
from moto.cloudwatch.responses import CloudWatchResponse

from liveness_ops.template_tools.load import ROOT
from rehearsal.world.build import World, build
from rehearsal.world.names import CREATE, REGION, TABLE
from responder.core.plain_data import Json
from tests.witness.calls import Calls
from tests.witness.moto_aws import CONFIGURATION
from tests.witness.stubs import EXTENSIONS, STUBS, Remembered, percentiles, revisions

_MOST = 12


@pytest.fixture(scope="module", autouse=True)
def moto() -> Iterator[None]:
    """With the FaceAuth system in it."""
    with pytest.MonkeyPatch.context() as patch, mock_aws(config=CONFIGURATION):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        build(client, World.ROLLED_OUT)
        yield


def client(service: str) -> Any:
    make: Any = boto3.client
    return make(service, region_name=REGION)


@pytest.mark.parametrize("name", STUBS)
def test_moto_does_not_answer_it_itself(name: str) -> None:
    """Once it does, the stub goes."""
    service, _, operation = name.partition(":")
    with pytest.raises((NotImplementedError, ClientError)) as caught:
        getattr(client(service), xform_name(operation))(**STUBS[name].probe)
    answered = isinstance(caught.value, ClientError) and caught.value.response["Error"]["Code"] != "404"
    assert not answered, f"moto answers {name}: {caught.value}"


@pytest.mark.parametrize("name", STUBS)
def test_its_answer_has_the_shape_of_the_model(name: str) -> None:
    service, _, operation = name.partition(":")
    shape = get_session().get_service_model(service).operation_model(operation).output_shape
    known = Remembered()
    client("lambda").get_alias(FunctionName=CREATE, Name="live")
    if operation.startswith(("Get", "Delete")) and "Provisioned" in operation:
        STUBS["lambda:PutProvisionedConcurrencyConfig"].answer(
            STUBS["lambda:PutProvisionedConcurrencyConfig"].probe, known
        )
    try:
        answer = STUBS[name].answer(_asked(name), known)
    except ClientError as error:
        codes = {
            each.name
            for each in get_session().get_service_model(service).operation_model(operation).error_shapes
        }
        assert error.response["Error"]["Code"] in codes | {"SubscriptionRequiredException"}
        return
    if shape is not None:
        report = ParamValidator().validate(answer, shape)
        assert not report.has_errors(), report.generate_report()


def _asked(name: str) -> Json:
    if name == "iam:SimulatePrincipalPolicy":
        (role,) = (
            each for each in client("iam").list_roles()["Roles"] if each["RoleName"].startswith("FaceAuth")
        )
        return {**STUBS[name].probe, "PolicySourceArn": role["Arn"]}
    return STUBS[name].probe


def test_they_are_few_and_the_document_lists_them() -> None:
    assert len(STUBS) + len(EXTENSIONS) <= _MOST
    page = (ROOT / "docs" / "proof.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z]+:[A-Za-z]+)` \| (.+) \| \[AWS\]\((.+)\) \|$", page, re.MULTILINE)
    every = {**STUBS, **EXTENSIONS}
    assert listed == [(name, stub.says, stub.source) for name, stub in sorted(every.items())]


def test_moto_itself_knows_no_revision_no_percentile_no_composite_alarm_and_runs_no_code() -> None:
    """Once it does, that extension goes."""
    assert client("lambda").invoke(FunctionName=CREATE, Payload=b'{"a": 1}')["Payload"].read() == b'{"a": 1}'
    assert not hasattr(CloudWatchResponse, "put_composite_alarm")
    assert "RevisionId" not in client("lambda").get_function_configuration(FunctionName=CREATE)
    assert Statistics(["p90"], None).get_statistics_for_type("p90") is None


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("UpdateFunctionConfiguration", {"MemorySize": 512}),
        ("UpdateFunctionCode", {"ZipFile": b"new"}),
        ("PublishVersion", {}),
        ("UpdateAlias", {"Name": "live", "Description": "new"}),
    ],
)
def test_a_write_with_an_old_revision_is_refused_as_by_aws(operation: str, given: Json) -> None:
    with revisions():
        aws = client("lambda")

        def revision() -> str:
            read = aws.get_alias if "Name" in given else aws.get_function_configuration
            name = {key: value for key, value in given.items() if key == "Name"}
            return str(read(FunctionName=CREATE, **name)["RevisionId"])

        def write(revision: str) -> None:
            getattr(aws, xform_name(operation))(FunctionName=CREATE, RevisionId=revision, **given)

        old = revision()
        write(old)
        assert revision() != old or operation == "PublishVersion"
        before = revision()
        with pytest.raises(ClientError) as caught:
            write("of-another-time" if old == before else old)
        assert caught.value.response["Error"]["Code"] == "PreconditionFailedException"
        assert revision() == before


def statistics(*stats: str) -> dict[str, float]:
    """Of six values in one minute."""
    now = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
    point = {"MetricName": "Latency", "Timestamp": now, "Values": [100, 100, 200, 300, 2000, 2001]}
    cloudwatch = client("cloudwatch")
    if not cloudwatch.list_metrics(Namespace="Statistics")["Metrics"]:
        cloudwatch.put_metric_data(Namespace="Statistics", MetricData=[point])
    metric = {"Namespace": "Statistics", "MetricName": "Latency"}
    queries = [
        {"Id": f"q{number}", "MetricStat": {"Metric": metric, "Period": 3600, "Stat": stat}}
        for number, stat in enumerate(stats)
    ]
    begun = now - timedelta(minutes=30)
    answer = cloudwatch.get_metric_data(
        MetricDataQueries=queries, StartTime=begun, EndTime=begun + timedelta(hours=1)
    )
    return {
        stat: result["Values"][0] for stat, result in zip(stats, answer["MetricDataResults"], strict=True)
    }


def test_counts_and_shares_between_two_bounds_are_as_aws_defines_them() -> None:
    """The lower bound is exclusive, the upper one inclusive (CloudWatch User Guide, "CloudWatch statistics
    definitions")."""
    with percentiles():
        assert statistics("TC(100:2000)", "TC(:100)", "PR(:300)", "PR(100:2000)", "PR(2000:)") == {
            "TC(100:2000)": 3,
            "TC(:100)": 2,
            "PR(:300)": pytest.approx(400 / 6),
            "PR(100:2000)": 50,
            "PR(2000:)": pytest.approx(100 / 6),
        }


def test_a_request_is_one_call_and_extended_only_where_its_answer_was_changed() -> None:
    calls = Calls(lambda _: {"Payload": "ours"}, lambda _: None, caller="LivenessResponder")
    statistics("Sum")
    with revisions(), percentiles(), calls.watched():
        client("cloudwatch").describe_alarms()
        before = calls.tally.calls
        statistics("Sum", "Maximum")
        items = [{"Put": {"TableName": TABLE, "Item": {"session_id": {"S": key}}}} for key in "ab"]
        client("dynamodb").transact_write_items(TransactItems=items)
        assert (calls.tally.extended, len(calls.made)) == ({}, before + 4)
        statistics("Sum", "p90")
        client("lambda").get_function_configuration(FunctionName=CREATE)
        client("lambda").invoke(FunctionName=CREATE, Payload=json.dumps({}))
    assert calls.tally.extended == {
        "cloudwatch:GetMetricData": 1,
        "lambda:GetFunctionConfiguration": 1,
        "lambda:Invoke": 1,
    }
    assert calls.tally.calls == before + 7
