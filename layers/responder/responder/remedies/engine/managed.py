"""The one value of a Lambda function that a remedy manages, and the settings beside it."""

import math
from collections.abc import Mapping
from typing import Any, Protocol

from responder.core.frozen import frozen

# What makes a function behave as it does, besides its code and its variables.
_BEHAVIOUR = ("Handler", "Runtime", "Timeout", "MemorySize", "Layers")


def variables_of(configuration: Mapping[str, Any]) -> dict[str, str] | None:
    """The environment; None where AWS could not decrypt it, which is not the same as empty."""
    environment = configuration.get("Environment") or {}
    if environment and (environment.get("Error") or "Variables" not in environment):
        return None
    return dict(environment.get("Variables", {}))


class ManagedSetting(Protocol):
    """A variable, or a number: `value` reads it, `request` sets it by UpdateFunctionConfiguration, `rest`
    must not change."""

    @property
    def label(self) -> str:
        """Its name for people."""
        ...

    def value(self, configuration: Mapping[str, Any]) -> str | None:
        """As it is; None where the function does not have it."""
        ...

    def meets(self, value: str, wanted: str) -> bool:
        """Nothing need be done."""
        ...

    def same(self, value: str | None, other: str) -> bool:
        """They mean the same to the function."""
        ...

    def request(self, configuration: Mapping[str, Any], wanted: str) -> dict[str, Any]:
        """Arguments that set it and keep the rest."""
        ...

    def rest(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Variables and behaviour beside it."""
        ...


@frozen
class Variable:
    """An environment variable. AWS replaces all variables at once, so all of them are sent."""

    label: str

    def value(self, configuration: Mapping[str, Any]) -> str | None:
        """As it is; None where the function does not have it."""
        return (variables_of(configuration) or {}).get(self.label)

    def meets(self, value: str, wanted: str) -> bool:
        """Nothing need be done."""
        return value == wanted

    def same(self, value: str | None, other: str) -> bool:
        """They are equal."""
        return value == other

    def request(self, configuration: Mapping[str, Any], wanted: str) -> dict[str, Any]:
        """All variables as they are, this one as wanted."""
        merged = {**(variables_of(configuration) or {}), self.label: wanted}
        return {"Environment": {"Variables": merged}}

    def rest(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Every other variable, and the behaviour."""
        found = settings_of(configuration)
        found.pop(self.label, None)
        return found


@frozen
class NumericSetting:
    """A number of the function itself, as AWS names it: `MemorySize` in MB, `Timeout` in seconds."""

    label: str

    def value(self, configuration: Mapping[str, Any]) -> str | None:
        """As it is."""
        found = configuration.get(self.label)
        return None if found is None else str(found)

    def meets(self, value: str, wanted: str) -> bool:
        """More than wanted is fine."""
        return int(value) >= int(wanted)

    def same(self, value: str | None, other: str) -> bool:
        """They are equal."""
        return value == other

    def request(self, configuration: Mapping[str, Any], wanted: str) -> dict[str, Any]:
        """This one alone: AWS leaves what is not named as it is."""
        return {self.label: int(wanted)}

    def rest(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Every variable, and the other behaviour."""
        found = settings_of(configuration)
        found.pop(f".{self.label}", None)
        return found


def different(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of what differs between two `rest`s; never the values."""
    names = sorted(before.keys() | after.keys())
    return tuple(name.removeprefix(".") for name in names if before.get(name) != after.get(name))


def settings_of(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Variables by name, behaviour by its name after a dot."""
    # A variable's name cannot hold a dot, so the two kinds never collide.
    behaviour = {f".{name}": configuration[name] for name in _BEHAVIOUR if name in configuration}
    return {**(variables_of(configuration) or {}), **behaviour}


def number(value: str) -> float | None:
    """None for what is no finite number."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
