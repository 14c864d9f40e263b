"""What every look promises: its name, its needs, its words, its links."""

import re
from datetime import timedelta
from typing import Any

import pytest

from responder.core import console_links
from responder.core.liveness_function import LivenessFunction
from responder.evidence import Evidence
from responder.evidence.access import Access
from responder.evidence.bucket import Bucket
from responder.evidence.capacity import Capacity
from responder.evidence.cold_starts import ColdStarts
from responder.evidence.concurrency import Concurrency, Reservation
from responder.evidence.configuration import Config
from responder.evidence.creation_time import CreationTime
from responder.evidence.denied import DeniedCalls
from responder.evidence.failures import Failures
from responder.evidence.faults import Fault
from responder.evidence.health import AwsHealth
from responder.evidence.invocations import Invocations
from responder.evidence.modifications import RecentChanges
from responder.evidence.scores import ScoreSpread
from responder.evidence.service import QuotaHeadroom, ServiceMetrics
from responder.evidence.table import Table, TablePressure
from responder.evidence.timing import Timing
from responder.messages.language import say
from tests.fakes import FakeAws
from tests.fakes.gateway import api_name
from tests.rows import all_rows
from tests.texts import catalogue
from tests.unit.evidence.worlds import NOW, RESULT, Figures, Logs, context, keys

LOOKS: tuple[Evidence[Any], ...] = (
    Failures(),
    Invocations(),
    ServiceMetrics(),
    ScoreSpread(),
    *(Timing(function) for function in LivenessFunction),
    *(ColdStarts(function) for function in LivenessFunction),
    Config(),
    Table(),
    TablePressure(),
    RecentChanges(),
    AwsHealth(),
    Access(),
    QuotaHeadroom(),
    Capacity(),
    *(Concurrency(function) for function in LivenessFunction),
    *(Reservation(function) for function in LivenessFunction),
    DeniedCalls(),
    Bucket(),
    CreationTime(),
)
# Where IAM calls an operation by another name (service authorization reference).
NAMED_OTHERWISE = {
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
}


@pytest.fixture
def quiet(aws: FakeAws, figures: Figures, logs: Logs) -> FakeAws:
    aws.answer(
        "lambda", "get_function_configuration", {"Runtime": "python3.9", "LastModified": NOW.isoformat()}
    )
    aws.answer("lambda", "list_versions_by_function", {"Versions": []})
    aws.answer("cloudtrail", "lookup_events", {"Events": []})
    aws.answer("cloudformation", "describe_stack_events", {"StackEvents": []})
    aws.answer("dynamodb", "describe_table", {"Table": {"TableStatus": "ACTIVE"}})
    aws.answer("health", "describe_events", {"events": []})
    aws.answer("iam", "get_role_policy", {"PolicyDocument": {}})
    aws.answer("iam", "list_attached_role_policies", {"AttachedPolicies": []})
    for setting in ("get_bucket_policy", "get_public_access_block", "get_bucket_encryption"):
        aws.answer("s3", setting, {})
    aws.answer("lambda", "get_function_concurrency", {"ReservedConcurrentExecutions": 0})
    aws.answer("lambda", "get_account_settings", {})
    aws.answer("cloudwatch", "describe_alarms", {"MetricAlarms": []})
    return aws


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_look_calls_exactly_what_it_says_it_needs(
    quiet: FakeAws, figures: Figures, look: Evidence[Any]
) -> None:
    # A metric that does not arrive makes it read the alarms.
    figures.put("AWS/Lambda", "Invocations", [(NOW - timedelta(hours=1), 9.0)], FunctionName=RESULT)
    look.look(context(quiet))
    asked = {f"{service}:{api_name(service, operation)}" for service, operation, _ in quiet.calls}
    called = {NAMED_OTHERWISE.get(each, each) for each in asked}
    assert called == {need.action for need in look.needs()}
    assert quiet.writes == [] or {operation for _, operation in quiet.writes} == {"lookup_events"}


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_quiet_world_is_reported_in_words_that_exist(quiet: FakeAws, look: Evidence[Any]) -> None:
    findings = look.findings(look.look(context(quiet)), context(quiet))
    assert findings
    for finding in findings:
        assert finding.look == look.name
        texts = (finding.said, *finding.details)
        assert keys(*texts) <= set(catalogue())
        said = [say(each, language) for each in texts for language in ("ja", "en")]
        assert not [each for each in said if re.search(r"<[a-z_]+>", each)]


def test_names_are_unique_and_looks_can_be_keys() -> None:
    assert len({look.name for look in LOOKS}) == len(set(LOOKS)) == len(LOOKS)
    assert all(isinstance(look, Evidence) for look in LOOKS)


def test_every_look_and_every_fault_has_a_name_for_people() -> None:
    wanted = {f"evidence.look.{look.name.partition('.')[0]}" for look in LOOKS}
    wanted |= {f"evidence.fault.{fault}" for fault in Fault}
    assert wanted <= set(catalogue())


SPAN = (NOW - timedelta(hours=3), NOW)
ADDRESSES = [
    console_links.metrics("us-east-1", [("AWS/Lambda", "Errors", "FunctionName", "F")], SPAN),
    console_links.log_events("us-east-1", "/aws/lambda/F", *SPAN, '?ERROR ?"Task timed out"'),
    console_links.insights("us-east-1", ["/aws/lambda/F"], *SPAN, "fields @message | limit 5"),
    console_links.alarm("us-east-1", "FaceAuth Alarm"),
    console_links.function("us-east-1", "F"),
    console_links.table("us-east-1", "T"),
    console_links.trail("us-east-1", "F"),
    console_links.role("us-east-1", "R"),
    console_links.health("us-east-1"),
    console_links.bucket("us-east-1", "B"),
]


@all_rows("address", ADDRESSES)
def test_an_address_survives_mail_and_chat(address: str) -> None:
    assert re.fullmatch(r"https://[A-Za-z0-9.-]*console\.aws\.amazon\.com/[\w/?=&#:~'()*$.%@-]+", address)


def test_a_log_group_is_encoded_as_the_console_does_it() -> None:
    assert "log-group/$252Faws$252Flambda$252FF/log-events$3FfilterPattern$3D" in ADDRESSES[1]
    assert "$26start$3D1770189930000$26end$3D" in ADDRESSES[1]


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("ap-northeast-1", "console.aws.amazon.com"),
        ("cn-north-1", "console.amazonaws.cn"),
        ("us-gov-west-1", "console.amazonaws-us-gov.com"),
    ],
)
def test_links_go_to_the_console_of_the_region(region: str, host: str) -> None:
    assert console_links.dashboard(region, "A").startswith(f"https://{region}.{host}/")
    assert console_links.alarm(region, "A").startswith(f"https://{host}/cloudwatch/home?region={region}#")
