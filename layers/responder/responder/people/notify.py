"""On-call is notified of what a person changes for every incident: who, what, before and after.

It is reported before it is changed: a run that dies between the two, and its retry, which finds the change
made, would else leave on-call untold. People are named as they are registered: a principal may hold a mail
address.
"""

import hashlib

from responder.core.errors import AwsError
from responder.core.log import log
from responder.core.settings_document import CLASSES, Person, SettingsDocument, differences
from responder.core.text import Text, text
from responder.messages.notice import Notice, envelope
from responder.messages.publish import send, subject_language
from responder.people.case import RequestingPerson

DOCUMENT = Text("subject.document")


def mode_set(
    asker: RequestingPerson, remedy: str, what: Text, before: Text | str, mode: str
) -> tuple[Text, ...]:
    """An addition to the answer: why on-call could not be notified, or nothing."""
    said = text("notice.mode", person=asker.caller.person, what=what)
    line = text("person.mode_set", what=what, before=before, mode=mode)
    return _notify(asker, text("subject.changing", what=mode_of(remedy)), said, (line,))


def mode_of(remedy: str) -> Text:
    """A mode as subjects name it."""
    return text("subject.mode", remedy=remedy) if remedy else text("subject.global_mode")


def settings_set(asker: RequestingPerson, wanted: SettingsDocument) -> tuple[Text, ...]:
    """Likewise; of the identities of a person only that they changed."""
    was, made = ({each.name: each for each in one.people} for one in (asker.document, wanted))
    changed = (each for each in sorted({*was, *made}) if was.get(each) != made.get(each))
    lines = tuple(_changed(each, was.get(each), made.get(each)) for each in changed)
    default = text("notice.default")
    settings = tuple(
        text("notice.setting", key=key, before=before or default, after=after or default)
        for key, before, after in differences(asker.document, wanted)
    )
    said = text("notice.settings", person=asker.caller.person)
    return _notify(asker, text("subject.changing", what=DOCUMENT), said, (*lines, *settings))


def not_made(asker: RequestingPerson, about: Text, error: AwsError) -> None:
    """What was reported before may not have happened; the answer says so."""
    said = text("notice.failed", person=asker.caller.person, call=str(error))
    _notify(asker, text("subject.not_changed", what=about), said, ())


def _changed(person: str, was: Person | None, made: Person | None) -> Text:
    if was is not None and made is not None and was.may == made.may:
        return text("notice.identities", person=person)
    return text("notice.person", person=person, before=_may(was), after=_may(made))


def _may(person: Person | None) -> Text | str:
    if person is None:
        return text("notice.not_registered")
    return ", ".join(each for each in CLASSES if each in person.may) or text("notice.no_class")


def _notify(asker: RequestingPerson, about: Text, said: Text, lines: tuple[Text, ...]) -> tuple[Text, ...]:
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
