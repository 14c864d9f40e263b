"""What the scheduled checks are handed of the playbooks, which are above their room."""

from collections.abc import Mapping

from responder.checks.alarms_expected import Audited, Kind
from responder.playbook import Playbook
from responder.remedies import Remedy
from responder.settings import Settings

_PREFIX = Settings().alarm_prefix


def alarms_by_slug(playbooks: Mapping[str, Playbook], settings: Settings) -> dict[str, str]:
    """The names of the alarms by their playbook's slug; empty where only the defaults are known.

    `settings.alarm_names` tells those of the service, as `slug=name`; the others follow from the prefix.
    """
    if not settings.alarm_names:
        return {}
    told = dict(each.split("=", 1) for each in settings.alarm_names if "=" in each)
    return {
        each.slug: told.get(each.slug, f"{settings.alarm_prefix}{each.alarm.removeprefix(_PREFIX)}")
        for each in playbooks.values()
        if each.alarm
    }


def audited(playbooks: Mapping[str, Playbook]) -> tuple[Audited, ...]:
    """The alarms that should be there: in the manual's table, beside it, and ours."""
    found = (
        Audited(each.slug, each.alarm, each.severity, each.definition)
        for each in playbooks.values()
        if each.definition is not None
    )
    return tuple(sorted(found, key=lambda each: tuple(Kind).index(each.definition.kind)))


def users(playbooks: Mapping[str, Playbook]) -> dict[str, tuple[Remedy, ...]]:
    """The remedies of each function that may change something, by its slug."""
    return {
        each.slug: each.remedies
        for each in playbooks.values()
        if any(remedy.needs() for remedy in each.remedies)
    }
