"""The variables that the two liveness functions cannot do without (target system, Lambda functions)."""

from responder.settings import Settings


def expected(settings: Settings) -> dict[str, str]:
    """By name, the value the stack's parameters ask for; "" where any value will do."""
    return {
        "LIVENESS_SESSIONS_TABLE": settings.sessions_table,
        "FACE_AUTH_BUCKET": settings.bucket,
        settings.threshold_variable: "",
    }
