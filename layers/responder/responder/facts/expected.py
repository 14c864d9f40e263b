"""The variables that the two liveness functions cannot do without (target system, Lambda functions)."""

from responder.settings import Settings

TABLE, BUCKET = "LIVENESS_SESSIONS_TABLE", "FACE_AUTH_BUCKET"
# The sessions table's only index, by employee (target system, DynamoDB and S3).
INDEX = "EmployeeIdIndex"


def expected(settings: Settings) -> dict[str, str]:
    """By name, the value the stack's parameters ask for; "" where any value will do."""
    return {
        TABLE: settings.sessions_table,
        BUCKET: settings.bucket,
        settings.threshold_variable: "",
    }
