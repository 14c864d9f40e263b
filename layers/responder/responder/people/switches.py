"""Modes, pauses and the settings document: everything that lets the automation do more is changed only
here.

On-call is notified of a mode and of the document: who, what, before and after. It is reported before it is
changed: a run that dies between the two, and its retry, which finds the change made, would else leave on-call
untold. People are named as they are registered: a principal may hold a mail address.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, Declined, Missing, SettingsUnusable
from responder.core.log import log
from responder.core.modes import Effect, Mode, stricter
from responder.core.remedy import REMEDIES, spec_of
from responder.core.retry import COMMAND_SECONDS, again
from responder.core.settings_document import CLASSES, Person, SettingsDocument, differences, parse
from responder.core.switches import (
    EVERYWHERE,
    MODES,
    SET_BY_PEOPLE,
    SETTINGS,
    Stop,
    Switches,
    asked_by,
    set_by_people,
    stops_path,
    stored,
    switches,
)
from responder.core.text import Text, Texts, text
from responder.messages.json_report import moment
from responder.messages.notice import Notice, envelope
from responder.messages.publish import send, subject_language
from responder.messages.requests import name
from responder.people import claim
from responder.people.case import PersonAnswer, RequestingPerson, done
from responder.people.request import PersonRequest
from responder.store.switches import read_parameters

type Parameters = Mapping[str, str]

# Longer than `people` runs (90 s).
_CHANGING = timedelta(minutes=2)
_DOCUMENT = Text("subject.document")


def set_mode(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """The mode of a remedy, or the global one.

    Raises:
        Declined: there is no such remedy or mode, it is above the ceiling, or it is not what was shown.
    """
    remedy, context = asked.remedy, asker.context
    try:
        wanted = Mode(asked.mode)
    except ValueError:
        raise Declined(DeclineReason.UNREADABLE(field="mode")) from None
    if remedy and remedy not in REMEDIES:
        raise Declined(DeclineReason.NO_REMEDY(remedy=remedy, known=", ".join(sorted(REMEDIES))))
    ceiling = spec_of(remedy).ceiling if remedy else Mode.AUTO
    if wanted.rank > ceiling.rank:
        raise Declined(DeclineReason.CEILING(remedy=name(remedy), mode=ceiling.value))

    def change(found: Parameters) -> Texts:
        return _change_mode(asked, asker, wanted, _switches(found, context))

    found, notices = _set(
        asker, MODES, lambda found: _present(_switches(found, context), remedy) is wanted, change
    )
    board = _switches(found, context)
    before = _present(board, remedy)
    answer = done(
        text("person.mode_set", what=_named(remedy), before=_word(before), mode=wanted.value),
        person=asker.caller.person,
        remedy=remedy or None,
        mode=wanted.value,
        before=before.value if before else None,
    ).also(*notices)
    effective = stricter(wanted, board.everywhere or Mode.OBSERVE, ceiling)
    if remedy and effective is not wanted:
        return answer.also(text("person.mode_held", mode=effective.value))
    return answer


def _change_mode(asked: PersonRequest, asker: RequestingPerson, wanted: Mode, board: Switches) -> Texts:
    remedy, before = asked.remedy, _present(board, asked.remedy)
    if (before.value if before else "") != asked.before:
        raise Declined(DeclineReason.MODE_CHANGED())
    if wanted.rank > (before or Mode.OBSERVE).rank:
        freed = {spec_of(remedy).effect} if remedy else _classes(replace(board, everywhere=wanted))
        if missing := _missing(asker, freed):
            raise Declined(DeclineReason.MAY_NOT_RAISE(**asker.caller.named, missing=missing))
    known = {**({EVERYWHERE: board.everywhere} if board.everywhere else {}), **board.remedies}
    modes = json.dumps({**known, remedy or EVERYWHERE: wanted})
    what = _named(remedy)
    mode = text("subject.mode", remedy=remedy) if remedy else text("subject.global_mode")
    said = text("notice.mode", person=asker.caller.person, what=what)
    line = text("person.mode_set", what=what, before=_word(before), mode=wanted.value)
    notices = _notify(asker, text("subject.changing", what=mode), said, (line,))
    _put(asker, MODES, modes, mode)
    return notices


def _present(board: Switches, remedy: str) -> Mode | None:
    return board.remedies.get(remedy) if remedy else board.everywhere


def _named(remedy: str) -> Text:
    return name(remedy) if remedy else text("notice.everywhere")


def _word(mode: Mode | None) -> Text | str:
    return mode.value if mode else text("notice.unreadable")


def set_settings(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """The settings document, changed by a person of every class alone, as it gives classes to others.

    Raises:
        Declined: this person may not, the document is invalid or not the one that was shown, or takes a class
            from this person: after a mistake in another entry one person has to be left who can correct it.
    """
    caller, path = asker.caller, asker.context.settings.parameters_path
    if not caller.may >= set(CLASSES):
        raise Declined(DeclineReason.MAY_NOT_REGISTER(**caller.named))
    try:
        wanted = parse(asked.document)
    except SettingsUnusable as error:
        raise Declined(DeclineReason.SETTINGS_INVALID(reason=error.reason.text)) from None
    mine = wanted.people.who(caller.principal)
    if mine is None or not mine.may >= set(CLASSES):
        raise Declined(DeclineReason.NOT_YOURSELF(principal=caller.principal))

    def change(found: Parameters) -> Texts:
        if digest(stored(path, found, SETTINGS) or "") != asked.shown:
            raise Declined(DeclineReason.SETTINGS_CHANGED())
        notices = _announce_settings(asker, wanted)
        _put(asker, SETTINGS, asked.document, _DOCUMENT)
        return notices

    _, notices = _set(
        asker, SETTINGS, lambda found: (stored(path, found, SETTINGS) or "") == asked.document, change
    )
    names = [each.name for each in wanted.people]
    answer = done(text("person.settings_set", people=", ".join(names)), person=caller.person, people=names)
    return answer.also(*notices)


def _set(
    asker: RequestingPerson,
    name: str,
    is_set: Callable[[Parameters], bool],
    change: Callable[[Parameters], Texts],
) -> tuple[Parameters, Texts]:
    """Change what people set: the parameters as they were before it, and the addition to the answer.

    One change at a time, as SSM writes on no condition: of two at the same time the later one would undo what
    the other was reported is done. That people have set it is recorded after the value, so that its absence
    is
    noticed: a run that dies between the two leaves no value missing, and the same request records it.

    Raises:
        Declined: it may not be changed, is not what was shown, or another change is under way.
        AwsError: it is not known to be changed.
    """
    context, path = asker.context, asker.context.settings.parameters_path
    found = read_parameters(context.aws, context.settings)
    if is_set(found) and f"{path}/{name}" in found and name in set_by_people(path, found):
        return found, ()
    busy = DeclineReason.BEING_CHANGED(where=context.settings.console)
    with claim.alone(context, "switches", _CHANGING, busy):
        # Another person may have changed it since, this person's own entry included.
        found, notices = read_parameters(context.aws, context.settings), tuple[Text, ...]()
        value = stored(path, found, name)
        if not is_set(found):
            notices = change(found)
        elif f"{path}/{name}" not in found and value is not None:
            # The template has the wanted value already. Nothing changes, so no one is notified.
            _write(asker, name, value)
        names = set_by_people(path, found)
        if name not in names:
            _write(asker, SET_BY_PEOPLE, " ".join(sorted({*names, name})))
    return found, notices


def resume(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """End a pause: one's own, or another person's for those who may approve all that it holds back. One
    under the name by which a remedy is only asked for: those who may approve that remedy, also where it is
    their own.

    Its creator writes who it is of, and no one can write over it.

    Raises:
        Declined: there is none of this name, it is another one than was shown, or this person may not.
    """
    context = asker.context
    parameter = f"{stops_path(context.settings.parameters_path)}{asked.name}"
    found = read_parameters(context.aws, context.settings)
    if parameter not in found:
        raise Declined(DeclineReason.NO_PAUSE(name=asked.name))
    if digest(found[parameter]) != asked.shown:
        raise Declined(DeclineReason.PAUSE_CHANGED(name=asked.name))
    board = _switches(found, context)
    pause = next(each for each in board.stops if each.name == asked.name)
    held = asked_by(pause.name)
    theirs = bool(held) or (pause.who != asker.caller.person and not pause.over(context.now))
    freed = set() if pause.asks else _classes(board)
    if held:
        freed.add(spec_of(held).effect)
    if theirs and (missing := _missing(asker, freed)):
        raise Declined(
            DeclineReason.MAY_NOT_RESUME(**asker.caller.named, name=pause.name, who=pause.by, missing=missing)
        )
    try:
        context.aws.call("ssm", "delete_parameter", Name=parameter)
    except Missing:
        raise Declined(DeclineReason.NO_PAUSE(name=asked.name)) from None
    return _resumed(pause, asker)


def _resumed(pause: Stop, asker: RequestingPerson) -> PersonAnswer:
    about = {"name": pause.name, "why": pause.why}
    said = text("person.resumed", who=pause.by, **about)
    if pause.asks:
        said = text("person.resumed_remedy", remedy=name(pause.asks), **about)
    ended = {
        **about,
        "who": pause.who,
        "from": moment(pause.since),
        "until": moment(pause.until),
        "state": pause.state(asker.context.now),
        "remedy": pause.asks or None,
    }
    return done(said, person=asker.caller.person, resumed=ended)


def _classes(board: Switches) -> set[Effect]:
    """The classes of the remedies that would do more than observe under these modes without any stop."""
    return {
        spec.effect
        for name, spec in REMEDIES.items()
        if stricter(board.mode(name) or Mode.OBSERVE, spec.ceiling) is not Mode.OBSERVE
    }


def _missing(asker: RequestingPerson, freed: Iterable[Effect]) -> str:
    """The classes of these that this person may not approve, as the settings document calls them."""
    return ", ".join(each for each in CLASSES if each in freed and each not in asker.caller.may)


def digest(value: str) -> str:
    """The digest of a parameter as a person saw it."""
    return hashlib.sha256(value.encode()).hexdigest()[:32]


def _switches(found: Parameters, context: Context) -> Switches:
    return switches(context.settings.parameters_path, found, ())


def _put(asker: RequestingPerson, name: str, value: str, about: Text) -> None:
    """`about`: the change as the notice named it, which on-call has received by now."""
    try:
        _write(asker, name, value)
    except AwsError as error:
        # What was reported before may not have happened.
        said = text("notice.failed", person=asker.caller.person, call=str(error))
        _notify(asker, text("subject.not_changed", what=about), said, ())
        raise


def _write(asker: RequestingPerson, name: str, value: str) -> None:
    caller, context = asker.caller, asker.context
    again(
        lambda: context.aws.call(
            "ssm",
            "put_parameter",
            Name=f"{context.settings.parameters_path}/{name}",
            Value=value,
            Type="String",
            Overwrite=True,
            # Without a description, the parameter's history would name only the responder's role.
            Description=f"Set by {caller.person} ({caller.principal})"[:1024],
        ),
        time.monotonic() + COMMAND_SECONDS,
    )


def _announce_settings(asker: RequestingPerson, wanted: SettingsDocument) -> Texts:
    """An addition to the answer: why on-call could not be notified, or nothing. Of the identities of a person
    on-call reads only that they changed."""
    was, made = ({each.name: each for each in one.people} for one in (asker.document, wanted))
    changed = (each for each in sorted({*was, *made}) if was.get(each) != made.get(each))
    lines = tuple(_changed(each, was.get(each), made.get(each)) for each in changed)
    default = text("notice.default")
    settings = tuple(
        text("notice.setting", key=key, before=before or default, after=after or default)
        for key, before, after in differences(asker.document, wanted)
    )
    said = text("notice.settings", person=asker.caller.person)
    return _notify(asker, text("subject.changing", what=_DOCUMENT), said, (*lines, *settings))


def _changed(person: str, was: Person | None, made: Person | None) -> Text:
    if was is not None and made is not None and was.may == made.may:
        return text("notice.identities", person=person)
    return text("notice.person", person=person, before=_may(was), after=_may(made))


def _may(person: Person | None) -> Text | str:
    if person is None:
        return text("notice.not_registered")
    return ", ".join(each for each in CLASSES if each in person.may) or text("notice.no_class")


def _notify(asker: RequestingPerson, about: Text, said: Text, lines: Texts) -> Texts:
    now, settings = asker.context.now, asker.context.settings
    digest = hashlib.sha256(repr((said, lines)).encode()).hexdigest()[:8]
    id_ = f"notice-{now:%Y%m%dT%H%M%SZ}-{digest}"
    notice = Notice(id_, now, about, said, lines, settings.account, settings.region, stack=settings.stack)
    try:
        send(asker.context.aws, settings, envelope(notice, settings.language, subject_language(settings)))
    except AwsError as error:
        log().warning("on-call not notified", extra={"error": str(error)})
        return (text("notice.not_sent", call=str(error)),)
    return ()
