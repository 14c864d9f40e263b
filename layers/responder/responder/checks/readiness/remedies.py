"""Each remedy's own preconditions, and the guards that ask about the target and the record."""

from collections.abc import Iterator

from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus, RootCause, worst
from responder.checks.readiness.fix_commands import command, weight
from responder.core.change import Change, Ledger, Plan, Status
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.modes import Effect, Mode
from responder.core.reasons import Obstacle
from responder.core.text import Text, Value, text
from responder.evidence.base import reason
from responder.guards import GUARDS, Ends, Hold, Purpose, Question
from responder.guards.rules import mode, paused, precondition
from responder.remedies import Remedy

# Modes and pauses hold all remedies alike: they are told once. Obstacles are told each by itself.
_TOLD_ELSEWHERE = (mode, paused, precondition)


def tried(remedy: Remedy, context: Context, ledger: Ledger | None) -> tuple[CheckItem, ...]:
    """Prepared, and left at that. `ledger`: None where it could not be read."""
    this = Checked.REMEDY.of(remedy.name, remedy.scope)
    chapter = remedy.name.spec.chapter
    try:
        plan = remedy.prepare(context)
    except AwsError as error:
        said = text(
            "check.ready.remedy_unread", remedy=text(f"remedy.name.{remedy.name}"), target=remedy.scope or "-"
        )
        return (CheckItem(this, CheckStatus.UNKNOWN, said, (reason(error),), chapter),)
    if not remedy.name.spec.applied:
        return (
            CheckItem(
                this,
                CheckStatus.GREEN,
                text("check.ready.written_only", remedy=text(f"remedy.name.{remedy.name}")),
            ),
        )
    about: dict[str, Value] = {"remedy": text(f"remedy.name.{remedy.name}"), "target": plan.scope}
    if plan.already:
        return (_already(remedy, plan, about),)
    holds = tuple(_holds(remedy, plan, ledger, context))
    # What it would restore is amiss right now.
    amiss = (CheckStatus.RED,) if remedy.name.spec.effect is Effect.RESTORES and _planned(plan) else ()
    light = worst(*map(weight, plan.obstacles), *(_light(each, remedy) for each in holds), *amiss)
    details = (
        *(each.text for each in plan.obstacles),
        *(_told(each) for each in holds),
        *map(_change, _planned(plan)),
    )
    if any(each.kind.needs_alias for each in plan.obstacles):
        details = (*details, text("check.ready.alias_by_cdk"))
    refused = bool(plan.obstacles) or any(each.ends is Ends.REFUSE for each in holds)
    said = Text("check.ready.amiss", about) if amiss and not refused else _said(light, refused, about)
    unused = {each.kind for each in plan.obstacles} == {Obstacle.ALIAS_UNUSED} and not holds
    root = RootCause.ALIAS if unused else None
    mend = command(plan.obstacles, context.settings)
    return (CheckItem(this, light, said, details, chapter, mend, root=root),)


def _already(remedy: Remedy, plan: Plan, about: dict[str, Value]) -> CheckItem:
    """A remedy that is in force is news where security is lower by it, or an old version runs."""
    odd = remedy.name.spec.effect in (Effect.LOWERS_SECURITY, Effect.CHANGES_CODE)
    notes = tuple(change.note.text if change.note else _stands(change) for change in plan.changes)
    key = "check.ready.in_force" if odd else "check.ready.already"
    light = CheckStatus.AMBER if odd else CheckStatus.GREEN
    return CheckItem(
        Checked.REMEDY.of(remedy.name, remedy.scope), light, Text(key, about), notes, remedy.name.spec.chapter
    )


def _holds(remedy: Remedy, plan: Plan, ledger: Ledger | None, context: Context) -> Iterator[Hold]:
    question = Question(Purpose.RESPOND, context.now, remedy.name, "", None, ledger, plan)
    for guard in GUARDS[Purpose.RESPOND]:
        if guard not in _TOLD_ELSEWHERE and (hold := guard(question)) is not None:
            yield hold


def _light(hold: Hold, remedy: Remedy) -> CheckStatus:
    if hold.ends is Ends.ASK and remedy.name.spec.ceiling is not Mode.AUTO:
        return CheckStatus.GREEN  # a person is asked in any case
    return weight(hold.reason)


def _said(light: CheckStatus, refused: bool, about: dict[str, Value]) -> Text:
    if light is CheckStatus.UNKNOWN:
        return Text("check.ready.remedy_unread", about)
    if light is CheckStatus.GREEN:
        return Text("check.ready.can", about)
    return Text("check.ready.cannot" if refused else "check.ready.asks", about)


def _told(hold: Hold) -> Text:
    if hold.until is None:
        return hold.reason.text
    return text("check.ready.until", reason=hold.reason.text, until=f"{hold.until:%Y-%m-%dT%H:%M:%S}Z")


def _planned(plan: Plan) -> tuple[Change, ...]:
    return tuple(change for change in plan.changes if change.status is Status.PLANNED)


def _change(change: Change) -> Text:
    return text(
        "check.ready.change",
        target=change.target,
        setting=change.setting,
        before=change.before,
        after=change.after,
    )


def _stands(change: Change) -> Text:
    return text("check.ready.stands", target=change.target, setting=change.setting, value=change.after)
