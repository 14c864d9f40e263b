"""The configuration look: names, never values."""

from datetime import UTC, datetime
from typing import Any

import pytest

from responder.core import lambda_runtimes
from responder.core.errors import Denied
from responder.core.finding import Finding, Tone
from responder.core.liveness_function import LivenessFunction
from responder.core.plain_data import Json
from responder.core.text import Text, text
from responder.evidence.configuration import Config, moment
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import CREATE, RESULT, context, keys

GOOD = {
    "LIVENESS_SESSIONS_TABLE": "FaceAuth-LivenessSessions",
    "FACE_AUTH_BUCKET": "face-auth-images-1-us-east-1",
    "LIVENESS_CONFIDENCE_THRESHOLD": "90.0",
}


def reported(aws: FakeAws, settings: Json | None = None, **answer: Any) -> Finding:
    whole = {
        "Runtime": "python3.12",
        "MemorySize": 256,
        "Timeout": 10,
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "LastModified": "2026-02-04T09:00:00.000+0000",
        "Environment": {"Variables": GOOD},
        **answer,
    }
    aws.answer("lambda", "get_function_configuration", whole)
    look, where = Config((LivenessFunction.CREATE,)), context(aws, **(settings or {}))
    fact = look.look(where)
    assert fact.functions[CREATE].modified == datetime(2026, 2, 4, 9, tzinfo=UTC)
    (finding,) = look.findings(fact, where)
    assert "face-auth-images" not in repr(fact) + repr(finding)
    return finding


def wrong(finding: Finding) -> Text:
    """What is wrong is the sentence, which is all that a mail shows; the rest is below."""
    reason = finding.said.values["reason"]
    assert isinstance(reason, Text)
    assert finding.details[0].key == "evidence.configuration"
    return reason


def test_a_function_as_expected_is_normal(aws: FakeAws) -> None:
    assert reported(aws).tone is Tone.NORMAL


def test_a_missing_variable_is_named(aws: FakeAws) -> None:
    finding = reported(aws, Environment={"Variables": {"FACE_AUTH_BUCKET": "face-auth-images-1"}})
    assert finding.tone is Tone.RED
    missing = {"names": "LIVENESS_CONFIDENCE_THRESHOLD, LIVENESS_SESSIONS_TABLE"}
    assert wrong(finding) == Text("evidence.configuration.missing", missing)


def test_a_wrong_variable_is_named_but_its_value_stays_here(aws: FakeAws) -> None:
    finding = reported(aws, Environment={"Variables": {**GOOD, "LIVENESS_SESSIONS_TABLE": "SomeSecretTable"}})
    assert wrong(finding) == text("evidence.configuration.wrong", names="LIVENESS_SESSIONS_TABLE")
    assert "SomeSecretTable" not in repr(finding)


def test_the_bucket_is_compared_only_where_it_is_known(aws: FakeAws) -> None:
    assert reported(aws).tone is Tone.NORMAL
    assert reported(aws, settings={"bucket": "another"}).tone is Tone.RED


def test_variables_that_cannot_be_decrypted_are_not_called_missing(aws: FakeAws) -> None:
    finding = reported(aws, Environment={"Error": {"ErrorCode": "AccessDeniedException", "Message": "kms"}})
    assert wrong(finding) == text("evidence.configuration.unreadable")
    assert "evidence.configuration.missing" not in keys(*finding.details)


@pytest.mark.parametrize(
    ("answer", "tone"),
    [
        ({"State": "Failed"}, Tone.RED),
        ({"State": "Inactive"}, Tone.NORMAL),
        ({"LastUpdateStatus": "Failed"}, Tone.RED),
        ({"LastUpdateStatus": "InProgress"}, Tone.AMBER),
        ({"Runtime": "python3.9"}, Tone.AMBER),
        ({"Runtime": "python2.7"}, Tone.AMBER),
        ({"VpcConfig": {"VpcId": "vpc-1"}}, Tone.NORMAL),
        ({"VpcConfig": {"VpcId": ""}}, Tone.NORMAL),
    ],
)
def test_what_is_unusual_is_seen(aws: FakeAws, answer: Json, tone: Tone) -> None:
    assert reported(aws, **answer).tone is tone


def test_the_runtime_table_warns_when_it_is_ninety_days_old() -> None:
    assert not lambda_runtimes.table_is_old(lambda_runtimes.CHECKED + lambda_runtimes.TRUSTED_FOR)
    assert lambda_runtimes.table_is_old(datetime(2030, 1, 1, tzinfo=UTC).date())


def test_updates_are_refused_only_after_support_has_ended() -> None:
    for ends, refused in lambda_runtimes.DATES.values():
        assert ends < refused
    assert lambda_runtimes.updates_refused_from("python3.9") == lambda_runtimes.DATES["python3.9"][1]
    assert lambda_runtimes.updates_refused_from("nodejs22.x") is None


def test_a_time_that_aws_did_not_give_is_long_ago() -> None:
    assert moment(None).year == 1970


def test_one_function_that_cannot_be_read_does_not_hide_the_other(aws: FakeAws) -> None:
    def answer(**asked: str) -> Json:
        if asked["FunctionName"] == CREATE:
            raise Denied("lambda", "GetFunctionConfiguration", "AccessDeniedException")
        return {"Role": "arn:aws:iam::123456789012:role/service/Runs", "Environment": {"Variables": GOOD}}

    aws.answer("lambda", "get_function_configuration", answer)
    look, where = Config(), context(aws)
    fact = look.look(where)
    assert [(name, each.role) for name, each in fact.functions.items()] == [(RESULT, "Runs")]
    assert [each.tone for each in look.findings(fact, where)][-1] is Tone.UNKNOWN
    assert CREATE in str(look.findings(fact, where)[-1].said.values)
