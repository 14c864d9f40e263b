"""What the entry for people needs of AWS: no right over the service, which the alarms' own functions have."""

from responder.checks import previous
from responder.checks.model import Cadence
from responder.core.permissions import (
    ANY,
    APPROVALS_TABLE,
    CLAIMS_TABLE,
    INCIDENTS_TABLE,
    PARAMETERS,
    PARAMETERS_PATH,
    QUEUES,
    ROLES,
    SETTINGS_DOCUMENT,
    STOPS,
    TOPIC,
    Permission,
    responder,
)
from responder.core.switches import MODES, SET_BY_PEOPLE
from responder.respond.playbook import PLAYBOOKS

_BELOW = PARAMETERS.removesuffix("*")
_CLAIM = "a request is carried out once"

NEEDS = frozenset(
    {
        *(need for rhythm in Cadence for need in previous.needs(rhythm)),
        Permission("dynamodb:PutItem", CLAIMS_TABLE, _CLAIM),
        Permission("dynamodb:UpdateItem", CLAIMS_TABLE, _CLAIM),
        Permission("dynamodb:DeleteItem", CLAIMS_TABLE, "a request that failed can be sent again"),
        Permission("dynamodb:PutItem", APPROVALS_TABLE, "a person's decision is a row of this table"),
        Permission("dynamodb:Query", APPROVALS_TABLE),
        Permission("dynamodb:GetItem", INCIDENTS_TABLE),
        Permission("dynamodb:Query", INCIDENTS_TABLE),
        Permission("dynamodb:PutItem", INCIDENTS_TABLE, "what a person did stands in the timeline"),
        Permission("cloudwatch:DescribeAlarms", ANY),
        Permission("iam:GetRole", ROLES),
        Permission("ssm:GetParametersByPath", PARAMETERS),
        Permission("ssm:GetParametersByPath", PARAMETERS_PATH),
        Permission("ssm:PutParameter", SETTINGS_DOCUMENT, "a person changes who may approve what"),
        Permission("ssm:PutParameter", f"{_BELOW}{MODES}", "a person changes a mode"),
        Permission(
            "ssm:PutParameter", f"{_BELOW}{SET_BY_PEOPLE}", "what people have set is missed if deleted"
        ),
        Permission("ssm:DeleteParameter", STOPS, "a person ends a stop"),
        Permission("sns:Publish", TOPIC, "tell on-call who changed a mode or the settings document"),
        *(
            Permission(f"sqs:{action}", queue, why)
            for queue in QUEUES
            for action, why in {
                "ReceiveMessage": "what failed is read here, never in a request",
                "ChangeMessageVisibility": "what was not asked for is back at once",
                "DeleteMessage": "decided again, or discarded by a person",
            }.items()
        ),
        *(
            Permission(
                "lambda:InvokeFunction", responder(slug), "send a command; the function checks it again"
            )
            for slug in PLAYBOOKS
        ),
    }
)
