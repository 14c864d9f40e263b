"""What telling Slack needs of AWS. It changes nothing of the service."""

from responder.core.permissions import ANY, INCIDENTS_TABLE, SETTINGS, Permission

NEEDS = frozenset(
    {
        *SETTINGS,
        Permission("secretsmanager:GetSecretValue", "${SlackSecretArn}"),
        Permission("dynamodb:GetItem", INCIDENTS_TABLE),
        Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, "what was told is not told again"),
        Permission("cloudwatch:DescribeAlarms", ANY),
        Permission("cloudwatch:GetMetricWidgetImage", ANY),
    }
)
