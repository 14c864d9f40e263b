"""Put back the variables that a liveness function cannot do without, and no other. Stays."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from responder.core.change import Change, Lease, LeaseState, Plan, Status
from responder.core.context import Context
from responder.core.errors import AwsError, Missing, Refused
from responder.core.frozen import frozen
from responder.core.permissions import Permission, to_configure
from responder.core.reasons import ExplainedReason, FailureKind, Obstacle
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.evidence.functions import expected
from responder.remedies.base import DELETED, OneFunction, Presence, TargetState
from responder.remedies.engine.functions import FunctionNow, read, read_all
from responder.remedies.engine.managed import (
    cautions,
    in_flight,
    number,
    obstacles,
    settings_of,
    snapshot_of,
    unreleased_settings,
    variables_of,
)
from responder.remedies.engine.write import (
    FunctionChange,
    failed,
    failure_of,
    finish,
    put,
    unfinished,
    unreadable,
    unsettled,
)

MISSING, WRONG = "(missing)", "(wrong)"
# Another number is a person's choice, and so is what was put in its place while we worked.
CHOSEN, CHANGED = "(chosen)", "(changed)"
RESTORED = "(expected)"


@frozen
class ExpectedVariable:
    """One variable. `number`: any number will do, and `value` only replaces what is none."""

    name: str
    value: str
    number: bool = False

    def found(self, configuration: Mapping[str, Any]) -> str | None:
        """Its present value; None where the function does not have it."""
        return (variables_of(configuration) or {}).get(self.name)

    def state(self, configuration: Mapping[str, Any]) -> str:
        """`value` itself, or one of the words above."""
        found = self.found(configuration)
        if found is None:
            return MISSING
        if found == self.value:
            return found
        return CHOSEN if self.number and number(found) is not None else WRONG

    def amiss(self, configuration: Mapping[str, Any]) -> bool:
        """It has to be put back."""
        return self.state(configuration) in (MISSING, WRONG)


def all_expected(settings: Settings) -> tuple[ExpectedVariable, ...]:
    """Each with the value that the stack's parameters give it."""
    threshold = settings.threshold_variable
    return tuple(
        ExpectedVariable(
            name, str(settings.confidence_threshold) if name == threshold else value, name == threshold
        )
        for name, value in expected(settings).items()
    )


@frozen
class Variables:
    """Several variables that are put back in one write (a `ManagedSetting`). `seen`: their values when they
    were read, so that a person who sets another value meanwhile is noticed."""

    wanted: tuple[ExpectedVariable, ...]
    seen: tuple[str | None, ...] = field(default=(), repr=False)

    @property
    def label(self) -> str:
        """Their names."""
        return ", ".join(each.name for each in self.wanted)

    def value(self, configuration: Mapping[str, Any]) -> str:
        """What is amiss with which of them, never a value."""
        states = (self._state(place, configuration) for place in range(len(self.wanted)))
        found = (
            f"{each.name} {state}"
            for each, state in zip(self.wanted, states, strict=True)
            if state != each.value
        )
        return amiss(found)

    def meets(self, value: str, wanted: str) -> bool:
        """Nothing need be done."""
        return value == wanted

    def same(self, value: str | None, other: str) -> bool:
        """They are equal."""
        return value == other

    def request(self, configuration: Mapping[str, Any], wanted: str) -> dict[str, Any]:
        """All variables as they are, these as expected."""
        merged = {**(variables_of(configuration) or {}), **{each.name: each.value for each in self.wanted}}
        return {"Environment": {"Variables": merged}}

    def rest(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Every other variable, and the behaviour."""
        names = {each.name for each in self.wanted}
        return {name: value for name, value in settings_of(configuration).items() if name not in names}

    def _state(self, place: int, configuration: Mapping[str, Any]) -> str:
        each = self.wanted[place]
        state, found = each.state(configuration), each.found(configuration)
        return CHANGED if state == WRONG and self.seen and found != self.seen[place] else state


def amiss(parts: Iterable[str]) -> str:
    """`NAME (missing), NAME (wrong)`; one word where nothing is."""
    return ", ".join(parts) or RESTORED


# A wrong value is nowhere on record, and a missing variable is no state to go back to.
_AS_IT_IS = "(kept)"


@frozen
class RepairEnvironment(OneFunction):
    """On one of the two liveness functions: missing or wrong against the stack's parameters."""

    name: RemedyName = RemedyName.REPAIR_ENVIRONMENT

    def needs(self) -> tuple[Permission, ...]:
        """Rights on its function."""
        return to_configure(self.which.arn, "put back variables that are missing or wrong, once approved")

    def prepare(self, context: Context) -> Plan:
        """What each variable is now, in $LATEST and behind every alias, against what is expected."""
        function = self.which.function(context.settings)
        try:
            now = read(context.aws, function)
        except AwsError as error:
            return Plan(function, (), obstacles=(unreadable(function, error),))
        return _plan(context, now)

    def apply(self, context: Context, plan: Plan) -> tuple[Change, ...]:
        """All of them in one write; what is done already is left as it is."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        return _put_back(context, plan.changes, plan.snapshot, plan.current)

    def confirm(self, context: Context, lease: Lease) -> tuple[Change, ...]:
        """Publish and move aliases where there are any."""
        return _settle(context, lease.changes, lease.snapshot)

    def look(self, context: Context, lease: Lease) -> tuple[TargetState | AwsError, ...]:
        """Each variable, as expected or not."""
        return _states(context, lease.changes)

    def restored(self, lease: Lease, wanted: Mapping[str, Any]) -> dict[str, str]:
        """Nothing: refused while it is in force. A lease whose outcome is unknown can be closed.

        Raises:
            Refused: what was wrong before is not on record.
        """
        targets = dict.fromkeys(change.target for change in lease.changes)
        if lease.state is LeaseState.IN_FORCE:
            raise Refused(Obstacle.REPAIR_STAYS(target=", ".join(targets)))
        return dict.fromkeys(targets, _AS_IT_IS)

    def take_back(self, context: Context, lease: Lease, wanted: Mapping[str, Any]) -> tuple[Change, ...]:
        """Leaves everything as it is, and says so."""
        return tuple(
            replace(
                change,
                status=Status.KEPT,
                note=FailureKind.NOT_RESTORED(target=change.target, setting=change.setting),
            )
            for change in lease.changes
        )


def _plan(context: Context, now: FunctionNow) -> Plan:
    """One change per variable: from `(missing)` or `(wrong)` to the parameter's value."""
    unread = _unreadable(now)
    if unread:
        return Plan(now.name, (), obstacles=unread)
    wanted = all_expected(context.settings)
    unknown = tuple(
        Obstacle.NO_EXPECTED_VALUE(target=now.name, setting=each.name) for each in wanted if not each.value
    )
    known = tuple(each for each in wanted if each.value)
    broken = tuple(each for each in known if any(map(each.amiss, _served(now))))
    several = Variables(broken)
    against = obstacles(now, several, context.now.date()) if broken else ()
    return Plan(
        now.name,
        tuple(_to_do(now, each) for each in broken) or _done(now, known),
        {"functions": {now.name: snapshot_of(now, several)}},
        (*unknown, *against),
        in_flight(now) if broken else None,
        cautions=cautions(now, several) if broken else (),
        modified={} if now.modified is None else {now.name: now.modified},
        moves=unreleased_settings(now, several) if broken else frozenset(),
        current=now,
    )


def _served(now: FunctionNow) -> tuple[Mapping[str, Any], ...]:
    """What users have: $LATEST, and the version behind each alias."""
    return (now.configuration, *(alias.served for alias in now.released))


def _unreadable(now: FunctionNow) -> tuple[ExplainedReason[Obstacle], ...]:
    names = (now.name, *(f"{now.name}:{alias.name}" for alias in now.released))
    return tuple(
        Obstacle.VARIABLES_UNREADABLE(target=name)
        for name, configuration in zip(names, _served(now), strict=True)
        if variables_of(configuration) is None
    )


def _to_do(now: FunctionNow, each: ExpectedVariable) -> Change:
    before = next(each.state(found) for found in _served(now) if each.amiss(found))
    return Change(now.name, each.name, before, each.value)


def _done(now: FunctionNow, known: tuple[ExpectedVariable, ...]) -> tuple[Change, ...]:
    """Another value that a person chose is not ours to show."""
    fine = (each for each in known if each.state(now.configuration) == each.value)
    return tuple(Change(now.name, each.name, each.value, each.value, Status.ALREADY) for each in fine)


def _put_back(
    context: Context,
    changes: tuple[Change, ...],
    snapshot: Mapping[str, Any],
    current: FunctionNow | None = None,
) -> tuple[Change, ...]:
    """Make those that are not made yet, all of one function."""
    todo = tuple(change for change in changes if unfinished(change))
    if not todo:
        return changes
    target = todo[0].target
    try:
        now = current or read(context.aws, target)
    except AwsError as error:
        return _shared(changes, todo, failed(todo[0], failure_of(target, error)))
    wanted = _wanted(todo, context.settings)
    states = [each.state(now.configuration) for each in wanted]
    if any(state not in (change.before, change.after) for change, state in zip(todo, states, strict=True)):
        return _shared(changes, todo, failed(todo[0], FailureKind.CHANGED_MEANWHILE(target=target)))
    several = Variables(wanted, tuple(each.found(now.configuration) for each in wanted))
    one = Change(target, several.label, several.value(now.configuration), RESTORED)
    return _shared(changes, todo, put(_job(context, several, one, snapshot), now))


def _settle(context: Context, changes: tuple[Change, ...], snapshot: Mapping[str, Any]) -> tuple[Change, ...]:
    """The present status of those that are not settled: published, and served by the aliases there are."""
    todo = tuple(change for change in changes if unsettled(change))
    if not todo:
        return changes
    several = Variables(_wanted(todo, context.settings))
    before = amiss(f"{change.setting} {change.before}" for change in todo)
    one = replace(todo[0], setting=several.label, before=before, after=RESTORED)
    return _shared(changes, todo, finish(_job(context, several, one, snapshot)))


def _states(context: Context, changes: tuple[Change, ...]) -> tuple[TargetState | AwsError, ...]:
    """What each variable is now; a value that is not as expected is never shown."""
    read = read_all(context.aws, {change.target for change in changes})

    def one(change: Change, wanted: ExpectedVariable) -> TargetState | AwsError:
        now = read[change.target]
        if isinstance(now, AwsError):
            return DELETED if isinstance(now, Missing) else now
        if variables_of(now.configuration) is None:
            # Not decrypted is not removed.
            return AwsError("lambda", "GetFunctionConfiguration", "EnvironmentError")
        state = wanted.state(now.configuration)
        presence = Presence.EVERYWHERE if state == wanted.value else Presence.NOWHERE
        return TargetState(presence, state, pending=now.update_status == "InProgress")

    return tuple(map(one, changes, _wanted(changes, context.settings)))


def _job(context: Context, several: Variables, one: Change, snapshot: Mapping[str, Any]) -> FunctionChange:
    return FunctionChange.of(context, several, one, Status.APPLIED, snapshot)


def _wanted(changes: tuple[Change, ...], settings: Settings) -> tuple[ExpectedVariable, ...]:
    threshold = settings.threshold_variable
    return tuple(
        ExpectedVariable(change.setting, change.after, change.setting == threshold) for change in changes
    )


def _shared(changes: tuple[Change, ...], todo: tuple[Change, ...], outcome: Change) -> tuple[Change, ...]:
    """One write, one outcome."""
    return tuple(
        replace(each, status=outcome.status, note=outcome.note, written=outcome.written)
        if each in todo
        else each
        for each in changes
    )
