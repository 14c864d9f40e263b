"""The one value of a Lambda function that a remedy manages, the other settings, and obstacles."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from responder.core.frozen import frozen
from responder.core.lambda_runtimes import updates_refused_from
from responder.core.reasons import Caution, ExplainedReason, Obstacle
from responder.remedies.engine.functions import Alias, FunctionNow

# What makes a function behave as it does, besides its code and its variables.
_BEHAVIOUR = ("Handler", "Runtime", "Timeout", "MemorySize", "Layers")


def variables_of(configuration: Mapping[str, Any]) -> dict[str, str] | None:
    """The environment; None where AWS could not decrypt it, which is not the same as empty."""
    environment = configuration.get("Environment") or {}
    if environment and (environment.get("Error") or "Variables" not in environment):
        return None
    return dict(environment.get("Variables", {}))


def settings_of(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Variables by name, behaviour by its name after a dot."""
    # A variable's name cannot hold a dot, so the two kinds never collide.
    behaviour = {f".{name}": configuration[name] for name in _BEHAVIOUR if name in configuration}
    return {**(variables_of(configuration) or {}), **behaviour}


def different(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of what differs between two `rest`s; never the values."""
    names = sorted(before.keys() | after.keys())
    return tuple(name.removeprefix(".") for name in names if before.get(name) != after.get(name))


def number(value: str) -> float | None:
    """The value as a number; None if it is not a finite one."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


class ManagedSetting(ABC):
    """One or more variables, or a number. `label`: its name for people."""

    label: str

    @abstractmethod
    def value(self, configuration: Mapping[str, Any]) -> str | None:
        """The current value; None where the function does not have it."""

    @abstractmethod
    def request(self, configuration: Mapping[str, Any], wanted: str) -> dict[str, Any]:
        """Arguments of UpdateFunctionConfiguration that set it and keep the rest."""

    @abstractmethod
    def rest(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Other variables and behavior, which must not change."""

    def meets(self, value: str, wanted: str) -> bool:
        """Nothing need be done."""
        return value == wanted

    def same(self, value: str | None, other: str) -> bool:
        """They mean the same to the function."""
        return value == other


@frozen
class Variable(ManagedSetting):
    """An environment variable. AWS replaces all variables together, so all of them are sent."""

    label: str

    def value(self, configuration: Mapping[str, Any]) -> str | None:
        """The current value; None where the function does not have it."""
        return (variables_of(configuration) or {}).get(self.label)

    def request(self, configuration: Mapping[str, Any], wanted: str) -> dict[str, Any]:
        """The request with all variables unchanged, and this one as wanted."""
        merged = {**(variables_of(configuration) or {}), self.label: wanted}
        return {"Environment": {"Variables": merged}}

    def rest(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Every other variable, and the behaviour."""
        return {name: each for name, each in settings_of(configuration).items() if name != self.label}


@frozen
class NumericSetting(ManagedSetting):
    """A number of the function itself, as AWS names it: `MemorySize` in MB, `Timeout` in seconds."""

    label: str

    def value(self, configuration: Mapping[str, Any]) -> str | None:
        """The current value."""
        found = configuration.get(self.label)
        return None if found is None else str(found)

    def meets(self, value: str, wanted: str) -> bool:
        """More than wanted is fine."""
        return int(value) >= int(wanted)

    def request(self, configuration: Mapping[str, Any], wanted: str) -> dict[str, Any]:
        """This one alone: AWS leaves what is not named as it is."""
        return {self.label: int(wanted)}

    def rest(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Every variable, and the other behaviour."""
        found = settings_of(configuration)
        return {name: each for name, each in found.items() if name != f".{self.label}"}


# --- reasons why a function's configuration must not be changed now; pure ---


def obstacles(
    now: FunctionNow, managed: ManagedSetting, today: date
) -> tuple[ExplainedReason[Obstacle], ...]:
    """Every precondition that does not hold; an update under way passes in time, see `in_flight`."""
    found: list[ExplainedReason[Obstacle] | None] = []
    if variables_of(now.configuration) is None:
        found.append(Obstacle.VARIABLES_UNREADABLE(target=now.name))
    elif managed.value(now.configuration) is None:
        found.append(Obstacle.SETTING_MISSING(target=now.name, setting=managed.label))
    if now.state != "Active":
        found.append(Obstacle.NOT_ACTIVE(target=now.name, state=now.state))
    elif now.update_status == "Failed":
        found.append(Obstacle.LAST_UPDATE_FAILED(target=now.name))
    refused = updates_refused_from(now.runtime)
    if refused is not None and refused <= today:
        since = refused.isoformat()
        found.append(Obstacle.RUNTIME_REFUSED(target=now.name, runtime=now.runtime, since=since))
    found += [alias_obstacle(alias, now) for alias in now.released]
    return tuple(each for each in found if each is not None)


def in_flight(now: FunctionNow) -> ExplainedReason[Obstacle] | None:
    """An update that AWS still works on."""
    return Obstacle.IN_FLIGHT(target=now.name) if now.update_status == "InProgress" else None


def alias_obstacle(alias: Alias, now: FunctionNow) -> ExplainedReason[Obstacle] | None:
    """Why an alias cannot be moved to what is in $LATEST."""
    if alias.weighted:
        return Obstacle.ALIAS_WEIGHTED(target=now.name, alias=alias.name)
    if alias.served.get("CodeSha256") != now.code:
        return Obstacle.ALIAS_OTHER_CODE(target=now.name, alias=alias.name)
    return None


def _unreleased(now: FunctionNow, managed: ManagedSetting, alias: Alias) -> tuple[str, ...]:
    """Names of the settings other than the managed one that publishing would release to this alias."""
    return different(managed.rest(alias.served), managed.rest(now.configuration))


def cautions(
    now: FunctionNow, managed: ManagedSetting, wanted: str | None = None
) -> tuple[ExplainedReason[Caution], ...]:
    """Publishing would release settings that a person changed and has not released. Where a `wanted` value is
    given, the managed value is one of them: what $LATEST has of it is what it goes back to."""
    latest, found = managed.value(now.configuration), []
    for alias in now.released:
        names = _unreleased(now, managed, alias)
        differs = wanted is not None and latest is not None and latest != managed.value(alias.served)
        if differs and not managed.meets(latest or "", wanted or ""):
            names = (managed.label, *names)
        if names:
            about = {"target": now.name, "alias": alias.name, "names": ", ".join(names)}
            found.append(Caution.UNRELEASED_SETTINGS(**about))
    return tuple(found)


def unreleased_settings(now: FunctionNow, managed: ManagedSetting) -> frozenset[tuple[str, str]]:
    """The settings that publishing would also release, as (target, setting)."""
    return frozenset((now.name, name) for alias in now.released for name in _unreleased(now, managed, alias))


def unannounced(
    now: FunctionNow, managed: ManagedSetting, aliases: Iterable[Alias], known: frozenset[str]
) -> ExplainedReason[Obstacle] | None:
    """Settings that publishing would release, and that were not among the `known` ones of the decision."""
    for alias in aliases:
        names = sorted({*_unreleased(now, managed, alias)} - known)
        if names:
            return Obstacle.UNANNOUNCED(target=now.name, alias=alias.name, names=", ".join(names))
    return None


# --- what is kept of a function before it is changed: its managed value, and the names of other settings ---


def snapshot_of(now: FunctionNow, managed: ManagedSetting, old: str | None = None) -> dict[str, Any]:
    """One function's part of `Plan.snapshot["functions"]`. `unreleased`: settings that publishing would
    release, named in the plan's cautions. `old`: the managed value, where it may be kept."""
    kept = {
        "others": sorted(name for name in managed.rest(now.configuration) if not name.startswith(".")),
        "revision": now.revision,
        "code": now.code,
        "aliases": {alias.name: alias.version for alias in now.aliases},
        "unreleased": sorted(name for _, name in unreleased_settings(now, managed)),
    }
    return kept if old is None else {"old": old, **kept}


def old_value(snapshot: Mapping[str, Any], target: str) -> str:
    """What a target's value was before the first change by the responder."""
    return str(snapshot["functions"][target]["old"])


def announced(snapshot: Mapping[str, Any], target: str) -> frozenset[str]:
    """Settings that may be released with the change: the person who decided has read their names."""
    return frozenset(snapshot["functions"][target].get("unreleased", ()))


def tried(snapshot: Mapping[str, Any], target: str) -> frozenset[str]:
    """Values that a run may have set during the revert without putting it on record. The value from before
    the first change is none of them: with it there is nothing left to revert."""
    old = snapshot["functions"][target].get("old")
    return frozenset(snapshot.get("tried", {}).get(target, ())) - {old}


def serving_ours(
    managed: ManagedSetting, target: str, value: str, now: FunctionNow, snapshot: Mapping[str, Any]
) -> tuple[str, ...]:
    """Aliases that serve the responder's value from another version than before its first change."""
    before: Mapping[str, str] = snapshot["functions"][target].get("aliases", {})
    return tuple(
        alias.name
        for alias in now.released
        if managed.same(managed.value(alias.served), value) and before.get(alias.name) != alias.version
    )
