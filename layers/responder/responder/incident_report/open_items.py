"""What somebody still has to look after when the incident is over."""

from collections.abc import Iterable, Iterator

from responder.core.change import Status
from responder.core.possible_effect import in_doubt
from responder.core.remedy import spec_of
from responder.core.text import Text, Value, text
from responder.incident_report.records import Debt, Deed, Owed
from responder.messages.headline import name, stamp


def debts(deeds: Iterable[Deed]) -> tuple[Debt, ...]:
    """The most pressing kind first."""
    found = [debt for deed in deeds for debt in _of(deed)]
    return tuple(sorted(found, key=lambda debt: tuple(Owed).index(debt.kind)))


def _of(deed: Deed) -> Iterator[Debt]:
    called = name(deed.remedy, deed.scope)
    if deed.open:
        kind = _kind(deed)
        said = text("chronicle.debt", remedy=called, scope=deed.scope, since=stamp(deed.at), why=_why(kind))
        yield Debt(kind, deed.remedy, said)
        yield Debt(Owed.DRIFT, deed.remedy, text("chronicle.debt_drift", remedy=called, scope=deed.scope))
    for each in deed.left:
        words: dict[str, Value] = {"remedy": called, "target": each.target, "setting": each.setting}
        if each.status is Status.KEPT:
            note = each.note.text if each.note else text("status.kept")
            yield Debt(Owed.KEPT, deed.remedy, text("chronicle.debt_kept", **words, note=note))
        elif each.note is not None and in_doubt(each):
            yield Debt(Owed.DOUBT, deed.remedy, text("chronicle.debt_doubt", **words, note=each.note.text))


def _kind(deed: Deed) -> Owed:
    if deed.lowers_security:
        return Owed.LOWERED
    return Owed.STAYS if spec_of(deed.remedy).stays else Owed.IN_FORCE


def _why(kind: Owed) -> Text:
    return Text(f"chronicle.owed_{kind}")
