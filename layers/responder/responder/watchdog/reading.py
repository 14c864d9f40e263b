"""Read everything a round needs. What cannot be read is itself found, and hides nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from responder.aws.items import partition
from responder.aws.parallel import side_by_side
from responder.core.approval_request import VALID
from responder.core.change import Lease
from responder.core.context import Context
from responder.core.errors import ResponderError, SettingsUnusable, Unreadable
from responder.core.permissions import ANY, Permission
from responder.core.settings_document import NOBODY, People
from responder.core.text import Text, text
from responder.evidence import metrics
from responder.evidence.base import reason
from responder.followup_rules import OpenRequest
from responder.respond.alarm import store
from responder.respond.playbook import PLAYBOOKS
from responder.store import Incident, Incidents, approvals, rows
from responder.store.opening import ALARMS
from responder.store.switches import read_settings
from responder.watchdog.notes import Notes
from responder.watchdog.rules import OpenIncident, RoundRegister

# Failed events that Lambda could not send on to their destination.
#
# None of our code runs then; Lambda counts them by function (Lambda Developer Guide, "Types of metrics for
# Lambda functions", asynchronous invocation metrics). An alarm on each of these would cost ten times as much.

FAILURES = "DestinationDeliveryFailures"
NEEDS = (Permission("cloudwatch:ListMetrics", ANY), *metrics.NEEDS)
# The stack's functions besides those of the alarms. The follow-up has no destination.
OTHERS = frozenset(
    {
        "daily-check",
        "monthly-check",
        "people",
        "rehearsal-check",
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


def due(event: Mapping[str, Any]) -> bool:
    """In one round of each half hour, by the schedule's own time: each list of metrics costs. Where the event
    names no time, it is due."""
    try:
        return datetime.fromisoformat(event["time"]).minute % _EVERY < _ROUND
    except (KeyError, TypeError, ValueError):
        return True


def unsent(context: Context) -> float:
    """How many of the stack's functions in the last hour. Raises errors of `responder.core.errors`."""
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
    """Raises nothing of ours."""
    return _Reader(context, store(context), counts_unsent).register()


@dataclass(frozen=True, slots=True)
class _Reader:
    context: Context
    incidents: Incidents
    counts_unsent: bool
    unread: dict[str, tuple[Text, Text]] = field(default_factory=dict)

    def register(self) -> RoundRegister:
        """The incidents before the leases: a lease is never older than its incident."""
        notes = Notes(self.context.aws, self.incidents.table)
        asked: dict[str, Callable[[], Any]] = {
            "incidents": lambda: self._rows(ALARMS),
            "notes": notes.earlier,
            "settings": lambda: read_settings(self.context),
        }
        if self.counts_unsent:
            asked["unsent"] = lambda: unsent(self.context)
        found = side_by_side(asked, through=self.context.aws)
        settings, what = found["settings"], text("watchdog.settings")
        unusable = (what, settings.reason.text) if isinstance(settings, SettingsUnusable) else None
        document = None if unusable else self._known("settings", what, settings)
        people = document.people if document is not None else NOBODY
        newest = self._newest(self._known("incidents", text("watchdog.incidents"), found["incidents"]))
        earlier = self._known("notes", text("watchdog.notes"), found["notes"])
        more = side_by_side({"leases": lambda: self._rows(rows.STACK, "LEASE#")}, through=self.context.aws)
        leases = self._leases(self._known("leases", text("watchdog.leases"), more["leases"]))
        lost = self._known("unsent", text("watchdog.unsent"), found.get("unsent", 0.0)) or 0.0
        cases = self._cases([each for each in newest or () if not each.closed], people)
        return RoundRegister(
            self.context.now, newest, cases, leases, earlier or (), self.unread, unusable, lost
        )

    def _rows(self, pk: str, prefix: str = "") -> list[dict[str, Any]]:
        return list(partition(self.context.aws, self.incidents.table, pk, prefix))

    def _known(self, part: str, what: Text, found: Any) -> Any:
        if isinstance(found, ResponderError):
            self.unread[part] = (what, reason(found))
            return None
        return found

    def _newest(self, found: list[dict[str, Any]] | None) -> tuple[Incident, ...] | None:
        return self._parsed(found, rows.incident, lambda sk: text("watchdog.incident", id=sk))

    def _leases(self, found: list[dict[str, Any]] | None) -> tuple[Lease, ...] | None:
        leases = self._parsed(found, rows.lease, lambda sk: text("watchdog.lease", id=sk))
        return None if leases is None else tuple(each for each in leases if each.open)

    def _parsed[Row](
        self,
        found: list[dict[str, Any]] | None,
        parse: Callable[[Mapping[str, Any]], Row],
        what: Callable[[str], Text],
    ) -> tuple[Row, ...] | None:
        if found is None:
            return None
        good = []
        for row in found:
            try:
                good.append(parse(row))
            except Unreadable as error:
                self.unread[row["sk"]] = (what(row["sk"]), reason(error))
        return tuple(good)

    def _cases(self, opened: list[Incident], people: People) -> tuple[OpenIncident, ...]:
        heads = {f"head {each.id}": lambda each=each: self.incidents.head(each.id) for each in opened}
        said = {f"proposals {each.id}": lambda each=each: self._askings(each.id, people) for each in opened}
        found = side_by_side({**heads, **said}, through=self.context.aws)
        return tuple(self._case(each, found) for each in opened)

    def _case(self, incident: Incident, found: Mapping[str, Any]) -> OpenIncident:
        head, askings = found[f"head {incident.id}"], found[f"proposals {incident.id}"]
        return OpenIncident(
            incident,
            self._known(f"head {incident.id}", text("watchdog.incident", id=incident.id), head),
            self._known(f"proposals {incident.id}", text("watchdog.proposals", id=incident.id), askings)
            or (),
            head_read=not isinstance(head, ResponderError),
        )

    def _askings(self, incident: str, people: People) -> tuple[OpenRequest, ...]:
        context, settings = self.context, self.context.settings
        recent = [each for each in self.incidents.proposals(incident) if context.now - each.at < 2 * VALID]
        return tuple(
            approvals.answer(
                approvals.rows(context.aws, settings.approvals_table, each.id), each, people, context.now
            )
            for each in recent
        )
