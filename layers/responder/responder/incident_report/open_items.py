"""What is left for a person to do when the incident is over."""

from collections.abc import Iterable, Iterator

from responder.core.change import Status, in_doubt
from responder.core.remedy import spec_of
from responder.core.text import Text, Value, text
from responder.incident_report.records import OpenItem, OpenItemReason, RemedyRecord
from responder.messages.headline import name, stamp


def debts(deeds: Iterable[RemedyRecord]) -> tuple[OpenItem, ...]:
    """The most pressing kind first."""
    found = [debt for deed in deeds for debt in _of(deed)]
    return tuple(sorted(found, key=lambda debt: tuple(OpenItemReason).index(debt.kind)))


def _of(deed: RemedyRecord) -> Iterator[OpenItem]:
    called = name(deed.remedy, deed.scope)
    if deed.open:
        kind = _kind(deed)
        said = text("chronicle.debt", remedy=called, scope=deed.scope, since=stamp(deed.at), why=_why(kind))
        yield OpenItem(kind, deed.remedy, said)
        yield OpenItem(
            OpenItemReason.DRIFT, deed.remedy, text("chronicle.debt_drift", remedy=called, scope=deed.scope)
        )
    for each in deed.left:
        words: dict[str, Value] = {"remedy": called, "target": each.target, "setting": each.setting}
        if each.status is Status.KEPT:
            note = each.note.text if each.note else text("status.kept")
            yield OpenItem(OpenItemReason.KEPT, deed.remedy, text("chronicle.debt_kept", **words, note=note))
        elif each.note is not None and in_doubt(each):
            yield OpenItem(
                OpenItemReason.DOUBT, deed.remedy, text("chronicle.debt_doubt", **words, note=each.note.text)
            )


def _kind(deed: RemedyRecord) -> OpenItemReason:
    if deed.lowers_security:
        return OpenItemReason.LOWERED
    return OpenItemReason.STAYS if spec_of(deed.remedy).stays else OpenItemReason.IN_FORCE


def _why(kind: OpenItemReason) -> Text:
    return Text(f"chronicle.owed_{kind}")
