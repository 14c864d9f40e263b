"""Read everything a round needs. What cannot be read is itself found, and hides nothing else."""

from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from typing import Any

from responder.aws.items import partition
from responder.aws.parallel import Questions, side_by_side
from responder.core.command import VALID
from responder.core.context import Context
from responder.core.errors import ResponderError, SettingsUnusable, Unreadable
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission
from responder.core.plain_data import Data, Json
from responder.core.settings_document import NO_PEOPLE, People
from responder.core.text import Text, text
from responder.evidence import metrics
from responder.evidence.base import reason
from responder.followup_rules import OpenRequest
from responder.respond.alarm import store
from responder.respond.playbook import PLAYBOOKS
from responder.store import Incident, Incidents, approvals, rows
from responder.store.incidents import read_incident
from responder.store.rows import ALARMS
from responder.store.switches import read_settings
from responder.watchdog.notes import Notes
from responder.watchdog.rules import OpenIncident, RoundRegister

# Failed events that Lambda could not send on to their destination. None of our code runs then; Lambda counts
# them by function (Lambda Developer Guide, "Types of metrics for Lambda functions", asynchronous invocation
# metrics). An alarm on each of these would cost ten times as much.
FAILURES = "DestinationDeliveryFailures"
NEEDS = (Permission("cloudwatch:ListMetrics", ANY), *metrics.NEEDS)
# The stack's functions besides those of the alarms. The follow-up has no destination.
OTHERS = frozenset(
    {
        "daily-check",
        "monthly-check",
        "people",
        "response-failed",
        "sessions-backup",
        "slack-action",
        "slack-post",
        "watchdog",
        "weekly-check",
    }
)
# A new metric is listed within 15 minutes, and rounds may be missed.
_MINUTES = 60
_ROUND = 5
_EVERY = 30


def due(event: Data) -> bool:
    """Whether this round counts them: one round of each half hour, by the schedule's own time, because each
    list of metrics costs money. If the event has no time, it is due."""
    try:
        return datetime.fromisoformat(event["time"]).minute % _EVERY < _ROUND
    except (KeyError, TypeError, ValueError):
        return True


def unsent(context: Context) -> float:
    """How many failed events of the stack's functions could not be sent on in the last hour. Raises errors of
    `responder.core.errors`."""
    pages = context.aws.pages(
        "cloudwatch",
        "list_metrics",
        Namespace="AWS/Lambda",
        MetricName=FAILURES,
        Dimensions=[{"Name": "FunctionName"}],
        RecentlyActive="PT3H",
    )
    found = (each["Dimensions"] for page in pages for each in page.get("Metrics", ()))
    names = {each[0]["Value"] for each in found if len(each) == 1}
    # By the whole name: that of another stack may begin with the name of this one.
    ours = sorted(names & {f"{context.settings.stack}-{each}" for each in (*PLAYBOOKS, *OTHERS)})
    if not ours:
        return 0.0
    asked = {each: metrics.of_function(FAILURES, "Sum", each, 5 * metrics.MINUTE) for each in ours}
    read = metrics.read(context, asked, *metrics.window(context.now, minutes=_MINUTES))
    return sum(sum(series.values) for series in read.values())


def read(context: Context, *, counts_unsent: bool) -> RoundRegister:
    """The incidents before the leases: a lease is never older than its incident. Raises no error of the
    responder's tree."""
    reader, incidents = _Reader(context, store(context)), text("watchdog.incidents")
    asked: Questions = {
        "incidents": lambda: reader.rows(ALARMS),
        "notes": Notes(context.aws, reader.incidents.table).earlier,
        "settings": lambda: read_settings(context),
    }
    if counts_unsent:
        asked["unsent"] = lambda: unsent(context)
    found = side_by_side(asked, through=context.aws)
    settings, what = found["settings"], text("watchdog.settings")
    unusable = (what, settings.reason.text) if isinstance(settings, SettingsUnusable) else None
    document = None if unusable else reader.known("settings", what, settings)
    people = document.people if document is not None else NO_PEOPLE
    newest = reader.parsed("incidents", incidents, found["incidents"], read_incident, "watchdog.incident")
    notes = reader.known("notes", text("watchdog.notes"), found["notes"])
    more = side_by_side({"leases": lambda: reader.rows(rows.STACK, "LEASE#")}, through=context.aws)
    leases = reader.parsed("leases", text("watchdog.leases"), more["leases"], rows.lease, "watchdog.lease")
    lost = reader.known("unsent", text("watchdog.unsent"), found.get("unsent", 0.0))
    return RoundRegister(
        now=context.now,
        newest=newest,
        cases=reader.cases([each for each in newest or () if not each.closed], people),
        leases=None if leases is None else tuple(each for each in leases if each.open),
        notes=notes or (),
        unread=reader.unread,
        unusable=unusable,
        unsent=lost or 0.0,
    )


@frozen
class _Reader:
    """`unread`: by name, what could not be read and why."""

    context: Context
    incidents: Incidents
    unread: dict[str, tuple[Text, Text]] = field(default_factory=dict)

    def rows(self, pk: str, prefix: str = "") -> list[Json]:
        return list(partition(self.context.aws, self.incidents.table, pk, prefix))

    def known(self, part: str, what: Text, found: Any) -> Any:
        if isinstance(found, ResponderError):
            self.unread[part] = (what, reason(found))
            return None
        return found

    def parsed[Row](
        self, part: str, what: Text, found: Any, parse: Callable[[Data], Row], one: str
    ) -> tuple[Row, ...] | None:
        """The rows that can be read; `one`: what a single row is called."""
        if self.known(part, what, found) is None:
            return None
        good = []
        for row in found:
            try:
                good.append(parse(row))
            except Unreadable as error:
                self.unread[row["sk"]] = (Text(one, {"id": row["sk"]}), reason(error))
        return tuple(good)

    def cases(self, opened: list[Incident], people: People) -> tuple[OpenIncident, ...]:
        """Each open incident with its head, and with the answers to its proposals."""
        heads = {f"head {each.id}": lambda each=each: self.incidents.head(each.id) for each in opened}
        said = {f"proposals {each.id}": lambda each=each: self._askings(each.id, people) for each in opened}
        found = side_by_side({**heads, **said}, through=self.context.aws)
        cases = []
        for each in opened:
            about, proposals = text("watchdog.incident", id=each.id), text("watchdog.proposals", id=each.id)
            head = self.known(f"head {each.id}", about, found[f"head {each.id}"])
            askings = self.known(f"proposals {each.id}", proposals, found[f"proposals {each.id}"])
            head_read = not isinstance(found[f"head {each.id}"], ResponderError)
            cases.append(OpenIncident(each, head, askings or (), head_read))
        return tuple(cases)

    def _askings(self, incident: str, people: People) -> tuple[OpenRequest, ...]:
        aws, now, table = self.context.aws, self.context.now, self.context.settings.approvals_table
        recent = [each for each in self.incidents.proposals(incident) if now - each.at < 2 * VALID]
        return tuple(
            approvals.answer(approvals.rows(aws, table, each.id), each, people, now) for each in recent
        )
