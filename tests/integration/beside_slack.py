"""Our stack in English, where everything is rolled out, on a local AWS with a Slack beside it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.stack import APPROVER, PRINCIPAL, STACK, deploy, parameters, register, settings
from rehearsal.world.build import World
from rehearsal.world.build import build as build_world
from rehearsal.world.names import REGION
from responder.core.frozen import frozen
from responder.core.modes import Effect
from responder.core.settings_document import Person
from tests.fakes.slack_server import TEAM, SlackServer

FUNCTION, POSTS = f"{STACK}-slack-action", f"{STACK}-slack-post"
CHANNEL, SIGNING = "C0ONCALL", "8f742231b10e8888abcd99yyyzzz85a5"
ME, KEN, MARI = "U0ONCALL", "U0KEN", "U0MARI"
HERS = PRINCIPAL.replace(APPROVER, "mari")
PEOPLE = (
    Person(APPROVER, ME, (PRINCIPAL,), frozenset({Effect.LOWERS_SECURITY, Effect.COSTS_MONEY})),
    Person("ken", KEN, may=frozenset({Effect.LOWERS_SECURITY})),
    Person("mari", MARI, (HERS,), frozenset({Effect.COSTS_MONEY})),
)


@frozen
class BesideSlack:
    """`restore`: as it was deployed, and nothing has been said in Slack; `cold`: no function has run yet."""

    aws: LocalAws
    slack: SlackServer

    def restore(self, *, cold: bool = False) -> None:
        self.aws.restore("beside Slack", cold=cold)
        self.aws.clear()
        self.slack.messages.clear()

    @property
    def operator_policy(self) -> str:
        """Of the stack."""
        (stack,) = self.aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        given = {each["OutputKey"]: str(each["OutputValue"]) for each in stack["Outputs"]}
        return given["OperatorPolicy"]


@contextmanager
def opened() -> Iterator[BesideSlack]:
    """Deployed once."""
    build()
    with SlackServer(channels=(CHANNEL,)) as slack, LocalAws(region=REGION) as aws:
        aws.settings(evaluates=0)
        build_world(aws.client, World.ROLLED_OUT)
        deploy(aws, {**parameters(World.ROLLED_OUT, Language.EN), **_secret(aws, slack)})
        register(aws, PEOPLE, given=settings(World.ROLLED_OUT))
        aws.age(12)
        _point_at(aws, slack)
        aws.snapshot("beside Slack")
        yield BesideSlack(aws, slack)


def _secret(aws: LocalAws, slack: SlackServer) -> dict[str, str]:
    secret = json.dumps({"bot_token": slack.token, "signing_secret": SIGNING})
    made = aws.client("secretsmanager").create_secret(Name="slack", SecretString=secret)
    return {
        "SlackSecretArn": made["ARN"],
        "SlackChannel": f"{TEAM}/{CHANNEL}",
    }


def _point_at(aws: LocalAws, slack: SlackServer) -> None:
    """Slack's address is no parameter: only tests have another one."""
    client = aws.client("lambda")
    for name in (FUNCTION, POSTS):
        found = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        variables = {"Variables": {**found, "SLACK_URL": slack.url}}
        client.update_function_configuration(FunctionName=name, Environment=variables)
        client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})
