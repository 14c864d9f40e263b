"""The alarm audit against the local AWS: the service's alarms as deployed, this stack's from the template."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from rehearsal.world import functions, identity
from rehearsal.world.alarms import ALARMS
from responder.aws.translate import translated
from responder.checks.alarms.audit import AlarmAudit
from responder.checks.alarms.states import AlarmStates
from responder.checks.finding import GREEN
from responder.checks.model import CheckSection
from responder.checks.run.alarm_names import audited
from responder.core.context import Context, Gateway
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.respond.playbook import PLAYBOOKS
from tests.integration._stacks import CAPABILITIES, parameters, without_code
from tests.integration.test_our_stack import STACK

AUDIT = AlarmAudit(audited(PLAYBOOKS), tuple(PLAYBOOKS))

L, C, G = "FaceAuth-Liveness-", "FaceAuth-CreateLivenessSession-", "FaceAuth-GetLivenessResult-"
BROKEN = {
    (f"{L}LowSuccessRate", "never"),
    (f"{L}SlowVerification", "never"),
    (f"{L}HighErrorRate", "hardly"),
    (f"{C}Timeouts", "hardly"),
    (f"{G}Timeouts", "hardly"),
}
MISSING = {
    (f"{L}SlowSessionCreation", "missing"),
    ("FaceAuth-LivenessSessions-Throttles", "missing"),
    (f"{C}Throttles", "missing"),
    (f"{G}Throttles", "missing"),
    ("FaceAuth-Images-AccessDenied", "missing"),
    ("FaceAuth-Liveness-SureFaults", "missing"),
}


class LocalAwsGateway(Gateway):
    """The local AWS as a `Gateway`."""

    def __init__(self, aws: LocalAws) -> None:
        self._aws = aws

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        try:
            answer: Json = getattr(self._aws.client(service), operation)(**arguments)
        except ClientError as error:
            raise translated(error, service, operation) from error
        return answer


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    identity.create(bare.client("iam"))
    functions.create(bare.client("lambda"), bare.client("logs"), rolled_out=False)
    for alarm in ALARMS:
        bare.client("cloudwatch").put_metric_alarm(**alarm.request())
    deploy(bare, "create_stack", ours="off", corrected="off")
    bare.confirm()
    return bare


def deploy(aws: LocalAws, operation: str, *, ours: str, corrected: str) -> None:
    chosen = {
        "InitialMode": "observe",
        "OnCallEmail": "on-call@example.com",
        "OurAlarms": ours,
        "CorrectedAlarms": corrected,
    }
    cloudformation = aws.client("cloudformation")
    at = without_code(aws) if operation == "create_stack" else f"{aws.endpoint}/template/one"
    getattr(cloudformation, operation)(
        StackName=STACK,
        TemplateURL=at,
        Parameters=parameters(chosen),
        Capabilities=CAPABILITIES,
    )
    done = cloudformation.get_waiter(f"stack_{operation.partition('_')[0]}_complete")
    done.wait(StackName=STACK, WaiterConfig={"Delay": 0.2, "MaxAttempts": 150})


def context(aws: LocalAws) -> Context:
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    topics = [
        each["TopicArn"]
        for each in aws.client("sns").list_topics()["Topics"]
        if "Notifications" in each["TopicArn"]
    ]
    now = datetime.now(UTC)
    settings = Settings(stack=stack["StackName"], region=aws.region, account=aws.account, topic=topics[0])
    return Context(LocalAwsGateway(aws), settings, now, now)


def faults(section: CheckSection) -> set[tuple[str, str]]:
    return {
        (str(item.said.values.get("alarm", "")), item.said.key.rsplit(".", 1)[-1])
        for item in section.items
        if item.light is not GREEN
    }


def test_as_deployed_it_finds_what_is_known_to_be_wrong_and_nothing_else(aws: LocalAws) -> None:
    assert faults(AUDIT.run(context(aws))) == BROKEN | MISSING


def test_every_alarm_is_seen(aws: LocalAws) -> None:
    silent, fine = AlarmStates().run(context(aws)).items
    assert (silent.said.key, silent.said.values["count"]) == ("check.alarms.no_data_many", 21)
    # Of the stack's own alarms the one on throttled calls fills in 0 where nothing was throttled.
    assert (fine.said.key, fine.said.values) == ("check.alarms.counted", {"fine": 1, "count": 22})
    names = [each["AlarmName"] for each in aws.client("cloudwatch").describe_alarms()["MetricAlarms"]]
    for name in names:
        aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="OK", StateReason="-")
    (counted,) = AlarmStates().run(context(aws)).items
    assert (counted.said.values["fine"], counted.said.values["count"]) == (22, 22)


def test_with_our_alarms_and_the_corrected_ones_nothing_is_wrong(aws: LocalAws) -> None:
    deploy(aws, "update_stack", ours="on", corrected="on")
    assert faults(AUDIT.run(context(aws))) == set()


def test_a_rule_that_may_no_longer_call_its_function_is_found(aws: LocalAws) -> None:
    lambdas = aws.client("lambda")
    name = f"{STACK}-low-confidence"
    (statement,) = json.loads(lambdas.get_policy(FunctionName=name)["Policy"])["Statement"]
    lambdas.remove_permission(FunctionName=name, StatementId=statement["Sid"])
    assert faults(AUDIT.run(context(aws))) == {(f"{L}LowConfidence", "unheard")}
