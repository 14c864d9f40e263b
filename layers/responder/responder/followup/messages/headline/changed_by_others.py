"""Others have changed what was in force: what, who, when, and what of ours is left."""

import json
from collections.abc import Iterator

from responder.core.alarm_event import AlarmState
from responder.core.change import Change, ChangeNote, Lease, may_stand
from responder.core.codec import dump
from responder.core.reasons import ExplainedReason
from responder.core.text import Text, text
from responder.followup.messages.case import MessageContext


def changed(case: MessageContext) -> tuple[Text, ...]:
    """Target by target; all of it or a part."""
    lease = case.lease
    if lease is None:
        return (text("told.nothing_left"),)
    left = _left(lease)
    parts = tuple(_told(lease.overtaken))
    if not left:
        said = text("told.changed", remedy=case.remedy, changes=parts)
        return said, text("must.act" if case.seen.state is AlarmState.ALARM else "must.no_work")
    said = text("told.changed_in_part", remedy=case.remedy, changes=parts)
    return said, text("told.changed_left", targets=", ".join(each.target for each in left)), _end(case, lease)


def _told(changes: tuple[Change, ...]) -> Iterator[Text]:
    """The same change of several targets is said once."""
    same: dict[str, tuple[ChangeNote, list[str]]] = {}
    for each in changes:
        if each.note is not None:
            values = {name: value for name, value in each.note.values.items() if name != "target"}
            alike = ExplainedReason(each.note.kind, values)
            same.setdefault(json.dumps(dump(alike), sort_keys=True), (alike, []))[1].append(each.target)
    for note, targets in same.values():
        yield ExplainedReason(note.kind, {**note.values, "target": ", ".join(targets)}).text


def _left(lease: Lease) -> tuple[Change, ...]:
    """What is still as we set it, at least in $LATEST."""
    return tuple(each for each in lease.changes if each.status.done or may_stand(each))


def _end(case: MessageContext, lease: Lease) -> Text:
    return text("must.ends_alone") if lease.until else case.asked_later
