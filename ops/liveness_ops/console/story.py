"""The story of one incident so far, from what is on record; no metric is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from liveness_ops.console.overview import gone_since
from liveness_ops.console.past import Found, ended
from liveness_ops.people.desk import Desk
from liveness_ops.people.proposals import proposals
from responder.core.change import Lease
from responder.followup_rules.seen import OpenRequest
from responder.incident_report.build import build
from responder.incident_report.json_report import machine, proposal
from responder.incident_report.model import AlarmMetric, IncidentReport, TimelineEntry
from responder.incident_report.reading import mapped, when, word
from responder.messages.bilingual import moment
from responder.store import IncidentHead
from responder.store.approvals import ACK, acknowledgements, rows
from responder.store.reading import TimelineStep

# What a reader of an incident that goes on would take for its end.
_END = "closed"


@dataclass(frozen=True, slots=True)
class Story:
    """`messages`: the tellings. `askings`: every proposal, the newest first."""

    found: Found
    head: IncidentHead
    told: IncidentReport
    leases: tuple[Lease, ...]
    askings: tuple[OpenRequest, ...]
    messages: tuple[TimelineStep, ...]

    @property
    def timeline(self) -> tuple[TimelineEntry, ...]:
        """Oldest first; without an end where there is none yet."""
        return tuple(each for each in self.told.timeline if self.found.closed or each.kind != _END)

    def as_json(self) -> dict[str, Any]:
        """As the closing report has it (docs/incident-report.md), and what is true right now."""
        data = machine(replace(self.told, timeline=self.timeline))
        if not self.found.closed:
            data["times"]["closed"] = data["seconds"]["closing"] = None
        del data["metric"]
        incident = self.found.incident
        return {
            **data,
            "closed": self.found.closed,
            "alarm_gone_since": moment(gone_since(self.head)),
            "state": incident.state.value if incident else None,
            "level": self.head.remembered.level,
            "in_force": [f"{each.remedy}#{each.scope}" for each in self.leases],
            "proposals": [proposal(each) for each in self.askings],
            "messages": [_message(each) for each in self.messages],
        }


def story(desk: Desk, found: Found, head: IncidentHead) -> Story:
    """Read it. Acknowledgements are those of this moment, seen by the follow-up or not."""
    steps = desk.incidents.steps(found.id)
    leases = desk.incidents.ledger().leases
    watch = head.remembered
    end = ended(steps, head.opened) if found.closed else desk.clock()
    askings = proposals(desk, found.id)
    told = build(steps, head, watch, leases, AlarmMetric(), end, askings)
    told = replace(told, acknowledgements=_acknowledged(desk, head, told))
    mine = tuple(each for each in leases if each.open and each.incident == found.id)
    messages = tuple(each for each in steps if each.kind == "told")
    return Story(found, head, told, mine, askings, messages)


def _acknowledged(desk: Desk, head: IncidentHead, told: IncidentReport) -> tuple[Any, ...]:
    found = rows(desk.aws, desk.settings.approvals_table, f"{ACK}{head.incident}")
    now = acknowledgements(found, head.opened, desk.me.people, desk.clock())
    fresh = {each.person: at for each in now if (at := when(each.at)) is not None}
    return tuple(sorted({**dict(told.acknowledgements), **fresh}.items(), key=lambda each: each[1]))


def _message(step: TimelineStep) -> Mapping[str, Any]:
    data = mapped(step.data)
    level = data.get("level")
    report = {"report": word(data.get("report")), "level": level if isinstance(level, int) else None}
    return {"at": moment(step.at), **report, "results": dict(mapped(data.get("results")))}
