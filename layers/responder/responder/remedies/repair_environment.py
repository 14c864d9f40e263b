"""Restore the variables that a liveness function needs, and no other. Stays.

All of one function's variables are restored in one write, and reported variable by variable: as expected,
missing or wrong; a wrong value is never shown.
"""

from collections.abc import Iterable
from dataclasses import field, replace

from responder.core.change import Change, Changes, Lease, LeaseState, Obstacles, Plan, Status
from responder.core.context import Context
from responder.core.errors import AwsError, Refused
from responder.core.frozen import frozen
from responder.core.permissions import Permissions, to_configure
from responder.core.plain_data import Data, Json
from responder.core.reasons import FailureKind, Obstacle
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.evidence.configuration import expected
from responder.remedies import OneFunction, Presence, TargetState
from responder.remedies.engine.function_setting import unread_state
from responder.remedies.engine.functions import (
    FunctionNow,
    ManagedSetting,
    cautions,
    in_flight,
    number,
    obstacles,
    read,
    read_all,
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
# A wrong value is nowhere on record, and a missing variable is no state to go back to.
_AS_IT_IS = "(kept)"


@frozen
class ExpectedVariable:
    """One variable. `number`: any number will do, and `value` only replaces what is none."""

    name: str
    value: str
    number: bool = False

    def found(self, configuration: Data) -> str | None:
        """The current value; None where the function does not have it."""
        return (variables_of(configuration) or {}).get(self.name)

    def state(self, configuration: Data) -> str:
        """`value` itself, or one of the words above."""
        found = self.found(configuration)
        if found is None:
            return MISSING
        if found == self.value:
            return found
        return CHOSEN if self.number and number(found) is not None else WRONG

    def amiss(self, configuration: Data) -> bool:
        """Whether the variable has to be restored."""
        return self.state(configuration) in (MISSING, WRONG)


def all_expected(settings: Settings) -> tuple[ExpectedVariable, ...]:
    """Each with the value that the stack's parameters give it."""
    threshold, score = settings.threshold_variable, str(settings.confidence_threshold)
    return tuple(
        ExpectedVariable(name, score if name == threshold else value, name == threshold)
        for name, value in expected(settings).items()
    )


@frozen
class Variables(ManagedSetting):
    """Several variables that are restored in one write. `seen`: their values when they were read, so that a
    person who sets another value meanwhile is noticed."""

    label: str
    wanted: tuple[ExpectedVariable, ...]
    seen: tuple[str | None, ...] = field(default=(), repr=False)

    def value(self, configuration: Data) -> str:
        """What is amiss with which of them, never a value."""
        parts = []
        for place, each in enumerate(self.wanted):
            state, found = each.state(configuration), each.found(configuration)
            state = CHANGED if state == WRONG and self.seen and found != self.seen[place] else state
            parts += [f"{each.name} {state}"] if state != each.value else []
        return amiss(parts)

    def request(self, configuration: Data, wanted: str) -> Json:
        """The request with all variables unchanged, and these as expected."""
        merged = {**(variables_of(configuration) or {}), **{each.name: each.value for each in self.wanted}}
        return {"Environment": {"Variables": merged}}

    def rest(self, configuration: Data) -> Json:
        """Every other variable, and the behaviour."""
        names = {each.name for each in self.wanted}
        return {name: value for name, value in settings_of(configuration).items() if name not in names}


def amiss(parts: Iterable[str]) -> str:
    """`NAME (missing), NAME (wrong)`; one word where nothing is."""
    return ", ".join(parts) or RESTORED


def _several(wanted: tuple[ExpectedVariable, ...], seen: tuple[str | None, ...] = ()) -> Variables:
    return Variables(", ".join(each.name for each in wanted), wanted, seen)


@frozen
class RepairEnvironment(OneFunction):
    """Sets variables of one of the two liveness functions that are missing, or differ from the stack's
    parameters."""

    name: RemedyName = RemedyName.REPAIR_ENVIRONMENT

    def needs(self) -> Permissions:
        """Rights on its function."""
        return to_configure(self.function.arn, "put back variables that are missing or wrong, once approved")

    def prepare(self, context: Context) -> Plan:
        """What each variable is now, in $LATEST and behind every alias, against what is expected."""
        name = self.function.deployed_name(context.settings)
        try:
            return _plan(context, read(context.aws, name))
        except AwsError as error:
            return Plan(name, (), obstacles=(unreadable(name, error),))

    def apply(self, context: Context, plan: Plan) -> Changes:
        """Set all of them in one write; what is set already is left as it is."""
        if plan.obstacles:
            raise Refused(plan.obstacles[0])
        todo = tuple(change for change in plan.changes if unfinished(change))
        if not todo:
            return plan.changes
        target, now = todo[0].target, plan.current
        try:
            now = now or read(context.aws, target)
        except AwsError as error:
            return _shared(plan.changes, todo, failed(todo[0], failure_of(target, error)))
        wanted = _wanted(todo, context.settings)
        states = [each.state(now.configuration) for each in wanted]
        if any(state not in (one.before, one.after) for one, state in zip(todo, states, strict=True)):
            changed = FailureKind.CHANGED_MEANWHILE(target=target)
            return _shared(plan.changes, todo, failed(todo[0], changed))
        several = _several(wanted, tuple(each.found(now.configuration) for each in wanted))
        one = Change(target, several.label, several.value(now.configuration), RESTORED)
        job = FunctionChange(context, several, one, Status.APPLIED, plan.snapshot)
        return _shared(plan.changes, todo, put(job, now))

    def confirm(self, context: Context, lease: Lease) -> Changes:
        """The present status of those that are not settled: published, and served by the aliases there
        are."""
        todo = tuple(change for change in lease.changes if unsettled(change))
        if not todo:
            return lease.changes
        several = _several(_wanted(todo, context.settings))
        before = amiss(f"{change.setting} {change.before}" for change in todo)
        one = replace(todo[0], setting=several.label, before=before, after=RESTORED)
        job = FunctionChange(context, several, one, Status.APPLIED, lease.snapshot)
        return _shared(lease.changes, todo, finish(job))

    def look(self, context: Context, lease: Lease) -> tuple[TargetState | AwsError, ...]:
        """What each variable is now; a value that is not as expected is never shown."""
        read = read_all(context.aws, {change.target for change in lease.changes})

        def one(change: Change, wanted: ExpectedVariable) -> TargetState | AwsError:
            now = read[change.target]
            unread = unread_state(now)
            if isinstance(now, AwsError):
                return unread or now
            if unread is not None:
                return unread
            state = wanted.state(now.configuration)
            presence = Presence.EVERYWHERE if state == wanted.value else Presence.NOWHERE
            return TargetState(presence, state, pending=now.update_status == "InProgress")

        return tuple(map(one, lease.changes, _wanted(lease.changes, context.settings)))

    def restored(self, lease: Lease, wanted: Data) -> dict[str, str]:
        """Nothing: refused while it is in force. A lease whose outcome is unknown can be closed.

        Raises:
            Refused: what was wrong before is not on record.
        """
        targets = dict.fromkeys(change.target for change in lease.changes)
        if lease.state is LeaseState.IN_FORCE:
            raise Refused(Obstacle.REPAIR_STAYS(target=", ".join(targets)))
        return dict.fromkeys(targets, _AS_IT_IS)

    def revert(self, context: Context, lease: Lease, wanted: Data) -> Changes:
        """Leaves everything as it is, and reports that."""

        def one(change: Change) -> Change:
            note = FailureKind.NOT_RESTORED(target=change.target, setting=change.setting)
            return replace(change, status=Status.KEPT, note=note)

        return tuple(map(one, lease.changes))


def _plan(context: Context, now: FunctionNow) -> Plan:
    """One change per variable: from `(missing)` or `(wrong)` to the parameter's value."""
    # What users have: $LATEST, and the version behind each alias.
    served = {now.name: now.configuration}
    served |= {f"{now.name}:{alias.name}": alias.served for alias in now.released}
    unread = [name for name, each in served.items() if variables_of(each) is None]
    if unread:
        against = tuple(Obstacle.VARIABLES_UNREADABLE(target=name) for name in unread)
        return Plan(now.name, (), obstacles=against)
    wanted = all_expected(context.settings)
    unknown = tuple(
        Obstacle.NO_EXPECTED_VALUE(target=now.name, setting=each.name) for each in wanted if not each.value
    )
    known = tuple(each for each in wanted if each.value)
    broken = tuple(each for each in known if any(map(each.amiss, served.values())))
    several = _several(broken)
    changes = [
        Change(now.name, each.name, next(filter(_amiss, map(each.state, served.values()))), each.value)
        for each in broken
    ]
    # Another value that a person chose is not shown.
    fine = (each for each in known if each.state(now.configuration) == each.value)
    done = [Change(now.name, each.name, each.value, each.value, Status.ALREADY) for each in fine]
    found: Obstacles
    found = obstacles(now, several, context.now.date()) if broken else ()
    return Plan(
        now.name,
        tuple(changes or done),
        {"functions": {now.name: snapshot_of(now, several)}},
        (*unknown, *found),
        in_flight(now) if broken else None,
        cautions=cautions(now, several) if broken else (),
        modified={} if now.modified is None else {now.name: now.modified},
        moves=unreleased_settings(now, several) if broken else frozenset(),
        current=now,
    )


def _amiss(state: str) -> bool:
    return state in (MISSING, WRONG)


def _wanted(changes: Changes, settings: Settings) -> tuple[ExpectedVariable, ...]:
    threshold = settings.threshold_variable
    return tuple(
        ExpectedVariable(change.setting, change.after, change.setting == threshold) for change in changes
    )


def _shared(changes: Changes, todo: Changes, outcome: Change) -> Changes:
    """One write, one outcome."""
    return tuple(
        replace(each, status=outcome.status, note=outcome.note, written=outcome.written)
        if each in todo
        else each
        for each in changes
    )
