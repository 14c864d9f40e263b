"""A timeline as data: how it begins, what happens at which minute, and what is expected."""

from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import datetime
from typing import Any

from rehearsal.drill.words import DrillText
from responder.core.errors import Throttled, Unreachable
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.timelines.expect import Expectation, Knows, Lost
from tests.timelines.world import CLOUDFORMATION, Service, World
from tests.unit.followup.scenes import FollowUpScene
from tests.unit.remedies.world import FOUR
from tests.unit.respond.scene import RESULT

HIGH, MEDIUM = (30, 60, 120), (60, 90, 150)
DAY = 24 * 60


@frozen
class TimelineAct:
    """Something that happens, in words."""

    words: DrillText
    do: Callable[[World], Any]


@frozen
class At:
    """When."""

    minute: float
    act: TimelineAct


@frozen
class Timeline:
    """One incident or several, from the first alarm on, which goes off at minute 0.

    Attributes:
        id: its name; `timeline.of.` and it is the key of what happens, in one sentence.
        begin: the system in trouble.
        until: how many minutes it is played.
        script: what happens after the alarm.
        expects: what must happen, besides what holds in every timeline.
        service: the requests of the users, and how many fail.
        lost: how many executions or invocations may end before their time: the timeline declares it.
    """

    id: str
    begin: Callable[[], FollowUpScene]
    until: float
    script: tuple[At, ...]
    expects: tuple[Expectation, ...]
    service: Service = field(default_factory=Service)
    lost: int = 0

    @property
    def says(self) -> DrillText:
        """What happens."""
        return DrillText(f"timeline.of.{self.id}")

    @property
    def ends(self) -> Lost:
        """That nothing breaks which the story does not break."""
        return Lost(self.lost)


def ladder(minutes: tuple[int, int, int], slack: float = 1.5, last: int = 4) -> tuple[Knows, ...]:
    """Each level knows at its minute and not before."""
    pairs = zip((2, 3, 4), minutes, strict=True)
    return tuple(Knows(level, at, since=at - 1, slack=slack) for level, at in pairs if level <= last)


# --- acts ------------------------------------------------------------------------------------------


def _words(key: str, **values: object) -> DrillText:
    return DrillText(f"timeline.act.{key}", values)


def ok(slug: str = "") -> TimelineAct:
    return _becomes("ok", slug, lambda world: world.becomes("OK", slug))


def _becomes(key: str, slug: str, do: Callable[[World], Any]) -> TimelineAct:
    return TimelineAct(_words(f"{key}_other", alarm=slug) if slug else _words(key), do)


def alarm(slug: str = "") -> TimelineAct:
    return _becomes("alarm", slug, lambda world: world.becomes("ALARM", slug))


def ack(person: str = "aiko") -> TimelineAct:
    return TimelineAct(_words("ack", person=person), lambda world: world.says("ack", person))


def approve(person: str = "aiko") -> TimelineAct:
    return TimelineAct(_words("approve", person=person), lambda world: world.says("approve", person))


def reject(person: str = "aiko") -> TimelineAct:
    return TimelineAct(_words("reject", person=person), lambda world: world.says("reject", person))


def revert(person: str = "aiko", remedy: str = "rollout_to_zero", percent: int | None = None) -> TimelineAct:
    more: Json = {} if percent is None else {"percent": percent}
    return TimelineAct(
        _words("revert", person=person, remedy=remedy),
        lambda world: world.says("revert", person, remedy=remedy, **more),
    )


def close(person: str = "aiko") -> TimelineAct:
    return TimelineAct(_words("close", person=person), lambda world: world.says("close", person))


def sets(percent: str, names: Strings = FOUR) -> TimelineAct:
    return TimelineAct(
        _words("sets", percent=percent, count=len(names)),
        lambda world: world.sets_rollout(percent, names=names),
    )


def deploys(percent: str) -> TimelineAct:
    return TimelineAct(
        _words("deploys", percent=percent),
        lambda world: world.sets_rollout(percent, CLOUDFORMATION),
    )


def mode(to: str) -> TimelineAct:
    return TimelineAct(_words("mode", mode=to), lambda world: world.mode(to))


def keeps_warm(number: int) -> TimelineAct:
    return TimelineAct(
        _words("keeps_warm", count=number),
        lambda world: world.aws.lambdas.provision(RESULT, "live", number),
    )


STOP = TimelineAct(_words("stop"), World.pauses)
RESUME = TimelineAct(_words("resume"), World.resumes)
DELETED = TimelineAct(_words("deleted"), World.deletes_alarm)
HEALED = TimelineAct(_words("healed"), World.heals)
KILLED = TimelineAct(_words("killed"), World.kills)
STOPPED = TimelineAct(_words("stopped"), World.stops_following)
SNS_AWAY = TimelineAct(_words("sns_away"), lambda world: world.fails("sns", "publish", Unreachable))
THROTTLED = TimelineAct(_words("throttled"), lambda world: world.fails("sns", "publish", Throttled))


def table_away(table: str = "Incidents") -> TimelineAct:
    def away(world: World) -> None:
        for operation in ("get_item", "query", "put_item", "update_item", "transact_write_items"):
            world.fails("dynamodb", operation, Unreachable, **_of(operation, table))

    return TimelineAct(_words("table_away", table=table), away)


def _of(operation: str, table: str) -> dict[str, str]:
    return {} if operation.startswith("transact") else {"TableName": table}


def faults(per_minute: float, code: str = "InternalServerError") -> TimelineAct:
    def change(world: World) -> None:
        world.service.faults, world.service.code = per_minute, code

    return TimelineAct(_words("faults", count=per_minute, code=code), change)


TIMEOUTS = TimelineAct(_words("timeouts"), lambda world: world.scene.hangs())


def traffic(per_minute: float) -> TimelineAct:
    def change(world: World) -> None:
        world.service.requests = per_minute

    return TimelineAct(_words("traffic", count=per_minute), change)


def flapping(on: float, off: float, until: float) -> tuple[At, ...]:
    """Raised for `on` minutes, OK for `off` minutes, and so on."""

    def changes() -> Iterator[At]:
        minute = on
        while minute < until:
            yield At(minute, ok())
            yield At(minute + off, alarm())
            minute += on + off

    return tuple(changes())


def at(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    """A moment in UTC."""
    from datetime import UTC

    return datetime(year, month, day, hour, minute, tzinfo=UTC)
