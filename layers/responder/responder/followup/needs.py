"""What the follow-up needs of AWS. No right over the service: commands run in the alarms' own functions."""

from responder.core.permissions import (
    ANY,
    APPROVALS_TABLE,
    FOLLOW_UP,
    INCIDENTS_TABLE,
    TOPIC,
    Permission,
    responder,
)
from responder.respond.playbook import PLAYBOOKS, SWITCHES

_RECORD = "what was done is on the incident"

NEEDS = frozenset(
    {
        *SWITCHES,
        Permission("dynamodb:GetItem", INCIDENTS_TABLE),
        Permission("dynamodb:Query", INCIDENTS_TABLE),
        Permission("dynamodb:PutItem", INCIDENTS_TABLE, _RECORD),
        Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, _RECORD),
        Permission("dynamodb:Query", APPROVALS_TABLE),
        Permission("cloudwatch:DescribeAlarms", ANY),
        Permission("cloudwatch:GetMetricData", ANY),
        Permission("sns:Publish", TOPIC, "tell on-call"),
        Permission("s3:PutObject", "${ReportsBucket.Arn}/incidents/*", "file the closing report"),
        Permission("lambda:InvokeFunction", FOLLOW_UP, "hand over to the next execution"),
        *(
            Permission(
                "lambda:InvokeFunction", responder(slug), "send a command; the function checks it again"
            )
            for slug in PLAYBOOKS
        ),
    }
)
