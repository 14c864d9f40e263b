"""The variables that the two liveness functions cannot do without (target system, Lambda functions)."""

from responder.core.settings import Settings

TABLE, BUCKET = "LIVENESS_SESSIONS_TABLE", "FACE_AUTH_BUCKET"


def reads(settings: Settings, function: str, variable: str) -> bool:
    """This liveness function's code uses the variable: of the two, the one that opens sessions reads the
    threshold, and the one that judges them does not, unless the owner says so."""
    if variable != settings.threshold_variable:
        return True
    return function == settings.create_function or function in settings.threshold_readers


def expected(settings: Settings) -> dict[str, str]:
    """By name, the value the stack's parameters ask for; "" where any value will do."""
    return {
        TABLE: settings.sessions_table,
        BUCKET: settings.bucket,
        settings.threshold_variable: "",
    }
