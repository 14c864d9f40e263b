"""Modes, stops and the settings document as of then, from SSM's own history of each parameter."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from liveness_ops.backtest.unknown import Unknown
from liveness_ops.backtest.writes import Writes
from liveness_ops.listing import listed
from responder.core.context import Gateway
from responder.core.errors import Missing, SettingsUnusable
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.reasons import ExplainedReason
from responder.core.settings import Settings
from responder.core.settings_document import parse
from responder.core.switches import MODES, SET_BY_PEOPLE, SETTINGS, Stop, read_document, stops_path

_VERSIONED = (SETTINGS, MODES, SET_BY_PEOPLE, f"first-{SETTINGS}", f"first-{MODES}")
_REMOVED = ("DeleteParameter", "DeleteParameters")


# A name, when it was made and when it was removed (UTC).
type Removed = tuple[str, datetime | None, datetime]


@frozen
class ParameterVersion:
    """A value, and from when on it counted (UTC)."""

    at: datetime
    value: str


@frozen
class PastParameters:
    """`versions`: by full name, oldest first. `removed`: of those that are gone by now, when they were made
    and removed (UTC), as CloudTrail has it; their values are not kept."""

    path: str
    versions: Mapping[str, tuple[ParameterVersion, ...]]
    removed: tuple[Removed, ...] = ()

    def then(self, at: datetime, note: Callable[[ExplainedReason[Unknown]], None]) -> dict[str, str]:
        """The parameters as they were then, by full name. A stop that was removed since counts as one without
        an end, and is noted."""
        found: dict[str, str] = {}
        for name, known in self.versions.items():
            earlier = [each for each in known if each.at <= at]
            if earlier:
                found[name] = earlier[-1].value
        below = stops_path(self.path)
        for name, made, gone in self.removed:
            if gone <= at or (made is not None and made > at) or name in found:
                continue
            if name.startswith(below):
                note(Unknown.STOP_REMOVED(name=name.removeprefix(below)))
                found[name] = Stop(name.removeprefix(below), "?", "?", None).to_json()
            else:
                note(Unknown.PARAMETER(name=name))
        return found


def read(aws: Gateway, settings: Settings, writes: Writes) -> PastParameters:
    """Raises our errors where the present parameters cannot be read."""
    path = settings.parameters_path
    versions: dict[str, tuple[ParameterVersion, ...]] = {}
    for each in listed(aws, "ssm", "get_parameters_by_path", "Parameters", Path=path, Recursive=True):
        name = each["Name"]
        own = name.removeprefix(f"{path}/")
        versions[name] = _history(aws, name, each) if own in _VERSIONED else (_version(each),)
    return PastParameters(path, versions, tuple(_removed(path, versions, writes)))


def _version(each: Data) -> ParameterVersion:
    return ParameterVersion(each["LastModifiedDate"].astimezone(UTC), each["Value"])


def _history(aws: Gateway, name: str, now: Data) -> tuple[ParameterVersion, ...]:
    """SSM keeps 100 versions of a parameter."""
    try:
        found = [*map(_version, listed(aws, "ssm", "get_parameter_history", "Parameters", Name=name))]
    except Missing:
        found = []
    return tuple(sorted(found or [_version(now)], key=lambda each: each.at))


def _removed(path: str, present: Data, writes: Writes) -> Iterator[Removed]:
    for each in writes.known:
        if each.name not in _REMOVED:
            continue
        named = each.asked.get("names") or [each.asked.get("name")]
        for name in (str(one) for one in named if str(one).startswith(f"{path}/")):
            puts = [w.at for w in writes.known if w.name == "PutParameter" and w.asked.get("name") == name]
            made = max((at for at in puts if at <= each.at), default=None)
            if name not in present or made is None or made < each.at:
                yield name, made, each.at


def settings_of(
    base: Settings, parameters: Mapping[str, str], past: PastParameters, at: datetime
) -> Settings:
    """With the settings document of then over those of the environment. Where it could not be used, with the
    newest earlier version that could be, as a response does it."""
    try:
        return read_document(base.parameters_path, parameters).over(base)
    except SettingsUnusable:
        earlier = [e for e in past.versions.get(f"{base.parameters_path}/{SETTINGS}", ()) if e.at <= at]
        for version in reversed(earlier):
            with suppress(SettingsUnusable):
                return parse(version.value).over(base)
    return base
