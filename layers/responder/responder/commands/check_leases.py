"""look: is what this incident has in force still set? Put on record, and reported by its follow-up."""

from dataclasses import replace
from datetime import timedelta

from responder.commands.context import CommandContext, report_outcome, why_of
from responder.core.change import Lease, Ledger
from responder.core.codec import dump
from responder.core.command import CommandKind
from responder.core.context import Context
from responder.core.plain_data import Json
from responder.core.verdict import Result
from responder.respond.lease_check import refreshed
from responder.respond.playbook import Playbook
from responder.respond.proposal import outcome_of
from responder.store import Incident, Incidents

# A follow-up has it checked shortly before it asks.
_JUST_NOW = timedelta(minutes=2)


def carry_out(
    playbook: Playbook, context: Context, incidents: Incidents, incident: Incident, ledger: Ledger
) -> Json:
    """Reported from here only where no follow-up is left that would."""
    before = {each.id: each for each in ledger.of_incident(incident.id)}
    now = refreshed(context, incidents, playbook.remedies, ledger, incident.id)
    found = (each for each in now.changed_by_others_in(incident.id) if each.id in before)
    changed = {each.id: each for each in found if each.changes != before[each.id].changes}
    for lease in changed.values() if incident.closed else ():
        remedy = next(each for each in playbook.remedies if each.name == lease.remedy)
        note = next((each.note for each in lease.changed_by_others), None)
        outcome = outcome_of(
            remedy, Result.KEPT, why_of(CommandKind.CHECK_LEASES), note, lease.changed_by_others
        )
        report_outcome(playbook, context, incidents, incident, outcome)
    results = {name: "kept" if name in changed else "unchanged" for name in before}
    return {"incident": incident.id, "results": results}


def as_found(ordered: CommandContext, lease: Lease) -> CommandContext:
    """The command with what is really in force of its lease, which was read a moment ago or is read now."""
    if lease.seen is not None and ordered.context.now - lease.seen <= _JUST_NOW:
        return ordered
    remedies = (ordered.remedy,)
    found = refreshed(ordered.context, ordered.incidents, remedies, ordered.ledger, ordered.incident.id)
    return replace(ordered, ledger=found)


def changed_by_others(ordered: CommandContext, known: Lease) -> Json:
    """The answer to a command about a lease of which nothing is left: others have changed it. Its follow-up
    reports it, where there still is one."""
    found = (each for each in ordered.ledger.changed_by_others_in(ordered.incident.id) if each.id == known.id)
    changes = tuple(change for lease in found for change in lease.changed_by_others)
    note = next((each.note for each in changes), None)
    if ordered.incident.closed or note is None:
        return ordered.report(ordered.outcome(Result.KEPT, note, changes))
    mine = f"{ordered.remedy.name} {ordered.remedy.scope}".strip()
    because = {mine: dump(note)}
    return {"incident": ordered.incident.id, "report": "", "results": {mine: "kept"}, "because": because}
