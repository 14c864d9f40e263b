"""Make one of the two worlds."""

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from rehearsal.world import functions, identity, storage
from rehearsal.world.alarms import ALARMS
from rehearsal.world.names import ALIAS, CREATE, DASHBOARD, REGION, STACK

type Clients = Callable[[str], Any]

# The real stack is not deployed here; this gives CloudFormation a history.
_MARKER = {
    "Resources": {
        "Marker": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Name": "/FaceAuth/marker", "Type": "String", "Value": "1"},
        }
    }
}
# Of its widgets one is enough to be a dashboard.
_WIDGET = {
    "type": "metric",
    "properties": {"region": REGION, "metrics": [["AWS/Lambda", "Errors", "FunctionName", CREATE]]},
}


class World(StrEnum):
    """`as-deployed`: what the CDK stack makes. `rolled-out`: what the manual's remedies presume."""

    AS_DEPLOYED = "as-deployed"
    ROLLED_OUT = "rolled-out"

    @property
    def qualifier(self) -> str:
        """The alias that gets the traffic."""
        return ALIAS if self is World.ROLLED_OUT else ""


def build(client: Clients, world: World) -> None:
    """Make the FaceAuth system through the APIs its owners would use."""
    rolled_out = world is World.ROLLED_OUT
    identity.create(client("iam"))
    functions.create(client("lambda"), client("logs"), rolled_out=rolled_out)
    storage.create_table(client("dynamodb"), provisioned=rolled_out)
    storage.create_bucket(client("s3"))
    client("cloudformation").create_stack(StackName=STACK, TemplateBody=json.dumps(_MARKER))
    body = json.dumps({"widgets": [_WIDGET]})
    client("cloudwatch").put_dashboard(DashboardName=DASHBOARD, DashboardBody=body)
    for alarm in ALARMS:
        client("cloudwatch").put_metric_alarm(**alarm.request())
