"""Every setting of the settings document besides the people: its key, its type, its range and its unit.

One table: the document is checked by it, and the JSON schema and the table of docs/parameters.md are made of
it (`make generate`). A key is the name of the field of `Settings` that it
sets; the field's default is the setting's. Its meaning is in the message catalogue, as `setting.KEY`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from responder.core.errors import BadEvent, SettingsUnusable
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.refusals import SettingsProblem
from responder.core.settings import Settings
from responder.core.text import Strings
from responder.core.timestamps import zone


class Unit(Enum):
    """The unit of a number; the value is the end of its key in the message catalogue."""

    NONE = ""
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    USD = "usd"
    MEGABYTES = "megabytes"
    SCORE = "score"
    PER_SECOND = "per_second"


class Mistakes(list[SettingsUnusable]):
    """Collects all mistakes of a document: what is read within `with` may fail, and the rest is still
    read."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Keep a mistake; every other error is raised."""
        if not isinstance(error, SettingsUnusable):
            return False
        self.extend(error.all)
        return True

    def add(self, problem: SettingsProblem, where: str) -> None:
        """Add a mistake."""
        self.append(SettingsUnusable(problem, where))

    def end(self) -> None:
        """Raises SettingsUnusable, with all of them, where there was one."""
        if self:
            first, *more = self
            raise SettingsUnusable(first.problem, first.where, more)


def read_each[One, Read](found: Iterable[One], read: Callable[[One], Read]) -> list[Read]:
    """Each of them as `read` returns it. Raises SettingsUnusable, with the mistakes of all."""
    mistakes, values = Mistakes(), list[Read]()
    for one in found:
        with mistakes:
            values.append(read(one))
    mistakes.end()
    return values


@frozen
class Number:
    """`whole`: without a fraction."""

    least: float
    most: float
    unit: Unit = Unit.NONE
    whole: bool = True

    def read(self, found: Any, where: str) -> float:
        """Raises SettingsUnusable."""
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise SettingsUnusable(SettingsProblem.WRONG_TYPE, where)
        if self.whole and isinstance(found, float):
            raise SettingsUnusable(SettingsProblem.NOT_WHOLE, where)
        if not self.least <= found <= self.most:
            bounds = f"{where} ({self.range})"
            raise SettingsUnusable(SettingsProblem.OUT_OF_RANGE, bounds)
        return int(found) if self.whole else float(found)

    @property
    def range(self) -> str:
        """The range from the least to the most, in full digits."""
        return f"{self.least:.12g}–{self.most:.12g}"

    @property
    def schema(self) -> Json:
        """The setting in JSON Schema."""
        kind = "integer" if self.whole else "number"
        return {"type": kind, "minimum": self.least, "maximum": self.most}


@frozen
class Ascending:
    """A list of so many whole numbers, each larger than the one before."""

    of: Number
    fewest: int
    most: int

    def read(self, found: Any, where: str) -> Strings:
        """Raises SettingsUnusable."""
        numbers = read_each(_list(found, where), lambda each: self.of.read(each, where))
        if not self.fewest <= len(numbers) <= self.most:
            raise SettingsUnusable(SettingsProblem.BAD_COUNT, f"{where} ({self.fewest}–{self.most})")
        if sorted(set(numbers)) != numbers:
            raise SettingsUnusable(SettingsProblem.NOT_ASCENDING, where)
        return tuple(f"{each:g}" for each in numbers)

    @property
    def schema(self) -> Json:
        """The setting in JSON Schema, which cannot express an order."""
        return {
            "type": "array",
            "items": self.of.schema,
            "minItems": self.fewest,
            "maxItems": self.most,
            "uniqueItems": True,
        }


@frozen
class PatternName:
    """Text that matches `pattern` as a whole."""

    pattern: str

    def read(self, found: Any, where: str) -> str:
        """Raises SettingsUnusable."""
        if not isinstance(found, str):
            raise SettingsUnusable(SettingsProblem.WRONG_TYPE, where)
        if not re.fullmatch(self.pattern, found):
            raise SettingsUnusable(SettingsProblem.BAD_VALUE, where)
        return found

    @property
    def schema(self) -> Json:
        """The setting in JSON Schema."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


@frozen
class NameList:
    """A list of different names."""

    of: PatternName
    most: int

    def read(self, found: Any, where: str) -> Strings:
        """Raises SettingsUnusable."""
        names = tuple(read_each(_list(found, where), lambda each: self.of.read(each, where)))
        if len(names) > self.most:
            raise SettingsUnusable(SettingsProblem.BAD_COUNT, f"{where} (0–{self.most})")
        if len(set(names)) < len(names):
            raise SettingsUnusable(SettingsProblem.TWICE, where)
        return names

    @property
    def schema(self) -> Json:
        """The setting in JSON Schema."""
        return {"type": "array", "items": self.of.schema, "maxItems": self.most, "uniqueItems": True}


@frozen
class Switch:
    """true or false; `Settings` keeps it as on or off."""

    def read(self, found: Any, where: str) -> str:
        """Raises SettingsUnusable."""
        if not isinstance(found, bool):
            raise SettingsUnusable(SettingsProblem.WRONG_TYPE, where)
        return "on" if found else "off"

    @property
    def schema(self) -> Json:
        """The setting in JSON Schema."""
        return {"type": "boolean"}


@frozen
class ZoneName:
    """The IANA name of a time zone, or empty."""

    def read(self, found: Any, where: str) -> str:
        """Raises SettingsUnusable."""
        name = typed(found, str, where)
        try:
            zone(name or "UTC")
        except BadEvent:
            raise SettingsUnusable(SettingsProblem.BAD_VALUE, where) from None
        return name

    @property
    def schema(self) -> Json:
        """The setting in JSON Schema."""
        return {"type": "string", "pattern": "^([A-Za-z_]+(/[A-Za-z0-9_+-]+)*)?$"}


_MENTION = PatternName(
    r"(<(!subteam\^S[A-Z0-9]{1,20}|@[UW][A-Z0-9]{1,20}|#[CG][A-Z0-9]{1,20})>|[CG][A-Z0-9]{1,20})"
)


@frozen
class Mentions:
    """Whom an escalation calls in Slack, and where, by level (2, 3, 4)."""

    of: NameList = NameList(_MENTION, 5)
    levels: Strings = ("2", "3", "4")

    def read(self, found: Any, where: str) -> str:
        """Raises SettingsUnusable."""
        by_level, mistakes = typed(found, dict, where), Mistakes()
        with mistakes:
            all_known(by_level, self.levels, where)
        called = list[str]()
        for level in sorted(by_level.keys() & set(self.levels)):
            with mistakes:
                called += (f"{level}={each}" for each in self.of.read(by_level[level], f"{where}.{level}"))
        mistakes.end()
        return ",".join(called)

    @property
    def schema(self) -> Json:
        """The setting in JSON Schema."""
        return _object(dict.fromkeys(self.levels, self.of.schema))


_FUNCTION = PatternName(r"[A-Za-z0-9_-]{1,64}")


@frozen
class DeployedDifferences:
    """The parts of a function's configuration that are meant to differ from FaceAuth's own, by function."""

    most: int = 20

    @property
    def parts(self) -> Mapping[str, Number | Switch]:
        """Limits of a function's settings. AWS Lambda, "Quotas" and "Configure Lambda function timeout"."""
        return {
            "memory": Number(128, 10240, Unit.MEGABYTES),
            "timeout": Number(1, 900),
            "reserved": Number(0, 10000),
            "vpc": Switch(),
        }

    def read(self, found: Any, where: str) -> Strings:
        """Raises SettingsUnusable."""
        functions = typed(found, dict, where)
        if len(functions) > self.most:
            raise SettingsUnusable(SettingsProblem.BAD_COUNT, f"{where} (0–{self.most})")
        return tuple(read_each(functions, lambda name: self._entry(name, functions[name], f"{where}.{name}")))

    def _entry(self, name: str, found: Any, where: str) -> str:
        _FUNCTION.read(name, where)
        given, mistakes, parts = typed(found, dict, where), Mistakes(), [name]
        if not given:
            raise SettingsUnusable(SettingsProblem.BAD_VALUE, where)
        with mistakes:
            all_known(given, self.parts, where)
        for each in given:
            with mistakes:
                parts += [self._part(each, given[each], where)] if each in self.parts else []
        mistakes.end()
        return " ".join(parts)

    def _part(self, name: str, found: Any, where: str) -> str:
        value = self.parts[name].read(found, f"{where}.{name}")
        return f"{name}={ {'on': 'yes', 'off': 'no'}.get(str(value), value) }"

    @property
    def schema(self) -> Json:
        """The setting in JSON Schema."""
        one = _object({name: each.schema for name, each in self.parts.items()}) | {"minProperties": 1}
        return {
            "type": "object",
            "patternProperties": {_FUNCTION.schema["pattern"]: one},
            "additionalProperties": False,
            "maxProperties": self.most,
        }


type FieldType = (
    Number | Ascending | PatternName | ZoneName | NameList | Switch | Mentions | DeployedDifferences
)

_DAY = 24 * 60
_READERS = NameList(_FUNCTION, 10)
_VARIABLE = PatternName(r"[A-Za-z][A-Za-z0-9_]{1,127}")
_PERCENT = Number(0, 100, Unit.SCORE, whole=False)
_USD = Number(0, 1_000_000, Unit.USD, whole=False)

FIELDS: Mapping[str, FieldType] = {
    "rollout_readers": _READERS,
    "rollout_variable": _VARIABLE,
    "threshold_readers": _READERS,
    "threshold_variable": _VARIABLE,
    "confidence_threshold": _PERCENT,
    "lowered_threshold": _PERCENT,
    "threshold_hours": Number(1, 24, Unit.HOURS),
    "provisioned_concurrency": Number(1, 1000),
    "provisioned_concurrency_hours": Number(1, 168, Unit.HOURS),
    "keep_warm_minutes": Number(0, _DAY, Unit.MINUTES),
    "memory_size": Number(128, 10240, Unit.MEGABYTES),
    "quota_per_second": Number(1, 10000, Unit.PER_SECOND, whole=False),
    "service_policy": PatternName(r"[A-Za-z0-9_+=,.@-]{1,128}"),
    "escalation_minutes": Ascending(Number(1, 9999, Unit.MINUTES), 3, 3),
    "medium_later_minutes": Number(0, _DAY, Unit.MINUTES),
    "acknowledged_minutes": Number(1, _DAY, Unit.MINUTES),
    "soak_minutes": Number(1, _DAY, Unit.MINUTES),
    "remind_minutes": Number(5, _DAY, Unit.MINUTES),
    "again_minutes": Ascending(Number(1, 9999, Unit.MINUTES), 1, 10),
    "effect_minutes": Number(1, _DAY, Unit.MINUTES),
    "verify_minutes": Number(1, _DAY, Unit.MINUTES),
    "slack_level_mentions": Mentions(),
    "level_2_contact": PatternName(r"[^\x00-\x1f<>{}]{1,80}"),
    "time_zone": ZoneName(),
    # Every message shows it: without the name and password that may precede a host.
    "runbook_url": PatternName(
        r"(https://[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:[0-9]{1,5})?([/?#][A-Za-z0-9._~:/?#!&=%+@,;-]{0,240})?)?"
    ),
    "cost_floor": _USD,
    "cost_target": _USD,
    "backup_days": Number(1, 3650, Unit.DAYS),
    "audit_days": Number(1, 3650, Unit.DAYS),
    "deployed_functions": DeployedDifferences(),
}

# Settings of earlier versions that have no effect now. A document may still have them: they are ignored, and
# the daily check names them. What is removed from `FIELDS`, or renamed there, is added here.
RETIRED: frozenset[str] = frozenset({"restore_rehearsal"})

_CONTRADICTIONS: tuple[tuple[str, str, Callable[[Settings], bool]], ...] = (
    ("lowered_threshold", "confidence_threshold", lambda it: it.lowered_threshold >= it.confidence_threshold),
    ("cost_floor", "cost_target", lambda it: it.cost_floor > it.cost_target),
    (
        "keep_warm_minutes",
        "provisioned_concurrency_hours",
        lambda it: it.keep_warm_minutes > 60 * it.provisioned_concurrency_hours,
    ),
)


def read_fields(given: Data) -> Json:
    """The values of `Settings` that these parts of a document set.

    Raises:
        SettingsUnusable: one of them has the wrong type or is out of range, or two contradict each other,
            with the defaults of those that are not given.
    """
    values, mistakes = dict[str, Any](), Mistakes()
    for name, found in given.items():
        with mistakes:
            values[name] = FIELDS[name].read(found, name)
    whole, unread = Settings(**values), given.keys() - values.keys()
    for one, other, contradict in _CONTRADICTIONS:
        if not unread & {one, other} and contradict(whole):
            mistakes.add(SettingsProblem.CONTRADICTION, f"{one}, {other}")
    mistakes.end()
    return values


def all_known(found: Iterable[str], known: Iterable[str], where: str = "") -> None:
    """Raises SettingsUnusable with every key that is unknown."""
    mistakes = Mistakes()
    for name in sorted(set(found) - set(known)):
        mistakes.add(SettingsProblem.UNKNOWN_KEY, f"{where}.{name}".lstrip("."))
    mistakes.end()


def typed[T](found: Any, kind: type[T], where: str) -> T:
    """The value itself. Raises SettingsUnusable where it is of another type."""
    if not isinstance(found, kind):
        raise SettingsUnusable(SettingsProblem.WRONG_TYPE, where)
    return found


def _list(found: Any, where: str) -> list[Any]:
    return typed(found, list, where)


def _object(properties: Data) -> Json:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}
