"""On-call at a terminal in front of the deployed stack, and an incident that waits for an answer."""

import json
from dataclasses import dataclass, replace

from typer.testing import CliRunner, Result

from liveness_ops.cli import app
from local_aws.client import LocalAws
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import play
from rehearsal.drill.stack import APPROVER, STACK, warm_up
from rehearsal.world.build import World
from rehearsal.world.names import ACCOUNT, LOGINS, REGION, ROLLOUT
from responder.aws.items import from_item
from responder.core.plain_data import Json
from tests.integration._local_aws import Keys, allow

# These ask nothing.
READING = ("incidents", "show", "leases", "tail", "selftest", "preflight")
STRANGER, POWERLESS, RICH = "person", "newcomer", "generous"
# A condition of a trust policy: the name of a session is that of the user.
OWN_NAME = {"Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}}
ASKS = replace(scenarios("high-error-rate", "asks-mode")[0], then=())


@dataclass
class OnCall:
    """A terminal in front of the local AWS, and the incident that waits for it."""

    aws: LocalAws
    keys: dict[str, dict[str, str]]
    incident: str

    def run(self, line: str, user: str = APPROVER, **environment: str) -> Result:
        settings = {**self.aws.environment(), **self.keys[user], **environment}
        where = ["--region", REGION, "--language", "en"]
        return CliRunner().invoke(app, [*line.split(), *where], env=settings)

    def machine(self, line: str, user: str = APPROVER) -> Json:
        done = self.run(f"{agreed(line)} --json", user)
        found: Json = json.loads(done.stdout)
        assert found["exit"] == done.exit_code
        return found

    def output(self, name: str) -> str:
        """Of the stack."""
        (stack,) = self.aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return next(str(one["OutputValue"]) for one in stack["Outputs"] if one["OutputKey"] == name)

    @property
    def parameters(self) -> dict[str, str]:
        pages = self.aws.client("ssm").get_paginator("get_parameters_by_path")
        found = pages.paginate(Path=f"/{STACK}", Recursive=True)
        return {each["Name"]: each["Value"] for page in found for each in page["Parameters"]}

    @property
    def rows(self) -> list[Json]:
        dynamodb = self.aws.client("dynamodb")
        table = next(name for name in dynamodb.list_tables()["TableNames"] if "-Approvals" in name)
        return [from_item(item) for item in dynamodb.scan(TableName=table)["Items"]]

    @property
    def percentages(self) -> list[str]:
        client = self.aws.client("lambda")
        found = (client.get_function_configuration(FunctionName=name) for name in LOGINS)
        return [each["Environment"]["Variables"][ROLLOUT] for each in found]


def agreed(line: str) -> str:
    """The command with every question answered by yes."""
    return line if line.split(maxsplit=1)[0] in READING else f"{line} --yes"


def waiting(aws: LocalAws) -> OnCall:
    """The mode is approve, Rekognition fails: going to 0 % waits for an answer, in the snapshot `asked`."""
    warm_up(aws, ("high-error-rate",))
    aws.restore(World.ROLLED_OUT)
    stacks = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    policy = next(one for one in stacks[0]["Outputs"] if one["OutputKey"] == "OperatorPolicy")
    keys = {
        APPROVER: user(aws, APPROVER, policy["OutputValue"]),
        STRANGER: user(aws, STRANGER, policy["OutputValue"]),
        POWERLESS: user(aws, POWERLESS),
        RICH: user(aws, RICH, policy["OutputValue"]),
    }
    broad = allow(["ssm:*", "lambda:*", "dynamodb:*"])
    everything = json.dumps({"Version": "2012-10-17", "Statement": [broad]})
    aws.client("iam").put_user_policy(UserName=RICH, PolicyName="broad", PolicyDocument=everything)
    aws.snapshot(World.ROLLED_OUT)
    played = play(aws, ASKS)
    aws.snapshot("asked")
    return OnCall(aws, keys, played.acts[0].report["incident"])


def user(aws: LocalAws, name: str, policy: str = "") -> dict[str, str]:
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    if policy:
        iam.attach_user_policy(UserName=name, PolicyArn=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def session(oncall: OnCall, role: str, name: str, trust: Json) -> str:
    """`name` takes a session of the role under this name; its ARN."""
    iam = oncall.aws.client("iam")
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, **trust}
    policy = {"Version": "2012-10-17", "Statement": [{**statement, "Action": "sts:AssumeRole"}]}
    made = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(policy))["Role"]
    iam.attach_role_policy(RoleName=role, PolicyArn=oncall.output("OperatorPolicy"))
    user(oncall.aws, name)
    may = {"Version": "2012-10-17", "Statement": [allow("sts:AssumeRole", made["Arn"])]}
    iam.put_user_policy(UserName=name, PolicyName="assume", PolicyDocument=json.dumps(may))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    given = Keys.of(key).client(oncall.aws, "sts").assume_role(RoleArn=made["Arn"], RoleSessionName=name)
    oncall.keys[name] = {
        "AWS_ACCESS_KEY_ID": given["Credentials"]["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["Credentials"]["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["Credentials"]["SessionToken"],
    }
    return str(given["AssumedRoleUser"]["Arn"])
