"""failures: what could not be answered, delivered, reported or followed: listed, decided again, discarded.

Looking takes nothing out. What is decided again is decided on fresh evidence; nothing is ever carried out as
it was asked for then. Where no incident is open, the alarm's function gets the event once more, as a replay:
it is looked into and reported, and nothing is changed; an incident is opened while the alarm is raised. The
entry for people takes the messages out of their queues; the console only names them.
"""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any

from liveness_ops.console.leases import stamp_of
from liveness_ops.console.letters import Failure, Opened, look, numbered, opened, read
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from responder.core.declined import DeclineReason
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.text import Strings, Text, text
from responder.messages.json_report import moment
from responder.people.request import FailedMessage, PersonRequest, RequestKind

_COLUMNS = (
    "ops.col_n",
    "ops.col_queue",
    "ops.col_came",
    "ops.col_what",
    "ops.col_function",
    "ops.col_error",
    "ops.col_incident",
    "ops.col_id",
)
_WHAT = {
    "follow-up": "ops.what_follow_up",
    "round": "ops.what_round",
    "check": "ops.what_check",
    "message": "ops.what_message",
    "button": "ops.what_button",
}
_SHORTEST = 6
# Why one message was left alone, for machines.
_REFUSED, _TAKEN = "refused", "taken"
_NOT_ACCEPTED = (Exit.NOT_DONE, Exit.NO_INCIDENT, Exit.NOTHING_OPEN)


@frozen
class FailuresRequest:
    """The command as typed; each value names a message by its number in the list or by its id. All empty: the
    list."""

    redrive: str = ""
    everything: bool = False
    discard: Strings = ()


def failures(session: OperatorSession, wanted: FailuresRequest) -> Json:
    """The list; or re-evaluate, or discard, what is wished.

    Raises:
        EarlyExit: it is not clear what is meant; there is no such failure; some of it was not done.
    """
    if sum(map(bool, (wanted.redrive, wanted.everything, wanted.discard))) > 1:
        raise EarlyExit(Exit.USAGE, text("ops.one_of"))
    if session.screen.yes and any(len(each) < _SHORTEST for each in wanted.discard):
        # Unless it is read again, a number may now belong to another message.
        raise EarlyExit(Exit.USAGE, text("ops.discard_by_id"))
    letters, unseen = look(session)
    now = opened(session) if letters else Opened()
    found = numbered(session, now, map(read, letters))
    broken = list(now.broken.values())
    session.screen.say(*(text("denial.broken_row", row=each) for each in broken), style="yellow")
    if wanted.discard:
        named = {
            failure.number: failure for failure in (_named(session, found, each) for each in wanted.discard)
        }
        _show(session, named.values())
        return _discard(session, list(named.values()))
    if wanted.redrive or wanted.everything:
        chosen = found if wanted.everything else [_named(session, found, wanted.redrive)]
        if not chosen:
            raise EarlyExit(Exit.NOTHING_OPEN, text("ops.no_failures"))
        return _redrive(session, chosen)
    if found:
        _show(session, found)
        session.screen.say(text("ops.failures_hint"), style="dim")
    else:
        session.screen.say(text("ops.no_failures"), style="green")
    if unseen:
        session.screen.say(text("ops.unseen", count=unseen), style="yellow")
    return {"failures": [each.as_json() for each in found], "unseen": unseen, "broken": broken}


# --- the list ------------------------------------------------------------------------------------


def _named(session: OperatorSession, found: list[Failure], wanted: str) -> Failure:
    """A number is that of the list; what is longer may be the beginning of an id."""
    by_id = [each for each in found if each.letter.id.startswith(wanted) and len(wanted) >= _SHORTEST]
    by_number = [each for each in found if str(each.number) == wanted]
    if len(by_id) > 1:
        ids = [each.letter.id for each in by_id]
        raise EarlyExit(Exit.USAGE, text("ops.several_failures", ids=" ".join(ids)), {"ids": ids})
    if len(by_id or by_number) != 1:
        command = session.typed("failures")
        raise EarlyExit(Exit.NOTHING_OPEN, text("ops.no_failure", wanted=wanted, command=command))
    return (by_id or by_number)[0]


def _show(session: OperatorSession, shown: Iterable[Failure]) -> None:
    cells = (
        (
            str(each.number),
            each.letter.queue,
            stamp_of(each.sent),
            _what(each),
            each.function or "–",
            each.error or "–",
            each.name or "–",
            each.letter.id[:8],
        )
        for each in shown
    )
    session.screen.table(text("ops.failures", stack=session.settings.stack), map(Text, _COLUMNS), cells)


def _what(failure: Failure) -> Text:
    if failure.what == "alarm" and failure.at is not None:
        return text("ops.what_alarm", alarm=failure.alarm, state=failure.state, at=moment(failure.at) or "")
    if failure.what == "command":
        return text("ops.what_command", order=failure.order or "–")
    return Text(_WHAT.get(failure.what, "ops.what_unknown"))


def _letters(chosen: Iterable[Failure]) -> tuple[FailedMessage, ...]:
    """The messages as the entry for people removes them from their queues."""
    return tuple(FailedMessage(each.letter.queue, each.letter.id) for each in chosen)


# --- discard -------------------------------------------------------------------------------------


def _discard(session: OperatorSession, chosen: list[Failure]) -> Json:
    """Nothing is sent. What another person has taken meanwhile stays."""
    for each in chosen:
        if each.opened is not None:
            session.screen.say(text("ops.discard_open", n=each.number, incident=each.name), style="yellow")
    session.screen.confirm(text("ops.ask_discard", count=len(chosen)))
    found = []
    for each in chosen:
        problem = _problem_of_discarding(session, each)
        found.append({**each.as_json(), "removed": problem is None, "problem": problem})
    return _ended(session, "ops.discard_failed", found)


def _problem_of_discarding(session: OperatorSession, each: Failure) -> str | None:
    letter, person = each.letter, session.me.person
    try:
        session.ask(PersonRequest(RequestKind.DISCARD, each.name, letters=_letters([each]), error=each.error))
    except EarlyExit as early:
        if early.status in (Exit.STRANGER, Exit.USAGE):
            raise
        return next(iter(early.data.get("problems", {}).values()), None) or _problem(early)
    said = text("ops.discarded", n=each.number, person=person, queue=letter.queue, id=letter.id)
    session.screen.say(said, style="green")
    return None


# --- re-evaluate --------------------------------------------------------------------------------


def _redrive(session: OperatorSession, chosen: list[Failure]) -> Json:
    """Once per incident or alarm; a message is removed only after it was accepted."""
    reasons = [(each, each.why_not(session)) for each in chosen]
    session.screen.say(*(why for _, why in reasons if why is not None))
    ready = sorted((each for each, why in reasons if why is None), key=attrgetter("title"))
    found = [_row(each, why=why.key) for each, why in reasons if why is not None]
    if not ready:
        data = {"person": session.me.person, "failures": found}
        raise EarlyExit(Exit.NOTHING_OPEN, text("ops.nothing_redriven"), data)
    groups = {title: list(group) for title, group in groupby(ready, key=attrgetter("title"))}
    session.screen.confirm(text("ops.ask_redrive", incidents=", ".join(groups), count=len(ready)))
    for group in groups.values():
        found += [row for same in _together(group) for row in _again(session, same)]
    return _ended(session, "ops.redrive_failed", sorted(found, key=lambda each: int(each["n"])))


def _together(mine: list[Failure]) -> list[list[Failure]]:
    """What one request is about: the incident; or of each state the changes, whose newest one is looked into.

    In the order of the changes, not in that of their arrival: an OK alone would leave the alarm before it
    unreported."""
    if not mine[-1].afresh:
        return [mine]
    states: dict[str, list[Failure]] = {}
    for each in sorted(mine, key=lambda each: str(each.at)):
        states.setdefault(each.state, []).append(each)
    return sorted(states.values(), key=lambda same: str(same[-1].at))


def _again(session: OperatorSession, same: list[Failure]) -> list[Json]:
    """Send one request, with which its messages leave their queues."""
    last = same[-1]
    incident = "" if last.afresh else last.name
    function = last.answers.removeprefix(f"{session.settings.stack}-")
    try:
        data = session.ask(
            PersonRequest(RequestKind.REDRIVE, incident, letters=_letters(same), function=function)
        )
    except EarlyExit as early:
        if early.status in (Exit.STRANGER, Exit.USAGE):
            raise
        data = early.data
        if "problems" not in data:
            return [_row(each, problem=_problem(early), results=data.get("results") or {}) for each in same]
    for each in same:
        if (call := data["problems"].get(each.letter.id)) is not None:
            session.screen.say(text("ops.not_removed", n=each.number, call=call), style="yellow")
    results = ", ".join(f"{name}: {result}" for name, result in data["results"].items()) or "–"
    session.screen.say(text("ops.redriven", incident=last.title, results=results), style="green")
    return [
        _row(each, problem=_TAKEN)
        if each.letter.id in data["missing"]
        else _row(each, sent=True, removed=each.letter.id in data["removed"], results=data["results"])
        for each in same
    ]


def _ended(session: OperatorSession, key: str, found: list[Json]) -> Json:
    """Raises EarlyExit where some of it was not done."""
    data = {"person": session.me.person, "failures": found}
    if problems := {each["problem"] for each in found} - {None}:
        said = Text(key, {"problems": ", ".join(sorted(problems))})
        raise EarlyExit(Exit.NOT_DONE if problems <= {_REFUSED, _TAKEN} else Exit.AWS, said, data)
    return data


def _problem(early: EarlyExit) -> str:
    if early.data.get("error") == DeclineReason.LETTERS_GONE.value:
        return _TAKEN
    if early.status in _NOT_ACCEPTED:
        return _REFUSED
    return str(early.data.get("call", early.data.get("error")))


def _row(each: Failure, **known: Any) -> Json:
    """For machines. `known`: what differs from a message that was left alone."""
    alone = {"sent": False, "removed": False, "results": {}, "problem": None, "why": None}
    return {"n": each.number, "id": each.letter.id, "incident": each.name or None, **alone, **known}
