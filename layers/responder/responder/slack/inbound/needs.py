"""What Slack's buttons need of AWS. No right over the service: commands run in the alarms' own functions."""

from responder.core.permissions import (
    APPROVALS_TABLE,
    CLAIMS_TABLE,
    INCIDENTS_TABLE,
    PARAMETERS,
    PARAMETERS_PATH,
    STOPS,
    Permission,
    never_over,
    responder,
)
from responder.respond.playbook import PLAYBOOKS
from responder.slack.inbound.job import NAME

NEEDS = frozenset(
    {
        Permission("secretsmanager:GetSecretValue", "${SlackSecretArn}"),
        Permission("dynamodb:PutItem", CLAIMS_TABLE, "a request is answered once"),
        Permission("dynamodb:PutItem", APPROVALS_TABLE, "a person's decision is a row of this table"),
        Permission("dynamodb:Query", APPROVALS_TABLE),
        Permission("dynamodb:GetItem", INCIDENTS_TABLE),
        Permission("ssm:GetParametersByPath", PARAMETERS),
        Permission("ssm:GetParametersByPath", PARAMETERS_PATH),
        Permission("dynamodb:Query", INCIDENTS_TABLE),
        Permission("dynamodb:PutItem", INCIDENTS_TABLE, "what a person did stands in the timeline"),
        Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, "the incident's message says who has taken it"),
        Permission("ssm:PutParameter", STOPS, "a person stops the automation"),
        never_over(STOPS),
        Permission("ssm:GetParameter", STOPS),
        Permission("lambda:InvokeFunction", responder(NAME), "answer first, work afterwards"),
        *(
            Permission(
                "lambda:InvokeFunction", responder(slug), "send a command; the function checks it again"
            )
            for slug in PLAYBOOKS
        ),
    }
)
