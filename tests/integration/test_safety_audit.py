"""The checks of storage, table, backups and security against the local AWS, each under its function's role.

Of the service as deployed, one fact about bucket, table and role is a fault: the manual
wants versions, and they are off. That the functions share one role breaks no promise (the manual's own review
is of that role); their runtime is a matter of readiness.
"""

import json
import shlex
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from liveness_ops.cli import app
from local_aws.client import LocalAws
from rehearsal.world.names import CREATE, REGION, ROLE, TABLE, bucket
from responder.aws.boto import Boto
from responder.checks.backups.age import Backups
from responder.checks.backups.making import back_up
from responder.checks.base import Check
from responder.checks.finding import AMBER, GREEN, RED, CheckItem, CheckStatus
from responder.checks.security.audit import Security
from responder.checks.storage.bucket import Storage
from responder.checks.storage.table import SessionsTable
from responder.core.context import Context
from responder.core.settings import Settings
from tests.fakes.lines import Asked, asked, requests
from tests.integration._stacks import create, parameters, without_code
from tests.integration.test_our_stack import STACK

pytestmark = pytest.mark.timeout(300)
WEEKLY: tuple[Check, ...] = (Storage(), SessionsTable(), Backups())
VERSIONS = ("security", "check.security.no_versions", AMBER)
DEPLOYED = "deployed"


@pytest.fixture(scope="module")
def running(service: LocalAws) -> LocalAws:
    grown(service)
    deploy(service)
    with acting(service, "sessions-backup") as context:
        back_up({}, context)  # as every week
    service.snapshot(DEPLOYED)
    return service


@pytest.fixture
def aws(running: LocalAws) -> LocalAws:
    running.restore(DEPLOYED)
    return running


def grown(aws: LocalAws) -> None:
    """An image, and the figures that S3 puts each day."""
    key = "liveness-audit/one/reference.jpg"
    aws.client("s3").put_object(Bucket=bucket(), Key=key, Body=b"a face")
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for name, kind in (("BucketSizeBytes", "StandardStorage"), ("NumberOfObjects", "AllStorageTypes")):
        where = [{"Name": "BucketName", "Value": bucket()}, {"Name": "StorageType", "Value": kind}]
        data = [
            {"MetricName": name, "Dimensions": where, "Timestamp": today - timedelta(days=day), "Value": 2e9}
            for day in range(1, 12)
        ]
        aws.client("cloudwatch").put_metric_data(Namespace="AWS/S3", MetricData=data)


def deploy(aws: LocalAws) -> None:
    chosen = {
        "InitialMode": "observe",
        "OnCallEmail": "on-call@example.com",
        "FirstApprover": f"arn:aws:iam::{aws.account}:user/aiko",
    }
    create(aws, STACK, TemplateURL=without_code(aws), Parameters=parameters(chosen))


@contextmanager
def acting(aws: LocalAws, slug: str) -> Iterator[Context]:
    """As a function of the stack: its settings, its role's permissions."""
    name = f"{STACK}-{slug}"
    reported = aws.client("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    now = datetime.now(UTC)
    with pytest.MonkeyPatch.context() as environment:
        for variable, value in aws.assume(name).items():
            environment.setenv(variable, value)
        yield Context(Boto(REGION), Settings.read(reported), now, now)


def found(aws: LocalAws) -> list[tuple[str, CheckItem]]:
    with acting(aws, "weekly-check") as context:
        sections = [check.run(context) for check in WEEKLY]
    with acting(aws, "monthly-check") as context:
        sections.append(Security().run(context))
    return [(section.name, item) for section in sections for item in section.items]


def faults(items: list[tuple[str, CheckItem]]) -> set[tuple[str, str, CheckStatus]]:
    return {(name, item.said.key, item.light) for name, item in items if item.light is not GREEN}


def test_as_deployed_the_one_fault_is_that_there_are_no_versions_and_its_command_fixes_it(
    aws: LocalAws, tmp_path: Path
) -> None:
    seen = found(aws)
    assert faults(seen) == {VERSIONS}
    (command,) = [item.command for _, item in seen if item.light is not GREEN]
    # What is green and has a command is a hint; that, too, runs and breaks nothing.
    hints = [item.command for _, item in seen if item.light is GREEN and item.command]
    ours(aws, command, tmp_path)
    for each in hints:
        run(aws, each)
    assert hints
    assert {item.light for _, item in found(aws)} == {GREEN}


def ours(aws: LocalAws, command: str, at: Path) -> None:
    program, *words = shlex.split(command)
    with chdir(at):
        done = CliRunner().invoke(app, [*words, "--yes"], env=aws.environment() | registered(aws))
    assert (program, done.exit_code) == ("liveness-ops", 0), done.output


def registered(aws: LocalAws) -> dict[str, str]:
    """Keys of the first approver, who has every right."""
    iam = aws.client("iam")
    iam.create_user(UserName="aiko")
    iam.attach_user_policy(UserName="aiko", PolicyArn=ADMINISTRATOR)
    key = iam.create_access_key(UserName="aiko")["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def run(aws: LocalAws, command: str) -> None:
    questions = list(asked(command))
    for request, query, said in questions:
        try:
            answer = getattr(aws.client(request.service), request.operation)(**request.arguments)
        except ClientError as error:
            answer = error.response
        assert Asked(request, query, said).holds(answer)
    read = [each.request for each in questions]
    for service, operation, arguments in (each for each in requests(command) if each not in read):
        getattr(aws.client(service), operation)(**arguments)


EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
OPEN = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
    "Action": "s3:GetObject",
    "Resource": f"arn:aws:s3:::{bucket()}/*",
}


def our_role(aws: LocalAws) -> str:
    role = aws.client("lambda").get_function_configuration(FunctionName=f"{STACK}-high-error-rate")["Role"]
    return str(role).rpartition("/")[2]


def spoil(service: str, operation: str, **arguments: Any) -> Callable[[LocalAws], None]:
    def call(aws: LocalAws) -> None:
        given = {name: value(aws) if callable(value) else value for name, value in arguments.items()}
        getattr(aws.client(service), operation)(**given)

    return call


SPOILT = (
    spoil(
        "dynamodb",
        "update_time_to_live",
        TableName=TABLE,
        TimeToLiveSpecification={"Enabled": False, "AttributeName": "expires_at"},
    ),
    spoil("s3", "delete_bucket_lifecycle", Bucket=bucket()),
    spoil("s3", "delete_public_access_block", Bucket=bucket()),
    spoil("s3", "put_bucket_policy", Bucket=bucket(), Policy=json.dumps({"Statement": [OPEN]})),
    spoil("iam", "attach_role_policy", RoleName=ROLE, PolicyArn=ADMINISTRATOR),
    spoil(
        "iam", "put_role_policy", RoleName=our_role, PolicyName="Mine", PolicyDocument=json.dumps(EVERYTHING)
    ),
)


def test_whatever_a_person_spoils_is_found_and_the_commands_shown_repair_it(aws: LocalAws) -> None:
    for each in SPOILT:
        each(aws)
    seen = found(aws)
    assert faults(seen) == {
        VERSIONS,
        ("table", "check.table.ttl.off", RED),
        ("storage", "check.storage.several", RED),
        ("security", "check.security.not_blocked", RED),
        ("security", "check.security.foreign", RED),
        ("security", "check.security.attached.excess", RED),
        ("security", "check.security.role.wider", RED),
    }
    bad = [item for _, item in seen if item.light is not GREEN]
    for command in {item.command for item in bad if item.command.startswith(("aws ", "if [ "))}:
        run(aws, command)
    assert faults(found(aws)) == {VERSIONS}


def allowing(action: str, resource: str) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]})


def without_vital_rights(aws: LocalAws) -> None:
    """A boundary under which the service's functions can make no session."""
    iam = aws.client("iam")
    document = allowing("s3:*", "*")
    arn = iam.create_policy(PolicyName="fence", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=arn)


def shared_by_acl(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    owned = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    s3.put_bucket_ownership_controls(Bucket=bucket(), OwnershipControls=owned)
    owner = s3.get_bucket_acl(Bucket=bucket())["Owner"]
    grants = [
        {"Grantee": {"Type": "CanonicalUser", "ID": who}, "Permission": right}
        for who, right in ((owner["ID"], "FULL_CONTROL"), ("f" * 64, "READ"))
    ]
    s3.put_bucket_acl(Bucket=bucket(), AccessControlPolicy={"Grants": grants, "Owner": owner})


def moved(aws: LocalAws) -> None:
    """Of our own role's policy and of one that several share: the same actions, one resource exchanged."""
    iam, role = aws.client("iam"), our_role(aws)
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = json.dumps(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
        written = document.replace(f":function:{CREATE}", ":function:Salaries")
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=written)
    (arn,) = shared(aws, "TablePolicy")
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    written = json.dumps(version["Document"]).replace(f":table/{TABLE}", ":table/Salaries")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=written, SetAsDefault=True)


def shared(aws: LocalAws, name: str) -> list[str]:
    """ARNs of the managed policies of that logical id."""
    found = aws.client("iam").list_policies(Scope="Local")["Policies"]
    return [each["Arn"] for each in found if f"-{name}-" in each["PolicyName"]]


def test_rights_as_aws_answers_them_are_judged(aws: LocalAws) -> None:
    iam = aws.client("iam")
    iam.put_role_policy(
        RoleName=ROLE,
        PolicyName="Extra",
        PolicyDocument=allowing("iam:Pu?RolePolicy", f"arn:aws:iam::{aws.account}:role/{ROLE}"),
    )
    without_vital_rights(aws)
    shared_by_acl(aws)
    moved(aws)
    seen = found(aws)
    assert faults(seen) == {
        VERSIONS,
        ("security", "check.security.wide", AMBER),
        ("security", "check.security.lacks", RED),
        ("security", "check.security.acl.red", RED),
        ("security", "check.security.role.wider", RED),
    }
    wider = [item for _, item in seen if item.said.key == "check.security.role.wider"]
    (policy,) = shared(aws, "TablePolicy")
    assert {item.said.values["role"] for item in wider} == {our_role(aws), policy.rpartition("/")[2]}
    iam.delete_role_permissions_boundary(RoleName=ROLE)
    assert ("security", "check.security.escalates", RED) in faults(found(aws))
