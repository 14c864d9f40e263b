"""Who was told, who took it, who is told next."""

from collections.abc import Iterator

from responder.core.text import Text, text
from responder.followup.messages.case import MessageContext
from responder.followup_rules.escalation import next_level, reached
from responder.messages.headline import stamp

type Line = tuple[Text, Text]


def informed(case: MessageContext) -> Iterator[Line]:
    """Every level told before this message."""
    before = {level: at for level, at in case.watch.told.items() if case.seen.now > at}
    first = case.extra.first_message
    level_1 = Text("level.1")
    at_once = (
        text("course.at", level=level_1, at=stamp(first)) if first else text("course.at_once", level=level_1)
    )
    later = tuple(
        text("course.at", level=Text(f"level.{level}"), at=stamp(at)) for level, at in sorted(before.items())
    )
    yield text("course.informed"), text("report.all", parts=(at_once, *later))


def taken(case: MessageContext) -> Iterator[Line]:
    """Who acknowledged it, and until when that holds the ladder; during a calm it stands still anyway."""
    watch, label = case.watch, text("course.taken")
    if watch.held is None:
        if watch.calm_from is None:
            yield label, text("course.taken_by_nobody", minutes=watch.terms.hold)
        return
    key = "course.taken_by" if case.held else "course.taken_before"
    key = key if watch.calm_from is None else "course.taken_once"
    yield label, Text(key, {"person": watch.held_by, "until": stamp(watch.held)})


def ahead(case: MessageContext) -> Iterator[Line]:
    """The next level and its time, as the ladder itself has it."""
    planned = next_level(case.seen, case.watch)
    if planned is not None:
        level = Text(f"level.{planned.duty.key}")
        yield text("course.ahead"), text("course.next_level", at=stamp(planned.at), level=level)
    elif reached(case.seen, case.watch) == case.watch.terms.last and case.watch.calm_from is None:
        yield text("course.ahead"), text("course.last_level")
