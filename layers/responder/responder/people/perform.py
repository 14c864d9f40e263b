"""A request of a person, carried out: what is stored of it, the command that follows, the answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from responder.core.command import Command
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, Declined
from responder.core.reasons import ExplainedReason
from responder.core.remedy import spec_of
from responder.core.text import Text, text
from responder.messages.headline import name
from responder.people import accept, commands, dead_letters, decide, switches
from responder.people.case import (
    PersonAnswer,
    PersonCase,
    RequestingPerson,
    RequestSubject,
    done,
    failed,
    note,
)
from responder.people.decide import RecordedDecision
from responder.people.request import PersonRequest, RequestKind
from responder.store.approval_writer import tidy


def perform(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """Every rule is checked here again, whatever the console has checked.

    Raises:
        Declined: it may not be done; nothing was.
        AwsError: the record could not be read.
    """
    return _WORK[asked.kind](asked, asker)


def _acknowledge(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    case = asker.case(RequestSubject(asked.incident))
    decided = decide.acknowledge(case)
    return _recorded(case, decided, until=decided.until)


def _close(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    case = asker.case(RequestSubject(asked.incident))
    return _recorded(case, decide.close(case, asked.reason), reason=tidy(asked.reason))


def _reject(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    case, why = asker.case(RequestSubject(asked.incident, asked.proposal)), {"reason": tidy(asked.reason)}
    decided = decide.reject(case, asked.reason)
    return _recorded(case, replace(decided, step={**decided.step, **why}), **why)


def _withdraw(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    case = asker.case(RequestSubject(asked.incident, asked.proposal))
    return _recorded(case, decide.withdraw(case))


def _recorded(case: PersonCase, decided: RecordedDecision, **data: Any) -> PersonAnswer:
    """A row, and nothing else follows from it here."""
    said = () if decided.said is None else (decided.said,)
    return done(*said, **_data(case), **data).also(*_note(case, decided))


def _approve(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """Where the function cannot be asked to carry it out, the follow-up asks it within a minute."""
    case = asker.case(RequestSubject(asked.incident, asked.proposal))
    missing = _note(case, decide.approve(case))
    said, data = commands.approved(case), _data(case)
    if isinstance(said, ExplainedReason):
        return done(text("person.recorded"), said.text, **data, carried_out=False).also(*missing)
    try:
        answer = _sent(case, said[0], {**data, "carried_out": True})
    except Declined as error:
        # Another person's approval, or the same one, has sent it.
        answer = done(text("person.recorded"), error.because.text, **data, carried_out=False)
    except AwsError as error:
        answer = failed("person.not_sent", str(error), **data, carried_out=True, recorded=True)
    return answer.also(*missing)


def _revert(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    case = asker.case(RequestSubject(asked.incident, remedy=asked.remedy, scope=asked.scope))
    wanted = {} if asked.percent is None else {"percent": asked.percent}
    if wanted and not spec_of(asked.remedy).in_steps:
        raise Declined(DeclineReason.NO_PERCENT(remedy=name(asked.remedy)))
    decided, command = decide.revert(case, wanted, asked.why), commands.back(case, wanted)
    if decided.said is not None:
        return _recorded(case, decided, remedy=command.remedy, scope=command.scope)
    return _sent(case, command, {**_data(case), "remedy": command.remedy, "scope": command.scope}, decided)


def _sent(
    case: PersonCase, command: Command, data: Mapping[str, Any], decided: RecordedDecision | None = None
) -> PersonAnswer:
    """The command, once at a time, with what its function answers. `decided`: put on the timeline before it
    is sent."""
    with commands.alone(case, command):
        missing = _note(case, decided) if decided else ()
        answer = commands.answer(case.context, case.slug, command)
        outcome = commands.CommandOutcome.read(answer, command, case.context.settings.console)
    return outcome.answer(command, data).also(*missing)


def _data(case: PersonCase) -> dict[str, Any]:
    subject = case.subject
    about = {"proposal": subject.proposal} if subject.proposal else {}
    return {"incident": subject.incident, "person": case.caller.person, **about}


def _note(case: PersonCase, decided: RecordedDecision) -> tuple[Text, ...]:
    return note(case.context, case.caller, case.subject.incident, decided.at, decided.step)


def _who(_: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """The registered person, and the classes of action that this person may approve."""
    name = asker.caller.person
    person = next(each for each in asker.document.people if each.name == name)
    may = sorted(each.value for each in person.may)
    classes = ", ".join(may) if may else text("notice.no_class")
    return done(text("person.you_are", person=name, may=classes), person=name, may=may)


_WORK: Mapping[RequestKind, Callable[[PersonRequest, RequestingPerson], PersonAnswer]] = {
    RequestKind.ACK: _acknowledge,
    RequestKind.APPROVE: _approve,
    RequestKind.REJECT: _reject,
    RequestKind.WITHDRAW: _withdraw,
    RequestKind.CLOSE: _close,
    RequestKind.REVERT: _revert,
    RequestKind.RESUME: switches.resume,
    RequestKind.MODE: switches.set_mode,
    RequestKind.SETTINGS: switches.set_settings,
    RequestKind.REDRIVE: dead_letters.redrive,
    RequestKind.DISCARD: dead_letters.discard,
    RequestKind.ACCEPT: accept.accept,
    RequestKind.UNACCEPT: accept.unaccept,
    RequestKind.WHOAMI: _who,
}
