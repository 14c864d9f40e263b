"""What the scheduled checks are handed of the playbooks, which are above their room."""

from collections.abc import Mapping

from responder.core.expected_alarms import AlarmOwner, Audited
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.remedies import Remedy
from responder.respond.playbook import Playbook

_PREFIX = Settings().alarm_prefix
# In `settings.alarm_names` for a name that follows from the prefix: an environment is small.
FROM_PREFIX = "-"


def alarms_by_slug(playbooks: Mapping[str, Playbook], settings: Settings) -> dict[str, str]:
    """The names of the alarms by their playbook's slug; empty where only the defaults are known.

    `settings.alarm_names` holds those of the service, in the order of their playbooks. Where it holds "-",
    and for this stack's, the name follows from the prefix.
    """
    if not settings.alarm_names:
        return {}
    configured = dict(zip(service_slugs(playbooks), settings.alarm_names, strict=True))
    named = {slug: name for slug, name in configured.items() if name != FROM_PREFIX}
    return {
        each.slug: named.get(each.slug, f"{settings.alarm_prefix}{each.alarm.removeprefix(_PREFIX)}")
        for each in playbooks.values()
        if each.alarm
    }


def service_slugs(playbooks: Mapping[str, Playbook]) -> Strings:
    """The slugs of the alarms that the service's own stack makes, in the order of their playbooks."""
    definitions = {slug: each.definition for slug, each in playbooks.items()}
    return tuple(
        slug for slug, each in definitions.items() if each is not None and each.kind is not AlarmOwner.OURS
    )


def audited(playbooks: Mapping[str, Playbook]) -> tuple[Audited, ...]:
    """The alarms that should be there: those of the manual's table, other deployed ones, and those of this
    stack."""
    found = (
        Audited(each.slug, each.alarm, each.severity, each.definition)
        for each in playbooks.values()
        if each.definition is not None
    )
    return tuple(sorted(found, key=lambda each: tuple(AlarmOwner).index(each.definition.kind)))


def users(playbooks: Mapping[str, Playbook]) -> dict[str, tuple[Remedy, ...]]:
    """The remedies of each function that may change something, by its slug."""
    return {
        each.slug: each.remedies
        for each in playbooks.values()
        if any(remedy.needs() for remedy in each.remedies)
    }
