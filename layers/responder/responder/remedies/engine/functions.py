"""Lambda functions as they are right now: the value that a remedy manages, the other settings, what prevents
a change, and the few figures that decide whether it would help."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import field
from datetime import UTC, date, datetime

from responder.core.change import Obstacles
from responder.core.context import Context, Gateway
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.lambda_runtimes import updates_refused_from
from responder.core.plain_data import Data, Json
from responder.core.reasons import Caution, ExplainedReason, Obstacle
from responder.core.text import Strings
from responder.evidence import metrics

LATEST = "$LATEST"
_THREADS = 12
_SCALING = ("ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity")
# What makes a function behave as it does, besides its code and its variables.
_BEHAVIOUR = ("Handler", "Runtime", "Timeout", "MemorySize", "Layers")


@frozen
class Alias:
    """A name through which traffic can reach a function. `served` is the configuration of its published
    version; empty where it is on $LATEST or its version is unknown."""

    name: str
    version: str
    revision: str | None
    weighted: bool
    served: Data = field(repr=False)


class FunctionNow:
    """One function. It knows values of variables, so it has no repr and cannot be copied or stored.

    Attributes:
        revision: AWS's token of this very state; without one no write leaves, as the SDK refuses None.
        code: CodeSha256.
        runtime: `python3.9`; empty for an image.
        state: a function that was never anything else names none.
        modified: when AWS changed it last (UTC); `dated` is the same, as a change keeps it.
        released: aliases on a published version, which an update of $LATEST does not reach.
    """

    def __init__(self, name: str, configuration: Data, aliases: tuple[Alias, ...] = ()) -> None:
        self.name = name
        self.configuration = configuration
        self.aliases = aliases
        self.revision: str | None = configuration.get("RevisionId")
        self.code = str(configuration.get("CodeSha256", ""))
        self.runtime = str(configuration.get("Runtime", ""))
        self.state = str(configuration.get("State", "Active"))
        self.update_status = str(configuration.get("LastUpdateStatus", "Successful"))
        at = configuration.get("LastModified")
        self.modified = None if at is None else datetime.fromisoformat(at).astimezone(UTC)
        self.dated = () if self.modified is None else (self.modified,)
        self.released = tuple(alias for alias in aliases if alias.version != LATEST)

    def __reduce__(self) -> str:
        raise TypeError("knows values that must not be stored")


def read(aws: Gateway, name: str) -> FunctionNow:
    """One function; raises our errors."""
    found = read_all(aws, [name])[name]
    if isinstance(found, AwsError):
        raise found
    return found


def read_all(aws: Gateway, names: Iterable[str]) -> dict[str, FunctionNow | AwsError]:
    """All of them side by side; a failed one is its error. One round trip deep, and one more for a function
    with an alias on a published version: only then its versions are asked for."""

    def collected(
        name: str, configuration: Future[Json], aliases: Future[tuple[Alias, ...]]
    ) -> FunctionNow | AwsError:
        try:
            return FunctionNow(name, configuration.result(), aliases.result())
        except AwsError as error:
            return error

    with ThreadPoolExecutor(_THREADS) as pool:
        asked = {
            name: (
                pool.submit(aws.call, "lambda", "get_function_configuration", FunctionName=name),
                pool.submit(_aliases, aws, name),
            )
            for name in names
        }
        return {name: collected(name, *futures) for name, futures in asked.items()}


def listed(aws: Gateway, operation: str, key: str, name: str) -> list[Json]:
    """Every entry of all pages of a list about one function; raises our errors."""
    pages = aws.pages("lambda", operation, FunctionName=name)
    return [each for page in pages for each in page.get(key, [])]


def alias_of(answer: Data, versions: Mapping[str, Data] | None = None) -> Alias:
    """An alias as AWS describes it, with what it serves where the versions are known."""
    weights = (answer.get("RoutingConfig") or {}).get("AdditionalVersionWeights")
    version = str(answer["FunctionVersion"])
    served = (versions or {}).get(version, {})
    return Alias(str(answer["Name"]), version, answer.get("RevisionId"), bool(weights), served)


def _aliases(aws: Gateway, name: str) -> tuple[Alias, ...]:
    found = listed(aws, "list_aliases", "Aliases", name)
    released = any(each["FunctionVersion"] != LATEST for each in found)
    versions = listed(aws, "list_versions_by_function", "Versions", name) if released else []
    served = {each["Version"]: each for each in versions}
    return tuple(alias_of(each, served) for each in found)


def requests_through(context: Context, function: str, aliases: Iterable[str]) -> dict[str, float]:
    """Invocations of the last hour, by alias: AWS counts them under the dimension Resource."""
    asked = {
        alias: metrics.Metric(
            "AWS/Lambda",
            "Invocations",
            "Sum",
            (("FunctionName", function), ("Resource", f"{function}:{alias}")),
        )
        for alias in aliases
    }
    if not asked:
        return {}
    start = context.ago(hours=1).replace(second=0, microsecond=0)
    found = metrics.read(context, asked, start, context.now)
    return {alias: series.total for alias, series in found.items()}


def scaled(context: Context, namespace: str) -> list[Json]:
    """Scalable targets of one service, as far as a snapshot needs them."""
    pages = context.aws.pages(
        "application-autoscaling", "describe_scalable_targets", ServiceNamespace=namespace
    )
    found = (each for page in pages for each in page["ScalableTargets"])
    return [{key: each[key] for key in _SCALING if key in each} for each in found]


# --- the one value that a remedy manages, and the other settings


def variables_of(configuration: Data) -> dict[str, str] | None:
    """The environment; None where AWS could not decrypt it, which is not the same as empty."""
    environment = configuration.get("Environment") or {}
    if environment and (environment.get("Error") or "Variables" not in environment):
        return None
    return dict(environment.get("Variables", {}))


def settings_of(configuration: Data) -> Json:
    """Variables by name, behaviour by its name after a dot."""
    # A variable's name cannot hold a dot, so the two kinds never collide.
    behaviour = {f".{name}": configuration[name] for name in _BEHAVIOUR if name in configuration}
    return {**(variables_of(configuration) or {}), **behaviour}


def different(before: Data, after: Data) -> Strings:
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
    def value(self, configuration: Data) -> str | None:
        """The current value; None where the function does not have it."""

    @abstractmethod
    def request(self, configuration: Data, wanted: str) -> Json:
        """Arguments of UpdateFunctionConfiguration that set it and keep the rest."""

    @abstractmethod
    def rest(self, configuration: Data) -> Json:
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

    def value(self, configuration: Data) -> str | None:
        """The current value; None where the function does not have it."""
        return (variables_of(configuration) or {}).get(self.label)

    def request(self, configuration: Data, wanted: str) -> Json:
        """The request with all variables unchanged, and this one as wanted."""
        merged = {**(variables_of(configuration) or {}), self.label: wanted}
        return {"Environment": {"Variables": merged}}

    def rest(self, configuration: Data) -> Json:
        """Every other variable, and the behaviour."""
        return {name: each for name, each in settings_of(configuration).items() if name != self.label}


@frozen
class NumericSetting(ManagedSetting):
    """A number of the function itself, as AWS names it: `MemorySize` in MB, `Timeout` in seconds."""

    label: str

    def value(self, configuration: Data) -> str | None:
        """The current value."""
        found = configuration.get(self.label)
        return None if found is None else str(found)

    def meets(self, value: str, wanted: str) -> bool:
        """More than wanted is fine."""
        return int(value) >= int(wanted)

    def request(self, configuration: Data, wanted: str) -> Json:
        """This one alone: AWS leaves what is not named as it is."""
        return {self.label: int(wanted)}

    def rest(self, configuration: Data) -> Json:
        """Every variable, and the other behaviour."""
        found = settings_of(configuration)
        return {name: each for name, each in found.items() if name != f".{self.label}"}


# --- reasons why a function's configuration must not be changed now; pure ---


def obstacles(now: FunctionNow, managed: ManagedSetting, today: date) -> Obstacles:
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


def _unreleased(now: FunctionNow, managed: ManagedSetting, alias: Alias) -> Strings:
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


def snapshot_of(now: FunctionNow, managed: ManagedSetting, old: str | None = None) -> Json:
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


def old_value(snapshot: Data, target: str) -> str:
    """What a target's value was before the first change by the responder."""
    return str(snapshot["functions"][target]["old"])


def announced(snapshot: Data, target: str) -> frozenset[str]:
    """Settings that may be released with the change: the person who decided has read their names."""
    return frozenset(snapshot["functions"][target].get("unreleased", ()))


def tried(snapshot: Data, target: str) -> frozenset[str]:
    """Values that a run may have set during the revert without putting it on record. The value from before
    the first change is none of them: with it there is nothing left to revert."""
    old = snapshot["functions"][target].get("old")
    return frozenset(snapshot.get("tried", {}).get(target, ())) - {old}


def serving_ours(
    managed: ManagedSetting, target: str, value: str, now: FunctionNow, snapshot: Data
) -> Strings:
    """Aliases that serve the responder's value from another version than before its first change."""
    before: Mapping[str, str] = snapshot["functions"][target].get("aliases", {})
    return tuple(
        alias.name
        for alias in now.released
        if managed.same(managed.value(alias.served), value) and before.get(alias.name) != alias.version
    )
