"""The names of the alarms that have a playbook, as the template tells a check of them."""

from responder.settings import Settings

# The service's own, in the order in which the template names them.
_SERVICE = (
    "low-success-rate",
    "low-confidence",
    "slow-verification",
    "high-error-rate",
    "create-session-errors",
    "get-result-errors",
    "create-session-timeouts",
    "get-result-timeouts",
    "session-creation-errors",
)
# Those that our stack adds, after the prefix.
_ADDED = {
    "slow-session-creation": "Liveness-SlowSessionCreation",
    "sessions-table-throttles": "LivenessSessions-Throttles",
    "create-session-throttles": "CreateLivenessSession-Throttles",
    "get-result-throttles": "GetLivenessResult-Throttles",
    "images-access-denied": "Images-AccessDenied",
}


def alarms_by_slug(settings: Settings) -> dict[str, str]:
    """By their playbook's slug; empty where only the defaults are known."""
    if not settings.alarm_names:
        return {}
    named = dict(zip(_SERVICE, settings.alarm_names, strict=True))
    return named | {slug: f"{settings.alarm_prefix}{end}" for slug, end in _ADDED.items()}
