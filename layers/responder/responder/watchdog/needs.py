"""What the watchdog needs of AWS. It changes nothing of the service, and sends no command."""

from responder.core.permissions import (
    APPROVALS_TABLE,
    FOLLOW_UP,
    INCIDENTS_TABLE,
    SETTINGS,
    STOPS,
    TOPIC,
    Permission,
)
from responder.watchdog import reading

NEEDS = frozenset(
    {
        Permission("dynamodb:Query", INCIDENTS_TABLE),
        Permission("dynamodb:GetItem", INCIDENTS_TABLE),
        Permission("dynamodb:PutItem", INCIDENTS_TABLE, "what was told is not told again each round"),
        Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, "put the next execution in charge"),
        Permission("dynamodb:Query", APPROVALS_TABLE),
        *SETTINGS,
        Permission("ssm:GetParameters", STOPS),
        Permission("ssm:DeleteParameters", STOPS, "remove stops that have ended"),
        Permission("lambda:InvokeFunction", FOLLOW_UP, "bring a follow-up back"),
        Permission("sns:Publish", TOPIC, "tell on-call"),
        *reading.NEEDS,
    }
)
