"""Each remedy's own preconditions, and the guards that ask about the target and the record."""

from collections.abc import Iterable, Iterator

from responder.checks.finding import (
    AMBER,
    GREEN,
    RED,
    UNKNOWN,
    Checked,
    CheckItem,
    CheckStatus,
    Identity,
    RootCause,
    worst,
)
from responder.core.change import Change, Ledger, Plan, Status
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.modes import Effect, Mode
from responder.core.reasons import Caution, ExplainedReason, Obstacle, ReasonKind
from responder.core.refusals import Because, Refusal
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.core.text import Text, Values, text
from responder.evidence.base import reason
from responder.guards import GUARDS, Ends, Hold, Purpose, Question, mode, paused, precondition
from responder.remedies import Remedy

# Modes and pauses hold all remedies alike: they are reported once. Obstacles are reported one by one.
_REPORTED_ELSEWHERE = (mode, paused, precondition)
# Something is broken, not only left undone.
_RED: frozenset[ReasonKind] = frozenset(
    {
        Obstacle.NO_TARGETS,
        Obstacle.LAST_UPDATE_FAILED,
        Obstacle.RUNTIME_REFUSED,
        Obstacle.VARIABLES_UNREADABLE,
        Obstacle.TABLE_NOT_ACTIVE,
    }
)
_UNREAD: frozenset[ReasonKind] = frozenset(
    {Obstacle.UNREADABLE, Caution.LOAD_UNREAD, Caution.SCALING_UNREAD, Refusal.STORE_UNREADABLE}
)
_STATE = (
    "aws lambda get-function-configuration --region {region} --function-name {target} "
    "--query '[State,StateReasonCode,LastUpdateStatus,LastUpdateStatusReasonCode]'"
)
_TABLE = (
    "aws dynamodb describe-table --region {region} --table-name {target} "
    "--query 'Table.[TableStatus,GlobalSecondaryIndexes[].[IndexName,IndexStatus]]'"
)
# None for a declaration: the person who makes it has read the code, which no command can. None for an alias:
# created manually it falls behind the next deployment, and then every change of the configuration is refused.
_COMMANDS = {
    Obstacle.NOT_ACTIVE: _STATE,
    Obstacle.LAST_UPDATE_FAILED: _STATE,
    Obstacle.TABLE_NOT_ACTIVE: _TABLE,
}


# They change several functions alike, under one name that only the responder has.
_SEVERAL = {
    RemedyName.ROLLOUT_TO_ZERO: text("check.ready.rollout_readers"),
    RemedyName.LOWER_THRESHOLD: text("check.ready.threshold_readers"),
}


def prepared(remedy: Remedy, context: Context, ledger: Ledger | None) -> Iterator[CheckItem]:
    """Prepared, and left at that. `ledger`: None where it could not be read."""
    spec, name = remedy.name.spec, text(f"remedy.name.{remedy.name}")
    this = Checked.REMEDY.of(remedy.name, remedy.scope, chapter=spec.chapter)
    try:
        plan = remedy.prepare(context)
    except AwsError as error:
        said = text("check.ready.remedy_unread", remedy=name, target=remedy.scope or "-")
        yield this.unknown(said, reason(error))
        return
    about: Values = {"remedy": name, "target": _SEVERAL.get(remedy.name, plan.scope)}
    if not spec.applied:
        yield Checked.REMEDY.of(remedy.name, remedy.scope).green(
            text("check.ready.written_only", remedy=name)
        )
    elif plan.already:
        notes = (
            change.note.text
            if change.note
            else text("check.ready.stands", target=change.target, setting=change.setting, value=change.after)
            for change in plan.changes
        )
        # A remedy that is in force is news where security is lower by it, or an old version runs.
        if spec.effect in (Effect.LOWERS_SECURITY, Effect.CHANGES_CODE):
            yield this.amber(Text("check.ready.in_force", about), *notes)
        else:
            yield this.green(Text("check.ready.already", about), *notes)
    else:
        yield _judged(this, remedy, plan, about, context, ledger)


def _judged(  # noqa: PLR0913 - what a finding is made of
    this: Identity,
    remedy: Remedy,
    plan: Plan,
    about: Values,
    context: Context,
    ledger: Ledger | None,
) -> CheckItem:
    question = Question(Purpose.RESPOND, context.now, remedy.name, "", None, ledger, plan)
    asked = (guard(question) for guard in GUARDS[Purpose.RESPOND] if guard not in _REPORTED_ELSEWHERE)
    holds = [hold for hold in asked if hold is not None]
    planned = [change for change in plan.changes if change.status is Status.PLANNED]
    # What it would restore is wrong right now.
    amiss = bool(planned) and remedy.name.spec.effect is Effect.RESTORES
    status = worst(
        *(_weight(each) for each in plan.obstacles),
        *(_status(each, remedy) for each in holds),
        RED if amiss else GREEN,
    )
    details = [*(each.text for each in plan.obstacles), *map(_hold, holds), *map(_change, planned)]
    if any(each.kind.needs_alias for each in plan.obstacles):
        details.append(text("check.ready.alias_by_cdk"))
    refused = bool(plan.obstacles) or any(each.ends is Ends.REFUSE for each in holds)
    key = {
        UNKNOWN: "check.ready.remedy_unread",
        GREEN: "check.ready.can",
    }.get(status, "check.ready.cannot" if refused else "check.ready.asks")
    said = Text("check.ready.amiss" if amiss and not refused else key, about)
    unused = {each.kind for each in plan.obstacles} == {Obstacle.ALIAS_UNUSED} and not holds
    root = RootCause.ALIAS if unused else None
    return this.item(status, said, *details, command=_command(plan.obstacles, context.settings), root=root)


def _weight(reason: Because) -> CheckStatus:
    """Of one obstacle, caution or hold. A function that is pending or inactive becomes ready in time or on a
    call."""
    broken = reason.kind is Obstacle.NOT_ACTIVE and reason.values.get("state") == "Failed"
    if reason.kind in _RED or broken:
        return RED
    return UNKNOWN if reason.kind in _UNREAD else AMBER


def _status(hold: Hold, remedy: Remedy) -> CheckStatus:
    if hold.ends is Ends.ASK and remedy.name.spec.ceiling is not Mode.AUTO:
        return GREEN  # a person is asked in any case
    return _weight(hold.reason)


def _command(reasons: Iterable[ExplainedReason[Obstacle]], settings: Settings) -> str:
    """One line for the first reason that has one."""
    for each in reasons:
        if each.kind in _COMMANDS:
            return _COMMANDS[each.kind].format(region=settings.region, target=each.values["target"])
    return ""


def _hold(hold: Hold) -> Text:
    if hold.until is None:
        return hold.reason.text
    return text("check.ready.until", reason=hold.reason.text, until=f"{hold.until:%Y-%m-%dT%H:%M:%S}Z")


def _change(change: Change) -> Text:
    values = {"target": change.target, "setting": change.setting}
    return text("check.ready.change", before=change.before, after=change.after, **values)
