"""Failures as they are numbered, each with its incident."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from liveness_ops.console.letters import Failure
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.plain_data import Json
from responder.aws.items import partition
from responder.checks.model import Cadence
from responder.core.errors import Unreadable
from responder.core.frozen import frozen
from responder.core.text import Text, text
from responder.messages.json_report import moment
from responder.store import Incident
from responder.store.incidents import read_incident, slug_of
from responder.store.rows import ALARMS

_CHECK, _BACKUP = "-check", "-sessions-backup"


@frozen
class Opened:
    """Which incidents are open, as far as their rows can be read.

    `functions`: by incident, the function that re-evaluates; empty before the first response.
    `broken`: by alarm slug, the row that cannot be read.
    """

    incidents: tuple[Incident, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)


def opened(session: OperatorSession) -> Opened:
    """Read the open incidents; a broken row does not hide other alarms.

    Raises:
        AwsError: the table could not be read.
    """
    incidents, functions, broken = list[Incident](), dict[str, str](), dict[str, str]()
    for row in partition(session.aws, session.settings.incidents_table, ALARMS):
        try:
            incident = read_incident(row)
        except Unreadable as error:
            broken[row["sk"]] = error.row
            continue
        if not incident.closed:
            incidents.append(incident)
            try:
                head = session.incidents.head(incident.id)
            except Unreadable as error:
                broken[incident.slug], head = error.row, None
            functions[incident.id] = f"{session.settings.stack}-{head.slug}" if head else ""
    return Opened(tuple(incidents), functions, broken)


@frozen
class NumberedFailure:
    """A failure, as numbered in the list, and the open incident that it belongs to, if any.

    `session`: where its commands are run. `function`: the one that re-evaluates; empty where unknown.
    `unread`: the broken row that leaves unknown how its alarm is.
    """

    session: OperatorSession
    number: int
    failure: Failure
    incident: Incident | None
    function: str
    unread: str = ""

    @property
    def name(self) -> str:
        """The incident's id; empty where none is open."""
        return self.incident.id if self.incident else ""

    @property
    def title(self) -> str:
        """What is decided again: the open incident, or else the alarm of the event."""
        return self.name or self.failure.alarm

    @property
    def afresh(self) -> bool:
        """No incident of it is open, but its event can be sent again."""
        return self.incident is None and self.failure.what == "alarm" and bool(self.function)

    @property
    def why_not(self) -> Text | None:
        """Why it cannot be re-evaluated, and what to do instead; None where it can."""
        failure, number = self.failure, self.number
        match failure.what:
            case "message":
                if failure.letter.queue != "unmailed":
                    return text("ops.went_by_mail", n=number)
                words = ("show", failure.incident) if failure.incident else ("incidents",)
                return text("ops.not_mailed", n=number, command=self.session.typed(*words))
            case "check":
                return self._by_hand()
            case "round":
                return text("ops.next_round", n=number, command=self.session.typed("incidents"))
            case "unknown":
                letter = failure.letter
                return text("ops.letter_unreadable", n=number, queue=letter.queue, id=letter.id)
        if self.unread:
            return text("ops.row_unread", n=number, row=self.unread)
        if self.incident is None and not self.afresh:
            return text("ops.not_open", n=number)
        return None if self.function else text("ops.no_function", n=number)

    def _by_hand(self) -> Text:
        function = self.failure.function
        rhythm = function.removesuffix(_CHECK).rpartition("-")[2]
        if function.endswith(_BACKUP):
            command = self.session.typed("backup-table", "--yes")
        elif function.endswith(_CHECK) and rhythm in Cadence:
            command = self.session.typed("check", rhythm)
        else:
            # Among them: a check of an earlier version that this one does not have.
            return text("ops.next_run", n=self.number)
        return text("ops.run_by_hand", n=self.number, command=command)

    def as_json(self) -> Json:
        """The failure for machines."""
        one = self.failure
        return {
            "n": self.number,
            "id": one.letter.id,
            "queue": one.letter.queue,
            "came": moment(one.sent),
            "what": one.what,
            "alarm": one.alarm or None,
            "state": one.state or None,
            "at": moment(one.at),
            "command": one.order or None,
            "function": one.function or None,
            "error": one.error or None,
            "incident": self.name or one.incident or None,
            # None: not known.
            "open": self.incident is not None or (None if self.unread else False),
        }


def numbered(session: OperatorSession, now: Opened, failures: Iterable[Failure]) -> list[NumberedFailure]:
    """Each with its incident, where that is open."""
    known, found = session.outputs.get("AlarmFunctions", "").split(), []
    for number, failure in enumerate(failures, 1):
        incident = next((each for each in now.incidents if _of(failure, each)), None)
        function = now.functions.get(incident.id, "") if incident else ""
        # The first response may have died before it recorded its name; the message has it.
        function = function or (failure.function if failure.function in known else "")
        alarm = failure.slug or slug_of(failure.incident)
        unread = now.broken.get(alarm, "")
        found.append(NumberedFailure(session, number, failure, incident, function, unread))
    return found


def _of(failure: Failure, incident: Incident) -> bool:
    if failure.incident:
        return failure.incident == incident.id
    return failure.slug == incident.slug and failure.at is not None and failure.at >= incident.opened
