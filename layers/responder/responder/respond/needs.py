"""What the shell itself needs of AWS, whatever the playbook."""

from responder.core.permissions import (
    ANY,
    APPROVALS_TABLE,
    CLAIMS_TABLE,
    FOLLOW_UP,
    INCIDENTS_TABLE,
    MUTE_RULES,
    SETTINGS,
    TOPIC,
    Permission,
)

_CLAIM = "one state change is answered once"
_RECORD = "every step is on the incident"

SWITCHES = (
    *SETTINGS,
    Permission("cloudwatch:ListAlarmMuteRules", MUTE_RULES),
)

SHELL = (
    *SWITCHES,
    Permission("dynamodb:PutItem", CLAIMS_TABLE, _CLAIM),
    Permission("dynamodb:UpdateItem", CLAIMS_TABLE, _CLAIM),
    Permission("dynamodb:DeleteItem", CLAIMS_TABLE, "a run that failed is tried again"),
    Permission("dynamodb:GetItem", INCIDENTS_TABLE),
    Permission("dynamodb:Query", INCIDENTS_TABLE),
    Permission("dynamodb:PutItem", INCIDENTS_TABLE, _RECORD),
    Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, _RECORD),
    Permission("dynamodb:Query", APPROVALS_TABLE),
    Permission("cloudwatch:DescribeAlarms", ANY),
    Permission("sns:Publish", TOPIC, "tell on-call"),
    Permission("lambda:InvokeFunction", FOLLOW_UP, "have the incident followed until it is over"),
)
