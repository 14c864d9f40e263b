"""What a target of a lease has now, and whether that is still what we set. Nothing here writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from responder.change import Change, Lease, Status
from responder.errors import AwsError, Missing
from responder.gateway import Gateway
from responder.remedies._functions import LATEST, FunctionNow, read_all
from responder.remedies._managed import Managed, variables_of
from responder.text import Value, text


class Stands(Enum):
    """Where the value that we set stands."""

    EVERYWHERE = "everywhere"
    LATEST_ONLY = "latest_only"  # in $LATEST; an alias serves another value
    ALIAS_ONLY = "alias_only"  # an alias still serves a version of ours; $LATEST has another value
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Found:
    """A target as it was read.

    Attributes:
        now: what the setting is now, as it may be shown.
        pending: AWS still works on it, so it proves nothing yet.
        at: no later than this the setting was changed last (UTC); None where AWS does not tell.
    """

    stands: Stands
    now: Value
    pending: bool = False
    at: datetime | None = None


GONE = text("stands.gone")
# The target, or what it was a part of, does not exist any more.
DELETED = Found(Stands.NOWHERE, GONE)


def in_functions(
    aws: Gateway, lease: Lease, managed: Callable[[Change], Managed]
) -> tuple[Found | AwsError, ...]:
    """One value of each function of a lease, asked side by side."""
    read = read_all(aws, {change.target for change in lease.changes})

    def found(change: Change) -> Found | AwsError:
        now = read[change.target]
        if isinstance(now, AwsError):
            return DELETED if isinstance(now, Missing) else now
        return _in_function(managed(change), change, now, lease.snapshot)

    return tuple(map(found, lease.changes))


def _in_function(
    managed: Managed, change: Change, now: FunctionNow, snapshot: Mapping[str, Any]
) -> Found | AwsError:
    """In $LATEST, and in the versions that its aliases serve."""
    latest, before = managed.value(now.configuration), released_before(snapshot, change.target)
    if latest is None and variables_of(now.configuration) is None:
        # Not decrypted is not removed.
        return AwsError("lambda", "GetFunctionConfiguration", "EnvironmentError")
    served = {alias.name: managed.value(alias.served) for alias in now.released}
    known = [value for value in served.values() if value is not None]
    others = any(not managed.same(value, change.after) for value in known)
    if managed.same(latest, change.after):
        stands = Stands.LATEST_ONLY if others else Stands.EVERYWHERE
    else:
        stands = Stands.ALIAS_ONLY if serving_ours(managed, change, now, before) else Stands.NOWHERE
    # Where AWS gave up, `continue` finds it out: the old configuration is no change by others.
    gave_up = now.update == "Failed" and change.status is Status.IN_PROGRESS
    return Found(
        stands,
        _shown({LATEST: latest, **served}),
        # What a run of ours may have set is none either; the next way back goes on from it.
        pending=now.update == "InProgress" or gave_up or latest in tried(snapshot, change.target),
        # Moving an alias does not change the date of the function.
        at=None if now.released else now.modified,
    )


def released_before(snapshot: Mapping[str, Any], target: str) -> Mapping[str, str]:
    """The version that each alias of a function served before anything of ours, by its name."""
    aliases: Mapping[str, str] = snapshot["functions"][target].get("aliases", {})
    return aliases


def tried(snapshot: Mapping[str, Any], target: str) -> frozenset[str]:
    """Values that a run on the way back may have set without putting it on record. The value from before
    anything of ours is none of them: with it there is nothing left to take back."""
    old = snapshot["functions"][target].get("old")
    return frozenset(snapshot.get("tried", {}).get(target, ())) - {old}


def serving_ours(
    managed: Managed, change: Change, now: FunctionNow, before: Mapping[str, str]
) -> tuple[str, ...]:
    """Aliases that serve our value from another version than `before` it was set."""
    return tuple(
        alias.name
        for alias in now.released
        if managed.same(managed.value(alias.served), change.after) and before.get(alias.name) != alias.version
    )


def _shown(values: Mapping[str, str | None]) -> Value:
    """One value where all are the same."""
    shown = {name: _number(value) for name, value in values.items()}
    if len(set(shown.values())) == 1:
        return shown[LATEST]
    return ", ".join(f"{name} {value}" for name, value in shown.items())


def _number(value: str | None) -> str:
    """What is no number is not shown: it may be anything."""
    if value is None:
        return "-"
    try:
        float(value)
    except ValueError:
        return "?"
    return value
