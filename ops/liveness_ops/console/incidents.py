"""incidents: the open ones, and with --all those that are over; once, or drawn again as they change."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

from rich.console import Group, RenderableType
from rich.live import Live

from liveness_ops.console import polling
from liveness_ops.console.leases import Cells, lowering, stamp_of, warn
from liveness_ops.listing import listed
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.proposals import WAITING, proposals
from responder.aws.items import from_item, to_item
from responder.core.alarm_event import AlarmState
from responder.core.change import Lease, Leases
from responder.core.errors import AwsError, Unreadable
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.text import Strings, Text, text
from responder.core.timestamps import stamp
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.seen import OpenRequest
from responder.incident_report.json_report import proposal
from responder.messages.json_report import moment
from responder.messages.language import say
from responder.messages.requests import asked_for, name
from responder.store import Incident, IncidentHead
from responder.store.approvals import ACK, acknowledgements, rows
from responder.store.incidents import slug_of

_COLUMNS = (
    "ops.col_incident",
    "ops.col_severity",
    "ops.col_since",
    "ops.col_state",
    "ops.col_level",
    "ops.col_by",
    "ops.col_force",
    "ops.col_waits",
)
_MOST = 50


@frozen
class Row:
    """`head` None: its first response is not on record. `waiting`: proposals that can still be answered."""

    incident: Incident
    head: IncidentHead | None
    by: Strings = ()
    leases: Leases = ()
    waiting: tuple[OpenRequest, ...] = ()

    @property
    def level(self) -> int | None:
        """The highest level that was notified."""
        return self.head.remembered.level if self.head else None

    def cells(self) -> Cells:
        """The cells in the order of the columns."""
        waits = tuple(
            text("ops.proposal", id=each.asked.id, remedy=asked_for(each.asked)) for each in self.waiting
        )
        return (
            self.incident.id,
            Text(f"severity.{self.head.severity}") if self.head else "–",
            stamp_of(self.incident.opened),
            state_of(self.incident, self.head),
            str(self.level or "–"),
            ", ".join(self.by) or "–",
            _joined(name(each.remedy) for each in self.leases),
            _joined(waits) if self.head else text("ops.unanswered"),
        )

    def as_json(self) -> Json:
        """The row for machines."""
        return {
            "incident": self.incident.id,
            "alarm": self.incident.alarm,
            "severity": self.head.severity if self.head else None,
            "since": moment(self.incident.opened),
            "state": self.incident.state,
            "closed": self.incident.closed,
            "closed_by_hand": _closed_by(self.head) or None,
            "alarm_gone_since": moment(gone_since(self.head)),
            "level": self.level,
            "acknowledged_by": list(self.by),
            "in_force": [{"remedy": each.remedy, "scope": each.scope} for each in self.leases],
            "waiting_for": [proposal(each) for each in self.waiting],
        }


@frozen
class _Look:
    """What one look shows: the open ones first. `older`: how many more closed ones there are."""

    rows: tuple[Row, ...] = ()
    older: int = 0

    def as_json(self, everything: bool) -> Json:
        found = {"incidents": [each.as_json() for each in self.rows]}
        return {**found, "older": self.older} if everything else found


def incidents(session: OperatorSession, everything: bool = False) -> Json:
    """Once."""
    found = _look(session, everything)
    warn(session, (lease for each in found.rows for lease in each.leases))
    if found.rows:
        session.screen.table(_title(session), map(Text, _COLUMNS), (each.cells() for each in found.rows))
    else:
        session.screen.note(text("ops.none_open"), style="green")
    if found.older:
        session.screen.note(text("ops.older", count=found.older), style="dim")
    return found.as_json(everything)


def watch(session: OperatorSession, everything: bool = False) -> Json:
    """Until Ctrl-C, or until its output is closed. A look that fails leaves the last table on the screen, and
    says so; with --json each reading is a separate line."""
    looks = 0
    shown = _Look()
    with _stage(session) as show:
        try:
            while not session.screen.lost.is_set():
                problem = ""
                try:
                    shown = _look(session, everything)
                    session.screen.result(shown.as_json(everything))
                except AwsError as error:
                    problem = str(error)
                    session.screen.result({"error": "console.aws_failed", "call": problem})
                show(shown.rows, problem)
                looks += 1
                polling.wait()
        except KeyboardInterrupt:
            pass
    return {"looks": looks}


@contextmanager
def _stage(session: OperatorSession) -> Iterator[Callable[[tuple[Row, ...], str], object]]:
    """On a terminal the table is drawn over the last one; anywhere else below it."""
    console = session.screen.console
    if session.screen.machine:
        yield lambda shown, problem: None
    elif not console.is_terminal:
        yield lambda shown, problem: _plainly(session, shown, problem)
    else:
        with Live(console=console, auto_refresh=False) as live:
            yield lambda shown, problem: live.update(_table(session, shown, problem), refresh=True)


def _plainly(session: OperatorSession, shown: tuple[Row, ...], problem: str) -> None:
    warn(session, (lease for each in shown for lease in each.leases))
    session.screen.table(_title(session), map(Text, _COLUMNS), (each.cells() for each in shown))
    if problem:
        session.screen.note(text("ops.not_looked", call=problem))


def _title(session: OperatorSession) -> Text:
    return text("ops.incidents", stack=session.settings.stack, at=stamp(session.clock()))


def _table(session: OperatorSession, shown: tuple[Row, ...], problem: str) -> RenderableType:
    grid = session.screen.shape(_title(session), map(Text, _COLUMNS), (each.cells() for each in shown))
    lines = [text("ops.watching", seconds=polling.SECONDS)]
    if problem:
        lines = [text("ops.not_looked", call=problem)]
    elif not shown:
        lines.insert(0, text("ops.none_open"))
    above = [text("ops.lowered")] if lowering(lease for each in shown for lease in each.leases) else []
    said = [[say(each, session.screen.language) for each in part] for part in (above, lines)]
    return Group(*said[0], grid, *said[1])


# --- reading -------------------------------------------------------------------------------------


def _look(session: OperatorSession, everything: bool) -> _Look:
    """The open ones, the oldest first; with `everything` also those that are over, as many as fit a list."""
    newest, leases = session.incidents.newest(), session.incidents.ledger().leases
    still = sorted((each for each in newest if not each.closed), key=lambda each: (each.opened, each.id))
    found = tuple(_row(session, each, leases) for each in still)
    if not everything:
        return _Look(found)
    # Also those that no alarm refers to. There is no index of the heads of incidents: the whole table
    # is read, some megabytes, and only when a person asks for it.
    pointed = {each.id: each for each in newest}
    known = {**{each.id: each for each in _heads(session)}, **pointed}
    over = [each for each in known.values() if each.closed or each.id not in pointed]
    over.sort(key=lambda each: (each.opened, each.id), reverse=True)
    closed = (_closed_row(session, each, leases) for each in over[:_MOST])
    return _Look((*found, *closed), max(len(over) - _MOST, 0))


def _heads(session: OperatorSession) -> Iterator[Incident]:
    of = ("dynamodb", "scan", "Items")
    asked = {"FilterExpression": "sk = :head", "ExpressionAttributeValues": to_item({":head": "HEAD"})}
    for item in listed(session.aws, *of, TableName=session.settings.incidents_table, **asked):
        head = from_item(item)
        # A row of another version must not hide the others.
        with suppress(KeyError, TypeError, ValueError):
            id_, opened = str(head["incident"]), datetime.fromisoformat(head["opened"])
            # The alarm's state belongs to its next incident; this one has ended.
            state = AlarmState.OK
            yield Incident(id_, slug_of(id_), str(head["alarm"]), opened, state, opened, closed=True)


def _closed_row(session: OperatorSession, incident: Incident, leases: Iterable[Lease]) -> Row:
    try:
        return _row(session, replace(incident, closed=True), leases)
    except (KeyError, TypeError, Unreadable, ValueError):
        return Row(incident, None)


def _row(session: OperatorSession, incident: Incident, leases: Iterable[Lease]) -> Row:
    mine = tuple(each for each in leases if each.open and each.incident == incident.id)
    found = rows(session.aws, session.settings.approvals_table, f"{ACK}{incident.id}")
    acks = acknowledgements(found, incident.opened, session.me.people, session.clock())
    asked = () if incident.closed else proposals(session, incident.id)
    waiting = tuple(each for each in asked if each.answer in WAITING)
    by = tuple(dict.fromkeys(each.person for each in acks))
    return Row(incident, session.incidents.head(incident.id), by, mine, waiting)


# --- words ---------------------------------------------------------------------------------------


def state_of(incident: Incident | None, head: IncidentHead | None) -> Text | str:
    """The alarm's state in words; an alarm that does not exist has none."""
    if incident is None or incident.closed:
        by = _closed_by(head)
        return text("ops.closed_by_hand", person=by) if by else text("ops.closed")
    since = gone_since(head)
    return text("ops.alarm_gone", at=stamp(since)) if since else incident.state


def _closed_by(head: IncidentHead | None) -> str:
    """Who has closed it manually; empty where it ended automatically, or is open."""
    return head.remembered.closed_by if head else ""


def gone_since(head: IncidentHead | None) -> datetime | None:
    """When it was first noticed that the alarm does not exist; None where it does."""
    memory = head.remembered if head else FollowUpMemory()
    return memory.gone if memory.back is None and not memory.closed else None


def _joined(parts: Iterable[Text]) -> Text | str:
    """A cell with any number of values."""
    found = tuple(parts)
    return text("ops.joined", parts=found) if found else "–"
