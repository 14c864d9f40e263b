"""Scenarios from YAML: plain data into the types of `scenario`, `follow`, `alarm_kinds` and the world.

A file has `scenarios` and, where they help, `defaults` (fields of every scenario), `names` (parts that are
used more than once) and `variants` (alarms, each with its own names: there is a scenario for each of them, or
for each of its `for`; all but the first are `on_request`). `$name` is replaced by such a part; as
an item of a list, a named list is spliced in. The names in `scenarios/names.yaml` are known to every file.

A data class is a map of its fields, or a list of the first of them. Where there are several classes
(how a request ended, what was changed before the alarm), a map has the name of one: `timed_out: 15`. A list
of maps in the place of a map is their union.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from functools import cache, partial
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import yaml

from rehearsal.drill import alarm_kinds, conditions, incident_events, person_acts
from rehearsal.drill.alarm_kinds import AlarmKind
from rehearsal.drill.follow import IncidentEvent
from rehearsal.drill.person_acts import Act, PersonAct
from rehearsal.drill.scenario import Condition, Scenario, Step
from rehearsal.world import request_endings
from rehearsal.world.traffic import Ending, Requests

_PARTS = {"defaults", "names", "variants", "scenarios"}
_NAME = re.compile(r"\$\{?([a-z_]+)\}?")
# In C where PyYAML has it: a tenth of the time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ScenarioError(ValueError):
    """A file of scenarios is not as it must be; the message says where and why."""


def load(path: Path) -> dict[str, Any]:
    """The map in a YAML file.

    Raises:
        ScenarioError: there is none.
    """
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path.name}: {error}") from None
    if not isinstance(found, dict):
        raise ScenarioError(f"{path.name}: no map")
    return found


def read(path: Path, names: Mapping[str, Any]) -> Iterator[Scenario]:
    """The scenarios of a file. `names`: known to every file.

    Raises:
        ScenarioError: an unknown key, a value of another type, an unknown name.
    """
    file = load(path)
    _check_keys(file, _PARTS, path.name)
    variants = file.get("variants", {})
    for raw in file.get("scenarios", ()):
        scenario = {**file.get("defaults", {}), **raw}
        at = f"{path.name}: {scenario.get('name')}"
        for place, alarm in enumerate(scenario.pop("for", list(variants) or [None])):
            if alarm is not None and alarm not in variants:
                raise ScenarioError(f"{at}: no variant {alarm!r}")
            own = {"alarm": alarm, **variants[alarm]} if alarm else {}
            known = {**names, **file.get("names", {}), **own}
            named = {"alarm": alarm, "on_request": place > 0} if alarm else {}
            filled = _filled({**named, **scenario}, known, at)
            yield _converted(Scenario, filled, at)


def _filled(value: Any, names: Mapping[str, Any], at: str) -> Any:
    """The same, with its names resolved."""

    def named(match: re.Match[str]) -> Any:
        if match[1] not in names:
            raise ScenarioError(f"{at}: no name {match[0]}")
        return _filled(names[match[1]], names, at)

    match value:
        case str():
            whole = _NAME.fullmatch(value)
            return named(whole) if whole else _NAME.sub(lambda found: str(named(found)), value)
        case list():
            items = [(each, _filled(each, names, at)) for each in value]
            spliced = [
                got if isinstance(each, str) and isinstance(got, list) else [got] for each, got in items
            ]
            return [one for part in spliced for one in part]
        case dict():
            return {_filled(key, names, at): _filled(part, names, at) for key, part in value.items()}
    return value


def _public(module: ModuleType) -> dict[str, Callable[..., Any]]:
    return {
        name: each
        for name, each in vars(module).items()
        if callable(each) and not name.startswith("_") and each.__module__ == module.__name__
    }


def _functions(module: ModuleType, kind: Any) -> dict[str, Callable[..., Any]]:
    """The functions that return this type."""
    found = {name: each for name, each in _public(module).items() if inspect.isfunction(each)}
    return {name: each for name, each in found.items() if get_type_hints(each).get("return") == kind}


def _taking(module: ModuleType, parameter: str) -> dict[str, Callable[..., Any]]:
    """The functions that take this type."""
    found = _public(module).items()
    return {name: each for name, each in found if parameter in inspect.signature(each).parameters}


def _classes(module: ModuleType, method: str) -> dict[str, Callable[..., Any]]:
    """The classes with this method, by their names in lower case."""
    found = {name: each for name, each in _public(module).items() if hasattr(each, method)}
    return {re.sub("(?<!^)(?=[A-Z])", "_", name).lower(): each for name, each in found.items()}


# What a name in the place of such a value calls.
_KINDS: dict[Any, dict[str, Callable[..., Any]]] = {
    Ending: {"ending": Ending, **_functions(request_endings, Ending)},
    Requests: _functions(request_endings, tuple[Requests, ...]),
    Condition: _taking(conditions, "now"),
    IncidentEvent: _classes(incident_events, "apply"),
    AlarmKind: _functions(alarm_kinds, AlarmKind),
}
_ACTS = _taking(person_acts, "operator")


def _converted(kind: Any, value: Any, at: str) -> Any:
    if isinstance(kind, UnionType):
        (kind,) = (each for each in get_args(kind) if each is not NoneType)
    if kind in _KINDS and (found := _of_kind(kind, value, at)) is not None:
        return found
    if kind is Act:
        _check_keys([value], _ACTS, at)
        return _ACTS[value]
    if isinstance(kind, type) and is_dataclass(kind):
        return _called(PersonAct if kind is Step and "act" in value else kind, value, at)
    if get_origin(kind) is tuple:
        return tuple(_items(get_args(kind)[0], value, at))
    if get_origin(kind) is Mapping:
        maps = value if isinstance(value, list) else [value]
        union = {key: part for each in maps for key, part in _typed(dict, each, at).items()}
        return {key: _converted(get_args(kind)[1], part, f"{at}: {key}") for key, part in union.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        _check_keys([value], [each.value for each in kind], at)
        return kind(value)
    return _typed(kind, value, at)


def _items(kind: Any, value: Any, at: str) -> Iterator[Any]:
    for number, each in enumerate(_typed(list, value, at), 1):
        found = _converted(kind, each, f"{at}: {number}")
        yield from found if isinstance(found, tuple) else (found,)


def _of_kind(kind: Any, value: Any, at: str) -> Any:
    """None where it names no kind, and is a value of the class itself."""
    if isinstance(value, str):
        value = {value: None}
    if is_dataclass(kind) and (not isinstance(value, dict) or len(value) != 1):
        return None
    _check_keys(_typed(dict, value, at), _KINDS[kind], at)
    ((name, given),) = value.items()
    return _called(_KINDS[kind][name], given, f"{at}: {name}")


@cache
def _signature(make: Callable[..., Any]) -> tuple[dict[str, Any], list[str]]:
    """(types by name, names in their order)."""
    return get_type_hints(make), list(inspect.signature(make).parameters)


def _called(make: Callable[..., Any], value: Any, at: str) -> Any:
    """The result of calling it with this value; for a function that takes the time, a partial that still
    needs the time."""
    hints, parameters = _signature(make)
    later = parameters[:2] == ["aws", "now"]
    names = parameters[2:] if later else parameters
    first = names[0] if names else ""
    # A map with one key that is no parameter is the first parameter, of several kinds.
    by_kind = isinstance(value, dict) and hints.get(first) in _KINDS and len(value) == 1
    match value:
        case None:
            given = {}
        case dict() if not by_kind or value.keys() <= set(names):
            given = value
        case list():
            _check_keys(value[len(names) :], (), at)
            given = dict(zip(names, value, strict=False))
        case _:
            given = {first: value}
    _check_keys(given, names, at)
    found = {name: _converted(hints[name], part, f"{at}: {name}") for name, part in given.items()}
    try:
        if later:
            inspect.signature(make).bind(None, None, **found)
            return partial(make, **found)
        return make(**found)
    except TypeError as error:
        raise ScenarioError(f"{at}: {error}") from None


def _typed(kind: Any, value: Any, at: str) -> Any:
    wanted = (int, float) if kind is float else kind
    if kind is Any or (isinstance(value, wanted) and (kind is bool or not isinstance(value, bool))):
        return value
    raise ScenarioError(f"{at}: {value!r} is no {kind.__name__}")


def _check_keys(found: Any, known: Any, at: str) -> None:
    unknown = [str(each) for each in found if each not in known]
    if unknown:
        raise ScenarioError(
            f"{at}: unknown: {', '.join(unknown)}; known: {', '.join(sorted(map(str, known)))}"
        )
