"""What the template tells a check of the alarms."""

from responder.settings import Settings


def alarms_by_slug(settings: Settings) -> dict[str, str]:
    """The names of `alarm_names` by their playbook's slug; empty where only the defaults are known."""
    pairs = (each.partition("=") for each in settings.alarm_names)
    return {slug.strip(): name.strip() for slug, _, name in pairs if name.strip()}
