"""What would be changed on which function, and what stands in the way."""

from collections.abc import Mapping
from typing import Any

from responder.change import Change, Plan, Status
from responder.context import Context
from responder.errors import AwsError
from responder.explained import Explained
from responder.obstacle import Obstacle
from responder.remedies._functions import FunctionNow, read_all
from responder.remedies._managed import Managed
from responder.remedies._obstacles import cautions, in_flight, moves, obstacles, to_announce, unreadable


def planned(
    context: Context,
    scope: str,
    managed: Managed,
    wanted: str,
    targets: Mapping[str, tuple[Explained[Obstacle], ...]],
) -> Plan:
    """Read every function side by side. `targets` names further obstacles of each."""
    found = read_all(context.aws, targets)
    read = {name: now for name, now in found.items() if isinstance(now, FunctionNow)}
    changes = {name: _change(now, managed, wanted) for name, now in read.items()}
    open_ = [now for name, now in read.items() if changes[name].status is Status.PLANNED]
    today = context.now.date()
    against = {now.name: (*obstacles(now, managed, today), *targets[now.name]) for now in open_}
    waiting = {now.name: waits for now in open_ if (waits := in_flight(now)) is not None}
    unread = [unreadable(name, now) for name, now in found.items() if isinstance(now, AwsError)]
    return Plan(
        scope,
        tuple(
            change for name, change in changes.items() if managed.value(read[name].configuration) is not None
        ),
        {"functions": {name: _snapshot(now, managed, changes[name].before) for name, now in read.items()}},
        (*unread, *(reason for reasons in against.values() for reason in reasons)),
        next(iter(waiting.values()), None),
        cautions=tuple(reason for now in open_ for reason in cautions(now, managed, wanted)),
        modified={name: now.modified for name, now in read.items() if now.modified is not None},
        moves=frozenset[tuple[str, str]]().union(*(moves(now, managed) for now in open_)),
        possible=tuple(name for name, reasons in against.items() if not reasons and name not in waiting),
        held=read,
    )


def old_value(snapshot: Mapping[str, Any], target: str) -> str:
    """What a target's value was before anything of ours."""
    return str(snapshot["functions"][target]["old"])


def _change(now: FunctionNow, managed: Managed, wanted: str) -> Change:
    latest = managed.value(now.configuration)
    values = [latest, *(managed.value(alias.served) for alias in now.released)]
    unmet = [value for value in values if value is None or not managed.meets(value, wanted)]
    # Where only an alias differs, what it serves is what users have.
    before = next((value for value in unmet if value), latest) or ""
    after = latest if latest is not None and managed.meets(latest, wanted) else wanted
    return Change(now.name, managed.label, before, after, Status.PLANNED if unmet else Status.ALREADY)


def _snapshot(now: FunctionNow, managed: Managed, old: str) -> dict[str, Any]:
    return {
        "old": old,
        "others": sorted(name for name in managed.rest(now.configuration) if not name.startswith(".")),
        "revision": now.revision,
        "code": now.code,
        "aliases": {alias.name: alias.version for alias in now.aliases},
        **to_announce(now, managed),
    }
