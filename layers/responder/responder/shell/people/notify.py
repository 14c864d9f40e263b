"""On-call hears of what a person changed for every incident: who, what, before and after."""

import hashlib

from responder.errors import AwsError
from responder.mode import Effect
from responder.render.headline import name
from responder.render.notice import Notice, envelope
from responder.settings_document import CLASSES, People, Person
from responder.shell.log import log
from responder.shell.people.case import Asker
from responder.shell.publish import send
from responder.text import Text, text


def mode_set(asker: Asker, remedy: str, before: Text | str, mode: str) -> tuple[Text, ...]:
    """What the person hears besides: why on-call could not be told, or nothing."""
    caller, what = asker.caller, name(remedy) if remedy else text("ops.everywhere")
    said = text("notice.mode", person=caller.person, principal=caller.principal, what=what)
    line = text("person.mode_set", what=what, before=before, mode=mode)
    return _tell(asker, f"mode of {remedy} changed" if remedy else "global mode changed", said, (line,))


def settings_set(asker: Asker, wanted: People) -> tuple[Text, ...]:
    """Likewise; of the identities of a person only that they changed."""
    caller = asker.caller
    was, made = ({each.name: each for each in people} for people in (asker.document.people, wanted))
    changed = (each for each in sorted({*was, *made}) if was.get(each) != made.get(each))
    lines = tuple(_changed(each, was.get(each), made.get(each)) for each in changed)
    said = text("notice.settings", person=caller.person, principal=caller.principal)
    return _tell(asker, "settings document changed", said, lines)


def _changed(person: str, was: Person | None, made: Person | None) -> Text:
    if was is not None and made is not None and was.may == made.may:
        return text("notice.identities", person=person)
    return text("notice.person", person=person, before=_may(was), after=_may(made))


def _may(person: Person | None) -> Text | str:
    if person is None:
        return text("notice.not_registered")
    held: list[Effect] = [each for each in CLASSES if each in person.may]
    return ", ".join(held) if held else text("notice.no_class")


def _tell(asker: Asker, about: str, said: Text, lines: tuple[Text, ...]) -> tuple[Text, ...]:
    now, settings = asker.context.now, asker.context.settings
    digest = hashlib.sha256(repr((said, lines)).encode()).hexdigest()[:8]
    id_ = f"notice-{now:%Y%m%dT%H%M%SZ}-{digest}"
    notice = Notice(id_, now, about, said, lines, settings.account, settings.region)
    try:
        send(asker.context.aws, settings, envelope(notice, settings.language))
    except AwsError as error:
        log().warning("on-call not told", extra={"error": str(error)})
        return (text("notice.not_sent", call=str(error)),)
    return ()
