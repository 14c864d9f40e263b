"""Every parameter of the template is read as the service reads it that gets its value, before anything is
made: a wrong value is one line that names the parameter."""

import json

import pytest
from typer.testing import CliRunner, Result

from liveness_ops.cli import app
from liveness_ops.people import command_runner
from liveness_ops.people.exits import EarlyExit
from liveness_ops.preflight.form import parameters
from liveness_ops.preflight.grammar import GRAMMARS, problem
from responder.aws.operations import Request
from responder.core.plain_data import Json
from responder.core.text import Text
from responder.detection.choice import rules_for
from responder.messages.language import say
from tests.unit.preflight.account import ADDRESS, SLACK, TEMPLATE
from tests.unit.preflight.test_looking import Answers

SCHEDULE, ZONE = "BackupSchedule", "CheckZone"
WRONG = (
    ("InitialMode", "careful"),
    ("Language", "fr"),
    ("FirstApprover", "arn:aws:iam::123456789012:root"),
    ("FirstApprover", "123456789012"),
    ("FirstApprover", "arn:aws:iam::123456789012:role/Admin"),
    ("FirstApprover", "arn:aws:iam::123456789012:group/Admins"),
    ("FirstApprover", "arn:aws:sts::123456789012:assumed-role/Admin"),
    ("FirstApprover", "arn:aws:sts::123456789012:federated-user/bob"),
    ("FirstApprover", "arn:aws:lambda:us-east-1:123456789012:function:x"),
    ("FirstApprover", "aiko"),
    ("OnCallEmail", "nobody"),
    ("OnCallEmail", "a@b"),
    ("OnCallEmail", "a b@company.example"),
    ("Level2Email", "a@b@company.example"),
    ("Level3Email", "ops@-company.example"),
    ("Level4Email", "ops@company..example"),
    ("LastResortEmail", "Ops <ops@company.example>"),
    ("OnCallEmail", ".ops@company.example"),
    ("OnCallEmail", "ops.@company.example"),
    ("OnCallEmail", "ops..night@company.example"),
    ("OnCallEmail", "ops@192.0.2.1"),
    ("OnCallEmail", "x" * 65 + "@company.example"),
    ("SlackSecretArn", "slack"),
    ("SlackSecretArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:slack"),
    ("SlackSecretArn", "arn:aws:ssm:us-east-1:123456789012:parameter/slack"),
    ("SlackChannel", "#on-call"),
    ("SlackChannel", "https://app.slack.com/client/T0TEAM/C0ONCALL"),
    ("CreateFunctionName", ""),
    ("CreateFunctionName", "arn:aws:lambda:us-east-1:123456789012:function:x"),
    ("ResultFunctionName", "x:live"),
    ("EnrollmentFunctionName", "x" * 65),
    ("FaceLoginFunctionName", "with blank"),
    ("SessionsTableName", "ab"),
    ("SessionsTableName", "arn:aws:dynamodb:us-east-1:123456789012:table/x"),
    ("SessionsIndexName", "a/b"),
    ("ImagesBucketName", "Images"),
    ("ImagesBucketName", "s3://images"),
    ("ImagesBucketName", "192.168.5.4"),
    ("ImagesBucketName", "images-s3alias"),
    ("ServiceRoleName", "path/Role"),
    ("ServiceRoleName", "arn:aws:iam::123456789012:role/x"),
    ("ServiceStackName", "1st"),
    ("MetricNamespace", ":x"),
    ("MetricNamespace", "顔認証"),
    ("LowConfidenceAlarmName", ""),
    ("HighErrorRateAlarmName", "x" * 256),
    ("SlowVerificationAlarmName", "two\nlines"),
    ("GetResultErrorsAlarmName", "\u202eevil"),
    ("AlarmPrefix", ""),
    ("OurAlarms", "yes"),
    ("SlowSessionCreationSeconds", "-1"),
    ("SlowSessionCreationSeconds", "inf"),
    ("MinimumSureFaults", "0"),
    ("MinimumSureFaults", "2.5"),
    ("MinimumFaults", "1_0"),
    ("MinimumFailedChecks", "١"),
    ("SureFaultsSeconds", "60"),
    ("RateSeconds", "3600.0"),
    ("SuccessRatePercent", "101"),
    ("ErrorRatePercent", "1%"),
    ("SlowResultSeconds", "0"),
    ("CheckHour", "24"),
    ("CheckHour", "9.5"),
    (ZONE, "Mars/One"),
    (ZONE, "JST"),
    (ZONE, "Factory"),
    (ZONE, "localtime"),
    (ZONE, "asia/tokyo"),
    (ZONE, "UTC+9"),
    (ZONE, "../etc/passwd"),
    ("ReservedConcurrency", "5"),
    (SCHEDULE, "cron(99 99 ? * MON *)"),
    (SCHEDULE, "cron(45 8 * * * *)"),
    (SCHEDULE, "cron(45 8 ? * ? *)"),
    (SCHEDULE, "cron(45 8 1 * MON *)"),
    (SCHEDULE, "cron(45 8 ? * MON)"),
    (SCHEDULE, "cron(45 8 ? * MON * *)"),
    (SCHEDULE, "cron(45 8 ? * 0 *)"),
    (SCHEDULE, "cron(45 8 ? * MONDAY *)"),
    (SCHEDULE, "cron(45 8 ? * MON#6 *)"),
    (SCHEDULE, "cron(45 8 32 * ? *)"),
    (SCHEDULE, "cron(45 8 32W * ? *)"),
    (SCHEDULE, "cron(45 8 L-31 * ? *)"),
    (SCHEDULE, "cron(45 8 1 13 ? *)"),
    (SCHEDULE, "cron(45 8 1 * ? 1969)"),
    (SCHEDULE, "cron(*/0 8 1 * ? *)"),
    (SCHEDULE, "cron(1,,2 8 1 * ? *)"),
    (SCHEDULE, "cron(0 9 ? * ?,MON *)"),
    (SCHEDULE, "cron(0 9 ? * 3#1,6#3 *)"),
    (SCHEDULE, "cron(? 9 1 * ? *)"),
    (SCHEDULE, "cron(*-5 9 1 * ? *)"),
    (SCHEDULE, "cron(0/ 9 1 * ? *)"),
    (SCHEDULE, "cron(0 9 1 * ? 2025)"),
    (SCHEDULE, "cron(15 10 ? * 6L 2019-2024)"),
    (SCHEDULE, "cron(0 9 31 2 ? *)"),
    (SCHEDULE, "cron(0 9 31 APR,JUN,SEP,NOV ? *)"),
    (SCHEDULE, "cron(0 9 29 2 ? 2027)"),
    (SCHEDULE, "rate(0 days)"),
    (SCHEDULE, "rate(1 week)"),
    (SCHEDULE, "at(2026-12-24T18:00:00)"),
    (SCHEDULE, "every Monday"),
)  # fmt: skip
RIGHT = (
    *ADDRESS.items(),
    *SLACK.items(),
    ("FirstApprover", "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/a@b.c"),
    ("FirstApprover", ""),
    ("OnCallEmail", "first.last+on-call@a.b.company.example"),
    ("OnCallEmail", "x" * 64 + "@1.company.4th"),
    ("ImagesBucketName", "my.images-2"),
    ("MetricNamespace", "Custom Metrics/a=b"),
    ("LowConfidenceAlarmName", "顔認証 ✓ :secret: [bold]"),
    (ZONE, "UTC"),
    (ZONE, "America/Argentina/Buenos_Aires"),
    (ZONE, "Etc/GMT-9"),
    (SCHEDULE, ""),
    (SCHEDULE, "rate(1 day)"),
    (SCHEDULE, "rate(1 hours)"),
    (SCHEDULE, "rate(12 hours)"),
    # The examples of AWS's page.
    (SCHEDULE, "cron(0 10 * * ? *)"),
    (SCHEDULE, "cron(15 12 * * ? *)"),
    (SCHEDULE, "cron(0 18 ? * MON-FRI *)"),
    (SCHEDULE, "cron(0 8 1 * ? *)"),
    (SCHEDULE, "cron(0/15 * * * ? *)"),
    (SCHEDULE, "cron(0/10 * ? * MON-FRI *)"),
    (SCHEDULE, "cron(0/5 8-17 ? * MON-FRI *)"),
    (SCHEDULE, "cron(15 10 ? * 6L 2019-2199)"),
    (SCHEDULE, "cron(0 9 ? * 2#1 *)"),
    # What none of its pages refuses.
    (SCHEDULE, "cron(0 9 ? * FRI-MON *)"),
    (SCHEDULE, "cron(45-30 22-6 ? NOV-FEB 7 *)"),
    (SCHEDULE, "cron(0 9 ? feb mon *)"),
    (SCHEDULE, "cron(0 9 ? * fri#1 *)"),
    (SCHEDULE, "cron(0/60 0/24 1/31 * ? *)"),
    (SCHEDULE, "cron(0 9 1,15,L * ? *)"),
    (SCHEDULE, "cron(0 9 31 2,3 ? *)"),
    (SCHEDULE, "cron(0 9 29 2 ? *)"),
    (SCHEDULE, "cron(0 0 LW JAN,JUL ? *)"),
    (SCHEDULE, "cron(0 0 3W * ? *)"),
    (SCHEDULE, "cron(0 0 L-3 * ? *)"),
)  # fmt: skip
FOREIGN = (
    ("FirstApprover", "arn:aws:iam::210987654321:user/me"),
    ("FirstApprover", "arn:aws-cn:iam::123456789012:user/me"),
    ("SlackSecretArn", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-AbCdEf"),
    ("SlackSecretArn", "arn:aws:secretsmanager:us-east-1:210987654321:secret:slack-AbCdEf"),
)


class Account(Answers):
    """AWS; keeps what it was asked in `asked`."""


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    aws = Account()
    monkeypatch.setattr(command_runner, "open_aws", lambda _: (aws, "us-east-1"))
    return aws


def run(*typed: str) -> Result:
    return CliRunner().invoke(app, ["preflight", *typed, "--language", "en"])


def test_every_parameter_is_judged() -> None:
    """A new one needs a row in `GRAMMARS`, unless the template lists its values."""
    listed = {name for name, about in TEMPLATE["Parameters"].items() if "AllowedValues" in about}
    assert GRAMMARS.keys() == TEMPLATE["Parameters"].keys() - listed


def test_what_the_template_has_itself_is_well_formed() -> None:
    defaults = {
        name: str(about["Default"]) for name, about in TEMPLATE["Parameters"].items() if "Default" in about
    }
    assert [
        name for name, value in defaults.items() if problem(name, value, TEMPLATE["Parameters"][name])
    ] == []
    for sessions in (10, 100, 300, 1000, 20_000):
        assert parameters(
            [f"{name}={value}" for name, value in rules_for(sessions).overrides.items()], TEMPLATE
        )


def test_at_least_forty_wrong_values_are_tried_and_every_parameter_is_among_them() -> None:
    assert len(WRONG) >= 40
    assert {judge for name, judge in GRAMMARS.items()} <= {
        GRAMMARS[name] for name, _ in WRONG if name in GRAMMARS
    }


@pytest.mark.parametrize(("parameter", "value"), WRONG)
def test_a_wrong_value_is_one_line_and_nothing_is_asked_or_made(
    account: Account, parameter: str, value: str
) -> None:
    done = run(f"{parameter}={value}")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert parameter in done.stderr
    assert account.asked == []
    machine: Json = json.loads(run(f"{parameter}={value}", "--json").stdout)
    assert (machine["exit"], machine["parameter"]) == (2, parameter)


@pytest.mark.parametrize(
    ("typed", "en", "ja"),
    [
        ("MinimumFaults=0", "'0'; allowed: 1 or more", "1 以上"),
        ("MinimumFaults=99999999999", "a whole number from 1 to 999,999,999", "1～999,999,999 の整数"),
        ("MinimumFaults=1e5", "a whole number from 1 to 999,999,999", "1～999,999,999 の整数"),
        ("CheckHour=9.5", "a whole number from 0 to 23", "0～23 の整数"),
        ("SuccessRatePercent=101", "'101'; allowed: 0 to 100", "0～100"),
        ("SlowSessionCreationSeconds=-1", "a number from 0 to 999,999,999", "0～999,999,999 の数値"),
        ("AlarmPrefix= x", "does not accept ' x'", "' x' は"),
        ("AlarmPrefix=x\u3000", "'x\\u3000'", "'x\\u3000'"),
        ("InitialMode=", "does not accept ''", "'' は"),
        ("OnCallEmail=" + "x" * 400, "'" + "x" * 100 + "…'", "'" + "x" * 100 + "…'"),
        ("=x", "'=x' does not have the form PARAMETER=VALUE", "パラメーター=値"),
    ],
)
def test_the_line_shows_what_was_typed_and_what_is_allowed(typed: str, en: str, ja: str) -> None:
    with pytest.raises(EarlyExit) as wrong:
        parameters([typed], TEMPLATE)
    assert isinstance(wrong.value.said, Text)
    assert en in say(wrong.value.said, "en")
    assert ja in say(wrong.value.said, "ja")


@pytest.mark.parametrize(("parameter", "value"), RIGHT)
def test_what_the_service_takes_is_taken(parameter: str, value: str) -> None:
    assert parameters([f"{parameter}={value}"], TEMPLATE) == {parameter: value}


def test_many_wrong_values_are_one_line_each(account: Account) -> None:
    done = run(*(f"{parameter}={value}" for parameter, value in WRONG))
    assert (done.exit_code, done.stderr.count("\n"), account.asked) == (2, len(WRONG), [])


@pytest.mark.parametrize(("parameter", "value"), FOREIGN)
def test_an_arn_of_elsewhere_is_one_line_and_only_reads_were_sent(
    account: Account, parameter: str, value: str
) -> None:
    given = {**(SLACK if parameter == "SlackSecretArn" else ADDRESS), parameter: value}
    done = run(*(f"{name}={each}" for name, each in given.items()), "--json")
    found = json.loads(done.stdout)
    (said,) = [each for each in found["lines"] if parameter in each["message"]]
    assert (said["kind"], said["weight"]) == ("foreign_arn", "blocks")
    assert found["exit"] == done.exit_code == 1
    assert [each for each in account.asked if not Request(*each, {}).reads] == []


def test_a_schedule_that_never_runs_gets_a_different_sentence() -> None:
    said = problem(SCHEDULE, "cron(0 9 31 2 ? *)", {})
    assert said is not None
    assert "never" in say(said, "en")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_root_is_refused_with_a_sentence(language: str) -> None:
    said = problem("FirstApprover", "arn:aws:iam::123456789012:root", {})
    assert said is not None
    assert {"ja": "ルートユーザー", "en": "root user"}[language] in say(said, language)
