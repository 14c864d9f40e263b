"""A request of a person, carried out: what it puts on record, the command that follows, the answer."""

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
from responder.people import accept, commands, dead_letters, decide, request, switches
from responder.people.answer import PersonAnswer, done, failed
from responder.people.case import PersonCase, RequestingPerson, RequestSubject
from responder.people.decide import RecordedDecision, note
from responder.store.approvals.writing import tidy


def perform(asked: request.PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """Every rule is checked here again, whatever the console has checked.

    Raises:
        Declined: it may not be done; nothing was.
        AwsError: what is on record is not known.
    """
    return _WORK.get(type(asked), _of_incident)(asked, asker)


def _of_incident(asked: request.DecisionRequest, asker: RequestingPerson) -> PersonAnswer:
    return _decided(asked, asker.case(_subject(asked)))


def _known(_: request.WhoamiRequest, asker: RequestingPerson) -> PersonAnswer:
    """The registered person, and the classes of action that this person may approve."""
    name = asker.caller.person
    person = next(each for each in asker.document.people if each.name == name)
    may = sorted(each.value for each in person.may)
    classes = ", ".join(may) if may else text("notice.no_class")
    return done(text("person.you_are", person=name, may=classes), person=name, may=may)


_WORK: Mapping[type, Callable[[Any, RequestingPerson], PersonAnswer]] = {
    request.ResumeRequest: switches.resume,
    request.ModeRequest: switches.set_mode,
    request.SettingsRequest: switches.set_settings,
    request.RedriveRequest: dead_letters.redrive,
    request.DiscardRequest: dead_letters.discard,
    request.AcceptRequest: accept.accept,
    request.UnacceptRequest: accept.unaccept,
    request.WhoamiRequest: _known,
}


def _subject(asked: request.DecisionRequest) -> RequestSubject:
    if isinstance(asked, request.AckRequest | request.CloseRequest):
        return RequestSubject(asked.incident)
    if isinstance(asked, request.RevertRequest):
        return RequestSubject(asked.incident, remedy=asked.remedy, scope=asked.scope)
    return RequestSubject(asked.incident, asked.proposal)


def _decided(asked: request.DecisionRequest, case: PersonCase) -> PersonAnswer:
    match asked:
        case request.AckRequest():
            decided = decide.acknowledge(case)
            return _recorded(case, decided, until=decided.until)
        case request.ApproveRequest():
            return _approve(case)
        case request.RejectRequest():
            decided, why = decide.reject(case, asked.reason), {"reason": tidy(asked.reason)}
            return _recorded(case, replace(decided, step={**decided.step, **why}), **why)
        case request.CloseRequest():
            return _recorded(case, decide.close(case, asked.reason), reason=tidy(asked.reason))
        case request.WithdrawRequest():
            return _recorded(case, decide.withdraw(case))
        case request.RevertRequest():
            return _revert(case, asked)


def _recorded(case: PersonCase, decided: RecordedDecision, **data: Any) -> PersonAnswer:
    """A row, and nothing else follows from it here."""
    said = () if decided.said is None else (decided.said,)
    return done(*said, **_data(case), **data).also(*_note(case, decided))


def _approve(case: PersonCase) -> PersonAnswer:
    decided = decide.approve(case)
    missing = _note(case, decided)
    said = commands.approved(case)
    if isinstance(said, ExplainedReason):
        told = done(text("person.recorded"), said.text, **_data(case), carried_out=False)
    else:
        told = _carry_out(case, said[0], {**_data(case), "carried_out": True})
    return told.also(*missing)


def _revert(case: PersonCase, asked: request.RevertRequest) -> PersonAnswer:
    wanted = {} if asked.percent is None else {"percent": asked.percent}
    if wanted and not spec_of(asked.remedy).in_steps:
        raise Declined(DeclineReason.NO_PERCENT(remedy=name(asked.remedy)))
    decided = decide.take_back(case, wanted)
    command = commands.back(case, wanted)
    data = {**_data(case), "remedy": command.remedy, "scope": command.scope}
    with commands.alone(case, command):
        missing = _note(case, decided)
        told = commands.CommandOutcome.read(commands.carry_out(case.context, case.slug, command), command)
    return told.answer(command, data).also(*missing)


def _carry_out(case: PersonCase, command: Command, data: Mapping[str, Any]) -> PersonAnswer:
    """What was approved; where the function cannot be asked, the follow-up asks it within a minute."""
    try:
        with commands.alone(case, command):
            told = commands.CommandOutcome.read(commands.carry_out(case.context, case.slug, command), command)
    except Declined as error:
        # Another person's approval, or the same one, has sent it.
        return done(text("person.recorded"), error.because.text, **{**data, "carried_out": False})
    except AwsError as error:
        return failed("person.not_sent", str(error), **data, recorded=True)
    return told.answer(command, data)


def _data(case: PersonCase) -> dict[str, Any]:
    subject = case.subject
    about = {"proposal": subject.proposal} if subject.proposal else {}
    return {"incident": subject.incident, "person": case.caller.person, **about}


def _note(case: PersonCase, decided: RecordedDecision) -> tuple[Text, ...]:
    missing = note(case.context, case.caller, case.subject.incident, decided.step, decided.at)
    return () if missing is None else (text("person.not_noted", call=str(missing)),)
