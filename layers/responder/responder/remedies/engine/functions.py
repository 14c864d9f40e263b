"""Lambda functions as they are right now, and what is kept of one before it is changed.

What is kept: the one value that a remedy manages, and the names of the function's other settings.
"""

import math
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from responder.core.context import Context, Gateway
from responder.core.errors import AwsError
from responder.remedies.engine.obstacles import unreleased_settings
from responder.remedies.engine.reads import MinuteSum, sums

# The one value of a Lambda function that a remedy manages, and the settings beside it.

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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


LATEST = "$LATEST"
_THREADS = 12


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that traffic can come through. `served` is the configuration of its published version; empty
    where it is on $LATEST or its version is not known."""

    name: str
    version: str
    revision: str | None
    weighted: bool
    served: Mapping[str, Any] = field(repr=False)


class FunctionNow:
    """One function. It knows values of variables, so it has no repr and cannot be copied or stored."""

    __slots__ = ("aliases", "configuration", "name")

    def __init__(self, name: str, configuration: Mapping[str, Any], aliases: tuple[Alias, ...] = ()) -> None:
        self.name = name
        self.configuration = configuration
        self.aliases = aliases

    def __reduce__(self) -> str:
        raise TypeError("knows values that must not be stored")

    @property
    def revision(self) -> str | None:
        """AWS's token of this very state."""
        return self.configuration.get("RevisionId")

    @property
    def code(self) -> str:
        """CodeSha256."""
        return str(self.configuration.get("CodeSha256", ""))

    @property
    def runtime(self) -> str:
        """`python3.9`; empty for an image."""
        return str(self.configuration.get("Runtime", ""))

    @property
    def state(self) -> str:
        """A function that was never anything else names no state."""
        return str(self.configuration.get("State", "Active"))

    @property
    def update_status(self) -> str:
        """LastUpdateStatus."""
        return str(self.configuration.get("LastUpdateStatus", "Successful"))

    @property
    def modified(self) -> datetime | None:
        """UTC."""
        at = self.configuration.get("LastModified")
        return None if at is None else datetime.fromisoformat(at).astimezone(UTC)

    @property
    def dated(self) -> tuple[datetime, ...]:
        """`modified`, as a change keeps it."""
        return () if self.modified is None else (self.modified,)

    @property
    def released(self) -> tuple[Alias, ...]:
        """Aliases on a published version, which an update of $LATEST does not reach."""
        return tuple(alias for alias in self.aliases if alias.version != LATEST)


def read(aws: Gateway, name: str) -> FunctionNow:
    """One function; raises our errors."""
    found = read_all(aws, [name])[name]
    if isinstance(found, AwsError):
        raise found
    return found


def read_all(aws: Gateway, names: Iterable[str]) -> dict[str, FunctionNow | AwsError]:
    """All of them side by side; a failed one is its error. One round trip deep, and one more for a function
    with an alias on a published version: only then its versions are asked for."""
    with ThreadPoolExecutor(_THREADS) as pool:
        asked = {
            name: (
                pool.submit(aws.call, "lambda", "get_function_configuration", FunctionName=name),
                pool.submit(_aliases, aws, name),
            )
            for name in names
        }
        return {name: _collected(name, *futures) for name, futures in asked.items()}


def listed(aws: Gateway, operation: str, key: str, name: str) -> list[dict[str, Any]]:
    """Every entry of all pages of a list about one function; raises our errors."""
    pages = aws.pages("lambda", operation, FunctionName=name)
    return [each for page in pages for each in page.get(key, [])]


def alias_of(answer: Mapping[str, Any], versions: Mapping[str, Mapping[str, Any]] | None = None) -> Alias:
    """An alias as AWS describes it, with what it serves where the versions are known."""
    weights = (answer.get("RoutingConfig") or {}).get("AdditionalVersionWeights")
    version = str(answer["FunctionVersion"])
    served = (versions or {}).get(version, {})
    return Alias(str(answer["Name"]), version, answer.get("RevisionId"), bool(weights), served)


def requests_through(context: Context, function: str, aliases: Iterable[str]) -> dict[str, float]:
    """Invocations of the last hour, by alias: AWS counts them under the dimension Resource."""
    asked = {
        alias: MinuteSum(
            "AWS/Lambda", "Invocations", {"FunctionName": function, "Resource": f"{function}:{alias}"}
        )
        for alias in aliases
    }
    if not asked:
        return {}
    return {alias: series.total for alias, series in sums(context, asked, context.ago(hours=1)).items()}


def _aliases(aws: Gateway, name: str) -> tuple[Alias, ...]:
    found = listed(aws, "list_aliases", "Aliases", name)
    released = any(each["FunctionVersion"] != LATEST for each in found)
    versions = listed(aws, "list_versions_by_function", "Versions", name) if released else []
    served = {each["Version"]: each for each in versions}
    return tuple(alias_of(each, served) for each in found)


def _collected(
    name: str, configuration: Future[dict[str, Any]], aliases: Future[tuple[Alias, ...]]
) -> FunctionNow | AwsError:
    try:
        return FunctionNow(name, configuration.result(), aliases.result())
    except AwsError as error:
        return error


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
    """What a target's value was before anything of ours."""
    return str(snapshot["functions"][target]["old"])


def versions_before(snapshot: Mapping[str, Any], target: str) -> Mapping[str, str]:
    """The version that each alias of a function served before anything of ours, by its name."""
    aliases: Mapping[str, str] = snapshot["functions"][target].get("aliases", {})
    return aliases


def announced(snapshot: Mapping[str, Any], target: str) -> frozenset[str]:
    """Settings that may be released with the change: the person who decided has read their names."""
    return frozenset(snapshot["functions"][target].get("unreleased", ()))


def tried(snapshot: Mapping[str, Any], target: str) -> frozenset[str]:
    """Values that a run on the way back may have set without putting it on record. The value from before
    anything of ours is none of them: with it there is nothing left to take back."""
    old = snapshot["functions"][target].get("old")
    return frozenset(snapshot.get("tried", {}).get(target, ())) - {old}
