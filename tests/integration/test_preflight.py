"""`liveness-ops preflight` on the local AWS: both worlds, pieces missing, exactly the rights it prints."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from liveness_ops.cli import app
from liveness_ops.preflight.looking import NEEDS, SECRET
from local_aws.client import LocalAws
from rehearsal.world.build import World
from rehearsal.world.names import (
    ACCOUNT,
    CREATE,
    INDEX,
    LIVENESS,
    LOGINS,
    POLICY,
    REGION,
    ROLE,
    STACK,
    TABLE,
    bucket,
)
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.integration.on_call import user

pytestmark = pytest.mark.timeout(180)
ADDRESS = "OnCallEmail=ops@company.example"
CHANNEL = "T0TEAM/C0ONCALL"
READER = "reader"
ACTIONS = sorted(each.action for each in (*NEEDS, SECRET))
# Used for what another of them lists; the last for what the one before lists.
OF_WHAT_IS_LISTED = ("cloudformation:ListStackResources", "dynamodb:DescribeTable", "lambda:ListAliases")
OF_ALIASES = ("lambda:ListVersionsByFunction",)
SECRET_VALUE = "xoxb-must-never-be-seen"  # pragma: allowlist secret


class Terminal:
    """A terminal in front of the local AWS."""

    def __init__(self, aws: LocalAws, secret: str) -> None:
        self.aws, self.secret = aws, secret
        self.keys: dict[str, str] = {}

    def run(self, line: str = ADDRESS, region: str = REGION, **environment: str) -> Result:
        settings = {**self.aws.environment(), **self.keys, **environment}
        where = ["--region", region, "--language", "en"]
        return CliRunner().invoke(app, ["preflight", *where, *line.split()], env=settings)

    def reported(self, line: str = ADDRESS, region: str = REGION, **environment: str) -> Json:
        done = self.run(f"{line} --json", region, **environment)
        found: Json = json.loads(done.stdout)
        assert found["exit"] == done.exit_code
        return found

    def may(self, *without: str, secret: bool = True) -> None:
        """From now on the reader acts, with the printed policy but for these actions."""
        line = f"{self.slack if secret else ADDRESS} --policy"
        document = self.reported(line)["policy"]
        for statement in document["Statement"]:
            statement["Action"] = [each for each in statement["Action"] if each not in without]
        document["Statement"] = [each for each in document["Statement"] if each["Action"]]
        self.aws.client("iam").put_user_policy(
            UserName=READER, PolicyName="preflight", PolicyDocument=json.dumps(document)
        )

    @property
    def slack(self) -> str:
        return f"{ADDRESS} SlackSecretArn={self.secret} SlackChannel={CHANNEL}"


@pytest.fixture(params=[World.ROLLED_OUT])
def terminal(service: LocalAws, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    service.restore(request.param)
    stored = {"bot_token": SECRET_VALUE, "signing_secret": SECRET_VALUE}
    made = service.client("secretsmanager").create_secret(Name="slack", SecretString=json.dumps(stored))
    yield Terminal(service, made["ARN"])
    service.settings(concurrent_executions=1000)


@pytest.fixture
def reader(terminal: Terminal) -> Terminal:
    terminal.keys = user(terminal.aws, READER)
    # What a deployed responder is asked for, too.
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "1"}}
    body = json.dumps({"Resources": {"Incidents": parameter}})
    terminal.aws.client("cloudformation").create_stack(StackName="liveness-responder", TemplateBody=body)
    return terminal


def problems(reported: Json) -> list[tuple[str, str]]:
    return [(each["kind"], each["subject"]) for each in reported["lines"] if each["weight"] != "note"]


def test_once_rolled_out_it_is_ready(terminal: Terminal) -> None:
    answer = terminal.reported()
    assert (answer["exit"], problems(answer)) == (0, [])
    assert (answer["account"], answer["region"]) == (ACCOUNT, REGION)
    assert answer["command"].startswith(
        "sam build && sam deploy --stack-name liveness-responder --region us-east-1"
    )


@pytest.mark.parametrize("terminal", [World.AS_DEPLOYED], indirect=True)
def test_as_deployed_it_names_what_remedies_lack(terminal: Terminal) -> None:
    answer = terminal.reported()
    assert (answer["exit"], {kind for kind, _ in problems(answer)}) == (1, {"no_variable", "no_alias"})


def test_people_read_the_same_as_machines_in_lines(terminal: Terminal) -> None:
    for language in ("ja", "en"):
        answer = terminal.reported(f"{ADDRESS} --language {language}")
        said = terminal.run(f"{ADDRESS} --language {language}").stdout
        assert all(each["message"] in said and each["todo"] in said for each in answer["lines"])
        assert answer["command"] in said.splitlines()


def _without_index(aws: LocalAws) -> None:
    update = [{"Delete": {"IndexName": INDEX}}]
    aws.client("dynamodb").update_table(TableName=TABLE, GlobalSecondaryIndexUpdates=update)


def _empty_bucket(aws: LocalAws) -> None:
    aws.client("s3").delete_bucket(Bucket=bucket())


def _logs(name: str) -> Callable[[LocalAws], Any]:
    return lambda aws: aws.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{name}")


def _function(name: str) -> Callable[[LocalAws], Any]:
    return lambda aws: aws.client("lambda").delete_function(FunctionName=name)


def _no_policy(aws: LocalAws) -> None:
    aws.client("iam").delete_role_policy(RoleName=ROLE, PolicyName=POLICY)


def _no_role(aws: LocalAws) -> None:
    iam = aws.client("iam")
    _no_policy(aws)
    for each in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=ROLE, PolicyArn=each["PolicyArn"])
    iam.delete_role(RoleName=ROLE)


ALARM = f"{CREATE}-Errors"
# A missing function hides its log group, a table its index, a role its policy: so there are two looks.
# Each alone is in tests/unit/preflight.
MISSING: tuple[dict[tuple[str, str], Callable[[LocalAws], Any]], ...] = (
    {
        ("function", CREATE): _function(CREATE),
        ("function", LOGINS[3]): _function(LOGINS[3]),
        ("table", TABLE): lambda aws: aws.client("dynamodb").delete_table(TableName=TABLE),
        ("bucket", bucket()): _empty_bucket,
        ("role", ROLE): _no_role,
        ("stack", STACK): lambda aws: aws.client("cloudformation").delete_stack(StackName=STACK),
    },
    {
        ("alarm", ALARM): lambda aws: aws.client("cloudwatch").delete_alarms(AlarmNames=[ALARM]),
        ("log_group", f"/aws/lambda/{LIVENESS[1]}"): _logs(LIVENESS[1]),
        ("index", INDEX): _without_index,
        ("policy", POLICY): _no_policy,
        ("small_account", "10"): lambda aws: aws.settings(concurrent_executions=10),
    },
)


@pytest.mark.parametrize("missing", MISSING, ids=["large", "small"])
def test_each_missing_piece_is_one_line(
    terminal: Terminal, missing: dict[tuple[str, str], Callable[[LocalAws], Any]]
) -> None:
    for remove in missing.values():
        remove(terminal.aws)
    answer = terminal.reported()
    assert sorted(problems(answer)) == sorted(missing)
    assert answer["exit"] == 1


def test_the_printed_policy_is_enough(reader: Terminal) -> None:
    wanted = reader.reported(reader.slack, **reader.aws.environment())
    reader.may()
    answer = reader.reported(reader.slack)
    assert answer["exit"] == 0
    assert {**answer, "principal": ""} == {**wanted, "principal": ""}


def test_without_slack_no_secret_is_asked_for(reader: Terminal) -> None:
    reader.may(secret=False)
    assert reader.reported()["exit"] == 0
    assert problems(reader.reported(reader.slack)) == [("unread", SECRET.action)]


def test_without_any_right_each_one_is_named(reader: Terminal) -> None:
    answer = reader.reported(reader.slack)
    assert answer["exit"] == 2
    named = [action for action in ACTIONS if action not in (*OF_WHAT_IS_LISTED, *OF_ALIASES)]
    assert sorted(problems(answer)) == [("unread", action) for action in named]


@pytest.mark.parametrize("without", [OF_WHAT_IS_LISTED, OF_ALIASES], ids=str)
def test_without_a_right_to_look_closer_it_is_named_and_the_rest_is_read(
    reader: Terminal, without: Strings
) -> None:
    reader.may(*without)
    answer = reader.reported(reader.slack)
    assert answer["exit"] == 2
    assert sorted(problems(answer)) == [("unread", action) for action in without]


def test_nothing_is_written(reader: Terminal) -> None:
    reader.may()
    reader.reported(reader.slack)
    key = {"AttributeKey": "AccessKeyId", "AttributeValue": reader.keys["AWS_ACCESS_KEY_ID"]}
    events = reader.aws.client("cloudtrail").lookup_events(LookupAttributes=[key])["Events"]
    assert len(events) > 10
    assert [each["EventName"] for each in events if each["ReadOnly"] == "false"] == []


def test_a_secret_is_never_shown(terminal: Terminal) -> None:
    assert SECRET_VALUE not in terminal.run(terminal.slack).output
    terminal.aws.client("secretsmanager").put_secret_value(
        SecretId="slack",  # pragma: allowlist secret
        SecretString='{"bot_token": "x"}',  # pragma: allowlist secret
    )
    assert problems(terminal.reported(terminal.slack)) == [("secret_keys", terminal.secret)]
    other = f"{terminal.secret[:-1]}x"
    gone = f"{ADDRESS} SlackSecretArn={other} SlackChannel={CHANNEL}"
    assert problems(terminal.reported(gone)) == [("no_secret", other)]


def test_a_value_of_a_variable_is_never_shown(terminal: Terminal) -> None:
    client = terminal.aws.client("lambda")
    values = client.get_function_configuration(FunctionName=LOGINS[0])["Environment"]["Variables"]
    said = terminal.run(f"{ADDRESS} --json").output
    assert [name for name in ("AD_SERVER_URL", "COGNITO_CLIENT_ID") if values[name] in said] == []


def test_in_another_region_it_reports_it_and_where_the_service_is(terminal: Terminal) -> None:
    answer = terminal.reported(region="ap-northeast-1")
    assert (answer["exit"], answer["command"], problems(answer)) == (1, "", [("elsewhere", REGION)])
    lost = terminal.reported(region="ap-northeast-1", AWS_DEFAULT_REGION="ap-northeast-1")
    assert problems(lost) == [("nowhere", "ap-northeast-1")]


def test_in_another_account_it_names_the_account(terminal: Terminal) -> None:
    answer = terminal.reported(AWS_ACCESS_KEY_ID="210987654321")
    assert (answer["exit"], answer["command"], problems(answer)) == (1, "", [("nowhere", REGION)])
    assert "210987654321" in answer["lines"][0]["message"]


UNSEEN = {
    "no network": {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
    "no such profile": {"AWS_PROFILE": "none-such"},
    "no credentials": {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
}


@pytest.mark.parametrize("trouble", UNSEEN)
def test_where_nothing_can_be_seen_there_is_one_line(terminal: Terminal, trouble: str) -> None:
    done = terminal.run(**UNSEEN[trouble])
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert terminal.reported(**UNSEEN[trouble])["exit"] == 2


BAD = (
    "OnCallEmail",
    "OnCallMail=a@b",
    "OnCallEmail=nobody",
    "--stack under_score",
    "--world rolled-out",
    "--world x",
)


@pytest.mark.parametrize("line", BAD)
def test_bad_input_ends_with_2_before_anything_is_asked(terminal: Terminal, line: str) -> None:
    nowhere = "http://127.0.0.1:9"
    assert terminal.run(line, AWS_ENDPOINT_URL=nowhere).exit_code == 2
    assert terminal.reported(line, AWS_ENDPOINT_URL=nowhere)["exit"] == 2


@pytest.mark.long
def test_local_starts_an_aws_with_one_of_the_worlds_whatever_keys_the_shell_has() -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAOTHER", "AWS_SECRET_ACCESS_KEY": "other"}
    shell = {"AWS_ENDPOINT_URL": "", "AWS_PROFILE": "of-another-account", **keys}
    line = ["preflight", ADDRESS, "--local", "--world", World.ROLLED_OUT.value, "--json"]
    done = CliRunner().invoke(app, line, env=shell)
    assert (done.exit_code, json.loads(done.stdout)["account"]) == (0, ACCOUNT)
