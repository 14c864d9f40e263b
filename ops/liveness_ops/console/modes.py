"""mode: what each remedy may do automatically, and how a person changes it."""

from collections.abc import Sequence
from datetime import datetime

from liveness_ops.console.leases import Cells
from liveness_ops.console.pauses import ahead, as_json, line, read_switches
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.usage import alike
from responder.core.declined import DeclineReason
from responder.core.frozen import frozen
from responder.core.modes import Mode, stricter
from responder.core.plain_data import Json
from responder.core.remedy import REMEDIES, spec_of
from responder.core.switches import Switches
from responder.core.text import Text, text
from responder.messages.requests import name
from responder.people.request import PersonRequest, RequestKind

_MODES = tuple(Mode)


@frozen
class Row:
    """Modes of one remedy; `own` None: missing or unreadable, which counts as observe."""

    remedy: str
    own: Mode | None
    ceiling: Mode
    effective: Mode

    def as_json(self) -> Json:
        """The modes for machines."""
        modes = {"own": self.own, "ceiling": self.ceiling, "effective": self.effective}
        return {"remedy": self.remedy, **modes}


def mode(session: OperatorSession, first: str, second: str) -> Json:
    """Nothing: the table. A mode: everywhere. A remedy: its row. A remedy and a mode: set it."""
    if not first:
        return _table(session, read_switches(session))
    if first in _MODES and not second:
        return _set(session, "", Mode(first))
    if first in _MODES:
        raise EarlyExit(Exit.USAGE, text("usage.surplus", given=second))
    if first not in REMEDIES:
        raise _unknown("ops.no_remedy", first, (*_MODES, *sorted(REMEDIES)))
    if not second:
        return _table(session, read_switches(session), first)
    if second not in _MODES:
        raise _unknown("ops.no_mode", second, _MODES)
    return _set(session, first, Mode(second))


def _unknown(key: str, typed: str, known: Sequence[str]) -> EarlyExit:
    """A name that is none, with those of a similar spelling."""
    said = Text(key, {"typed": typed, "modes": ", ".join(_MODES), "remedies": ", ".join(sorted(REMEDIES))})
    names = alike(typed, known)
    more = [text("usage.maybe", names=", ".join(names))] if names else []
    return EarlyExit(Exit.USAGE, said, {"remedies": sorted(REMEDIES)}, more)


def rows(board: Switches, now: datetime) -> tuple[Row, ...]:
    """Every remedy that is deployed."""
    return tuple(_row(board, remedy, now) for remedy in sorted(REMEDIES))


def _row(board: Switches, remedy: str, now: datetime) -> Row:
    """A stop by which it is only asked for counts like the mode `approve`."""
    ceiling = spec_of(remedy).ceiling
    most = Mode.APPROVE if board.asking(remedy, now) else Mode.AUTO
    effective = stricter(board.mode(remedy) or Mode.OBSERVE, ceiling, most)
    return Row(remedy, board.remedies.get(remedy), ceiling, effective)


def _table(session: OperatorSession, board: Switches, only: str = "") -> Json:
    now = session.clock()
    found = [each for each in rows(board, now) if only in ("", each.remedy)]
    paused = bool(board.active(now))
    # While a stop is in force, nothing is done, whatever the mode.
    none = text("ops.effective_paused") if paused else None
    unread, everywhere = text("notice.unreadable"), board.everywhere or text("notice.unreadable")
    shown: list[Cells] = [
        ("global", text("notice.everywhere"), everywhere, "–", none or everywhere),
        *(
            (each.remedy, name(each.remedy), each.own or unread, each.ceiling, none or each.effective)
            for each in found
        ),
    ]
    keys = ("ops.col_id", "ops.col_remedy", "ops.col_own", "ops.col_ceiling", "ops.col_effective")
    if paused:
        session.screen.note(text("ops.paused_now"), style="bold red")
    session.screen.table(text("ops.modes"), map(Text, keys), shown)
    pauses = ahead(board.stops, now)
    if pauses:
        session.screen.note(text("ops.pauses"), style="bold yellow")
        session.screen.note(*(line(each, now) for each in pauses))
    return {
        "global": board.everywhere,
        "paused": paused,
        "pauses": [as_json(each, now) for each in pauses],
        "remedies": [each.as_json() for each in found],
    }


def _set(session: OperatorSession, remedy: str, wanted: Mode) -> Json:
    board = read_switches(session)
    before = board.remedies.get(remedy) if remedy else board.everywhere
    if before is wanted:
        session.screen.say(text("ops.mode_unchanged", what=_what(remedy), mode=wanted))
        about = {"person": session.me.person, "remedy": remedy or None, "mode": wanted, "before": wanted}
        return {**about, "unchanged": True, **_effective(board, remedy, session.clock())}
    ceiling = spec_of(remedy).ceiling if remedy else Mode.AUTO
    if wanted.rank > ceiling.rank:
        raise EarlyExit.declined(DeclineReason.CEILING(remedy=name(remedy), mode=ceiling))
    if wanted.rank > (before or Mode.OBSERVE).rank and not session.screen.yes:
        session.screen.say(_meaning(remedy, wanted))
        session.screen.confirm(text("ops.ask_mode", mode=wanted))
    asked = PersonRequest(RequestKind.MODE, remedy=remedy, mode=wanted, before=before or "")
    data = session.ask(asked)
    board, now = read_switches(session), session.clock()
    applies = _row(board, remedy, now).effective if remedy else wanted
    paused = text("ops.paused_now") if board.active(now) else None
    session.screen.say(paused or _meaning(remedy, applies), style="dim")
    return {**data, **_effective(board, remedy, now)}


def _effective(board: Switches, remedy: str, now: datetime) -> Json:
    if remedy:
        return {"effective": _row(board, remedy, now).effective}
    return {"remedies": [each.as_json() for each in rows(board, now)]}


def _meaning(remedy: str, wanted: Mode) -> Text:
    return Text(f"ops.means_{wanted}", {"what": _what(remedy)})


def _what(remedy: str) -> Text:
    return name(remedy) if remedy else text("notice.everywhere")
