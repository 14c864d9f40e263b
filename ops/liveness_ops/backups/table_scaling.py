"""Auto scaling of a table and its indexes, put again for another one. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from liveness_ops.backups.belongings import Belongings, Described
from liveness_ops.backups.steps import Step
from responder.core.text import text

_SERVICE = "application-autoscaling"
_LONGEST_NAME = 256
_WHICH = ("ServiceNamespace", "ResourceId", "ScalableDimension")
_TARGET = (*_WHICH, "MinCapacity", "MaxCapacity", "SuspendedState")
_POLICY = (
    "PolicyName", *_WHICH, "PolicyType", "TargetTrackingScalingPolicyConfiguration",
    "StepScalingPolicyConfiguration",
)  # fmt: skip
_ACTION = (
    "ScheduledActionName", *_WHICH, "Schedule", "Timezone", "StartTime", "EndTime", "ScalableTargetAction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """From a table to one that has the indexes of its backup."""

    table: str
    to: str
    indexes: frozenset[str]

    def fits(self, found: Described) -> bool:
        """The new table has such an index, or it is about the table itself."""
        _, _, index = str(found["ResourceId"]).partition("/index/")
        return not index or index in self.indexes

    def moved(self, found: Described, names: Iterable[str], name: str = "") -> dict[str, Any]:
        """The request; a name that tells its table tells the new one."""
        kept = {each: found[each] for each in names if found.get(each) is not None}
        resource = str(found["ResourceId"]).replace(f"table/{self.table}", f"table/{self.to}", 1)
        named = {name: str(found[name]).replace(self.table, self.to)[:_LONGEST_NAME]} if name else {}
        return {**kept, "ResourceId": resource, **named}


def scaled(has: Belongings, there: Belongings, move: Move, now: datetime) -> Iterator[Step]:
    """What is there already is left as it is. Policies and actions need their target first."""
    for asked in _missing(has.targets, there.targets, move, _TARGET):
        said = text("ops.step_target", dimension=_where(asked))
        yield Step(said, _SERVICE, "register_scalable_target", asked)
    for asked in _missing(has.policies, there.policies, move, _POLICY, "PolicyName"):
        said = text("ops.step_policy", dimension=_where(asked))
        yield Step(said, _SERVICE, "put_scaling_policy", asked)
    for asked in _missing(has.actions, there.actions, move, _ACTION, "ScheduledActionName"):
        if _ended(asked, now):
            continue
        if asked.get("StartTime", now) <= now:
            # It has begun; AWS takes none that is over.
            asked.pop("StartTime", None)
        said = text("ops.step_action", name=asked["ScheduledActionName"], dimension=_where(asked))
        yield Step(said, _SERVICE, "put_scheduled_action", asked)


def _missing(
    found: Iterable[Described], there: Iterable[Described], move: Move, names: Iterable[str], name: str = ""
) -> Iterator[dict[str, Any]]:
    known = {_identity(each, name) for each in there}
    for each in found:
        asked = move.moved(each, names, name)
        if move.fits(each) and _identity(asked, name) not in known:
            yield asked


def _identity(asked: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(asked.get(each)) for each in ("ResourceId", "ScalableDimension", name))


def _where(asked: Mapping[str, Any]) -> str:
    _, _, index = str(asked["ResourceId"]).partition("/index/")
    return f"{asked['ScalableDimension']} {index}".strip()


def _ended(action: Mapping[str, Any], now: datetime) -> bool:
    """Its time is over: it does nothing any more, and AWS would refuse it."""
    if "EndTime" in action and action["EndTime"] <= now:
        return True
    schedule = str(action.get("Schedule", ""))
    if not schedule.startswith("at("):
        return False
    try:
        at = datetime.fromisoformat(schedule[3:-1])
        zone = ZoneInfo(str(action.get("Timezone") or "UTC"))
    except (ValueError, OSError):
        # A zone that only AWS knows: let it say.
        return False
    return at.replace(tzinfo=zone).astimezone(UTC) <= now
