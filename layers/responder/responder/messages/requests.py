"""What a person is asked for, or has ordered: a change and its reversal never have the same wording.

Wherever the command is known, a remedy is named by `called`; `name` only names what is in force. Results have
their names here, too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum

from responder.core.change import Change, Changes, Lease, LeaseState, Status
from responder.core.command import ApprovalRequest, Command, CommandKind, number, weakens
from responder.core.frozen import frozen
from responder.core.reasons import FailureKind
from responder.core.refusals import Refusal
from responder.core.remedy import spec_of
from responder.core.text import Strings, Text, Texts, Values, text
from responder.core.verdict import Outcome, Result
from responder.messages.language import either, known

ONE_MORE, IN_PLACE, BEING_APPLIED = "one_more", "in_place", "being_applied"
# Another incident does it or has done it.
BY_ANOTHER = (IN_PLACE, BEING_APPLIED)


class Direction(Enum):
    """Where a request leads."""

    CHANGE = "change"  # what the remedy is for
    REVERSAL = "reversal"
    OFF = "off"  # the liveness check off once more, while it was coming back
    LESS = "less"  # for fewer users than now, while it was coming back

    @property
    def restores(self) -> bool:
        """Whether it restores the old state."""
        return self is Direction.REVERSAL


def valued(value: str) -> Text:
    """The value of a setting; in words where a change holds a mark such as `(missing)` in its place."""
    return text("report.all", parts=value)


@frozen
class RequestedChange:
    """A remedy with the command that was given for it.

    Attributes:
        back: the remedy is to be reverted, or a step of the way.
        changes: what every target gets; empty where that is not known.
        percent: the step of the rollout that was asked for, where only that is known.
        kept: the values that people had set meanwhile, and that were therefore left as they are.
    """

    remedy: str
    scope: str = ""
    back: bool = False
    changes: Changes = ()
    percent: int | None = None
    kept: Strings = ()

    @classmethod
    def asked(cls, asked: ApprovalRequest) -> "RequestedChange":
        """A proposal that waits, or waited, for a person."""
        return cls(asked.remedy, asked.scope, asked.order == CommandKind.REVERT, asked.changes)

    @classmethod
    def ordered(cls, command: Command) -> "RequestedChange":
        """A command whose targets are not known here."""
        percent = str(command.wanted.get("percent"))
        step = int(percent) if percent.isdecimal() else None
        return cls(command.remedy, command.scope, command.order is CommandKind.REVERT, percent=step)

    @classmethod
    def outcome(cls, outcome: Outcome) -> "RequestedChange":
        """The change that a proposal or command is about: once all of it is reverted, the ended change."""
        notes = [each.note for each in outcome.changes if each.note and outcome.result is Result.KEPT]
        kept = dict.fromkeys(
            str(note.values.get("now", "-")) for note in notes if note.kind is FailureKind.KEPT
        )
        back = outcome.back and outcome.result is not Result.REVERTED
        return cls(outcome.remedy, outcome.scope, back, outcome.changes, kept=tuple(kept))

    @property
    def direction(self) -> Direction:
        """During a revert the rollout can also be lowered: where a step failed, or a person wants a smaller
        one."""
        if not self.back:
            return Direction.CHANGE
        if not weakens(self.remedy, self.moved):
            return Direction.REVERSAL
        return Direction.OFF if all(number(each.after) == 0 for each in self.changes) else Direction.LESS

    @property
    def moved(self) -> Changes:
        """The targets whose value it changes."""
        return tuple(each for each in self.changes if each.before != each.after)

    @property
    def lowers_security(self) -> bool:
        """Approving it makes the check weaker."""
        return spec_of(self.remedy).lowers_security and not self.direction.restores

    @property
    def values(self) -> Strings:
        """The values that it sets, each once; numbers in ascending order."""
        changes = self.moved or (() if self.back else self.changes)
        found = tuple(dict.fromkeys(each.after for each in changes))
        return tuple(sorted(found, key=float)) if _numbers(found) else found


def name(remedy: str, scope: str = "") -> Text:
    """A remedy as people call it, with its instance where there are several."""
    return scoped(either(Text(f"remedy.name.{remedy}"), Text(remedy)), scope)


def scoped(said: Text, scope: str) -> Text:
    """The name with the remedy's instance, where it has several."""
    instance = Text(f"remedy.scope.{scope}")
    return text("report.scoped", remedy=said, scope=instance) if known(instance.key) else said


def leased(remedy: str, scope: str, changes: Iterable[Change]) -> Text:
    """A remedy that was applied, with its scope where that is a target."""
    called = name(remedy, scope)
    of_one = any(change.target.partition(":")[0] == scope for change in changes)
    return text("report.scoped", remedy=called, scope=scope) if of_one else called


def result_key(act: Outcome, leases: Iterable[Lease]) -> str:
    """What names its result. That AWS still works on it, that one of two people has approved, and that
    another incident does it or has done it, each have their own name. `leases`: all that is in force."""
    if act.result is Result.APPLIED and act.working:
        return "started"
    because = act.because
    if because is not None and act.result.declined and because.kind in (Refusal.LEASED, Refusal.LINKED):
        whose = act.remedy, because.values["incident"]
        theirs = [one for one in leases if one.open and (one.remedy, one.incident) == whose]
        if all(one.whole for one in theirs):
            return IN_PLACE
        begun = all(one.state is LeaseState.APPLYING for one in theirs)
        return BEING_APPLIED if begun else act.result.value
    return ONE_MORE if because is not None and because.kind is Refusal.ONE_MORE else act.result.value


def called(request: RequestedChange) -> Text:
    """The request in words, with its instance where the remedy has several."""
    if request.kept:
        values: Values = {"to": ", ".join(request.kept)}
        return scoped(
            either(Text(f"remedy.kept.{request.remedy}", values), Text("remedy.kept.unknown", values)),
            request.scope,
        )
    if request.direction in (Direction.CHANGE, Direction.OFF):
        return name(request.remedy, request.scope)
    return scoped(_reversal(request), request.scope)


def again_of(place: str, act: Outcome) -> Text | None:
    """`on_again` of a reversal; None for what is none."""
    return on_again(place, act.remedy, act.changes) if act.result in (Result.REVERTED, Result.KEPT) else None


def on_again(place: str, remedy: str, changes: Sequence[Change]) -> Text | None:
    """That what lowered security is undone, by us or by others, with the values that hold now, as a text of
    this `place` (`did`, `subject`). None for other remedies, and where such a value is 0 or not known."""
    pending = any(each.status is Status.IN_PROGRESS for each in changes)
    key = f"{place}.again{'_pending' if pending else ''}.{remedy}"
    values = {_holds(each, spec_of(remedy).in_steps) for each in changes}
    if not values or not known(key) or not all(number(each) for each in values):
        return None
    return Text(key, _to(tuple(sorted(values, key=float))))


def _holds(change: Change, theirs: bool) -> str:
    """The value that holds after a reversal; empty where it is not known. `theirs`: one that others have set
    counts as well; a threshold of theirs may still be lower than before."""
    if change.status in (Status.REVERTED, Status.IN_PROGRESS):
        return change.after
    return str(change.note.values.get("now", "")) if theirs and change.note is not None else ""


def consequence(request: RequestedChange) -> Text:
    """The effect, as a request for approval shows it."""
    return text("order.if_approved", said=effect_of(request))


def consequences(requests: Sequence[RequestedChange]) -> Texts:
    """The consequence of each request; requests with the same consequence are named together."""
    if len(requests) == 1:
        return (consequence(requests[0]),)
    alike: dict[str, tuple[Text, list[Text]]] = {}
    for each in requests:
        said = effect_of(each)
        alike.setdefault(repr(said), (said, []))[1].append(called(each))
    return tuple(
        text("order.if_approved_of", remedy=tuple(names), said=said) for said, names in alike.values()
    )


def effect_of(request: RequestedChange) -> Text:
    """What changes for users, for security and for the bill once it is done."""
    if request.back and not request.values:
        return text("remedy.yes.unknown")
    key = f"remedy.yes.{_KINDS[request.direction]}{request.remedy}{_shape(request)}"
    values = _to(request.values)
    said = either(Text(key, values), Text("remedy.yes.unknown", values))
    return either(replace(said, key=f"{said.key}_range"), said) if len(request.values) > 1 else said


def asked_for(asked: ApprovalRequest, *, whole: bool = True) -> Text:
    """A proposal that waits for a person. `whole`: with its instance."""
    request = RequestedChange.asked(asked)
    return called(request if whole else replace(request, scope=""))


_KINDS = {Direction.CHANGE: "", Direction.OFF: "", Direction.REVERSAL: "back_", Direction.LESS: "less_"}


def _reversal(request: RequestedChange) -> Text:
    if request.values:
        kind = "less" if request.direction is Direction.LESS else "back"
        said = Text(f"remedy.{kind}.{request.remedy}{_shape(request)}", _to(request.values))
    elif request.percent is not None:
        return text("remedy.back.step", percent=request.percent)
    else:
        said = Text(f"remedy.reverse.{request.remedy}")
    return said if known(said.key) else text("remedy.back.unknown", remedy=name(request.remedy))


def _shape(request: RequestedChange) -> str:
    """The old rollout may have been no number."""
    return "_values" if spec_of(request.remedy).in_steps and not _numbers(request.values) else ""


def _to(values: Strings) -> Values:
    if len(values) > 1 and _numbers(values):
        return {"to": Text("remedy.back.range", {"least": values[0], "most": values[-1]})}
    return {"to": ", ".join(values) or "-"}


def _numbers(values: Strings) -> bool:
    return all(number(each) is not None for each in values)
