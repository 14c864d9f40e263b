"""Reasons why a function's configuration must not be changed now. Pure."""

from collections.abc import Iterable
from datetime import date

from responder.core.lambda_runtimes import updates_refused_from
from responder.core.reasons import Caution, ExplainedReason, Obstacle
from responder.remedies.engine.functions import Alias, FunctionNow
from responder.remedies.engine.managed import ManagedSetting, different, variables_of


def obstacles(
    now: FunctionNow, managed: ManagedSetting, today: date
) -> tuple[ExplainedReason[Obstacle], ...]:
    """Every precondition that does not hold; an update under way passes by itself, see `in_flight`."""
    found = [_variables(now, managed), _state(now), _runtime(now, today)]
    found += [alias_obstacle(alias, now) for alias in now.released]
    return tuple(each for each in found if each is not None)


def in_flight(now: FunctionNow) -> ExplainedReason[Obstacle] | None:
    """An update that AWS still works on."""
    return Obstacle.IN_FLIGHT(target=now.name) if now.update_status == "InProgress" else None


def cautions(
    now: FunctionNow, managed: ManagedSetting, wanted: str | None = None
) -> tuple[ExplainedReason[Caution], ...]:
    """Publishing would release settings that a person changed and has not released. Where a `wanted` value is
    given, the managed value is one of them: what $LATEST has of it is what it goes back to."""
    return tuple(
        Caution.UNRELEASED_SETTINGS(target=now.name, alias=alias.name, names=", ".join(names))
        for alias in now.released
        if (names := _unreleased(now, alias, managed, wanted))
    )


def unreleased_settings(now: FunctionNow, managed: ManagedSetting) -> frozenset[tuple[str, str]]:
    """The same settings, as (target, setting)."""
    latest = managed.rest(now.configuration)
    differ = (different(managed.rest(alias.served), latest) for alias in now.released)
    return frozenset((now.name, name) for names in differ for name in names)


def alias_obstacle(alias: Alias, now: FunctionNow) -> ExplainedReason[Obstacle] | None:
    """Why an alias cannot be moved to what is in $LATEST."""
    if alias.weighted:
        return Obstacle.ALIAS_WEIGHTED(target=now.name, alias=alias.name)
    if alias.served.get("CodeSha256") != now.code:
        return Obstacle.ALIAS_OTHER_CODE(target=now.name, alias=alias.name)
    return None


def unannounced(
    now: FunctionNow, managed: ManagedSetting, aliases: Iterable[Alias], known: frozenset[str]
) -> ExplainedReason[Obstacle] | None:
    """Settings that publishing would release, and that were not among the `known` ones of the decision."""
    latest = managed.rest(now.configuration)
    for alias in aliases:
        names = sorted({*different(managed.rest(alias.served), latest)} - known)
        if names:
            return Obstacle.UNANNOUNCED(target=now.name, alias=alias.name, names=", ".join(names))
    return None


def _unreleased(
    now: FunctionNow, alias: Alias, managed: ManagedSetting, wanted: str | None
) -> tuple[str, ...]:
    names = different(managed.rest(alias.served), managed.rest(now.configuration))
    latest = managed.value(now.configuration)
    if wanted is None or latest is None or latest == managed.value(alias.served):
        return names
    return names if managed.meets(latest, wanted) else (managed.label, *names)


def _variables(now: FunctionNow, managed: ManagedSetting) -> ExplainedReason[Obstacle] | None:
    if variables_of(now.configuration) is None:
        return Obstacle.VARIABLES_UNREADABLE(target=now.name)
    if managed.value(now.configuration) is None:
        return Obstacle.SETTING_MISSING(target=now.name, setting=managed.label)
    return None


def _state(now: FunctionNow) -> ExplainedReason[Obstacle] | None:
    if now.state != "Active":
        return Obstacle.NOT_ACTIVE(target=now.name, state=now.state)
    return Obstacle.LAST_UPDATE_FAILED(target=now.name) if now.update_status == "Failed" else None


def _runtime(now: FunctionNow, today: date) -> ExplainedReason[Obstacle] | None:
    refused = updates_refused_from(now.runtime)
    if refused is None or refused > today:
        return None
    return Obstacle.RUNTIME_REFUSED(target=now.name, runtime=now.runtime, since=refused.isoformat())
