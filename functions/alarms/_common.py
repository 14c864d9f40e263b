"""What several playbooks rule out or leave to a person."""

from dataclasses import replace

from alarms._steps import steps
from responder.core.cause import Cause
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.ruled_out import RuledOut
from responder.core.text import Text, text
from responder.core.verdict import Proposal, Verdict
from responder.evidence import Facts
from responder.evidence.facts import Affects, Modification
from responder.evidence.facts.around import TRAIL_DELAY
from responder.evidence.health import AwsHealth
from responder.evidence.modifications import RecentChanges
from responder.evidence.saying import stamp
from responder.evidence.table import Table, TablePressure
from responder.evidence.tell_changes import watched

CHANGED = RecentChanges()
HEALTH = AwsHealth()
TABLE = Table()
PRESSURE = TablePressure()

THROTTLED_MINUTES = 2


def recent_change(
    facts: Facts, functions: tuple[str, ...], affecting: Affects | None = None
) -> Modification | None:
    """The latest change of these functions in the hour before the alarm, by anyone but us; of any kind, or of
    one that can affect this."""
    return next(
        (
            change
            for change in recent_changes(facts)
            if change.target in functions and (affecting is None or affecting in change.affects)
        ),
        None,
    )


def recent_changes(facts: Facts) -> tuple[Modification, ...]:
    """Changes of what the service depends on, in the hour before the alarm, by anyone but us."""
    found = facts.of(CHANGED)
    return found.before(facts.since) if found is not None else ()


def unchanged(facts: Facts) -> tuple[ExplainedReason[RuledOut], ...]:
    """That nothing was changed in that hour, where everything was asked that tells, with the time up to which
    CloudTrail shows it."""
    found = facts.of(CHANGED)
    if found is None or not found.reach(facts.since) or found.before(facts.since):
        return ()
    until = min(facts.since, facts.now - TRAIL_DELAY)
    return (RuledOut.CHANGES(watched=watched(found), until=stamp(until)),)


def who(change: Modification) -> Text:
    """Who made a change, as far as it is known."""
    return text("say.changed_by", by=change.by) if change.by else text("say.changed_by_unknown")


def table_throttled(facts: Facts) -> bool:
    """Throttle events in at least two of the last 15 minutes, of a table that is there and answers."""
    load, table = facts.of(PRESSURE), facts.of(TABLE)
    if load is None or (table is not None and not table.usable):
        return False
    return load.throttled_minutes >= THROTTLED_MINUTES


def on_demand(facts: Facts) -> tuple[Proposal, ...]:
    """On-demand billing, where the table is throttled."""
    load = facts.of(PRESSURE)
    if load is None or not table_throttled(facts):
        return ()
    why = text("why.on_demand", minutes=load.throttled_minutes, events=int(sum(load.throttles.values())))
    return (Proposal(RemedyName.ON_DEMAND_BILLING, why),)


def with_throttled_table(facts: Facts, verdict: Verdict) -> Verdict:
    """The verdict with on-demand billing and the throttled table as a further cause, where it is throttled.

    Where the verdict is that nothing is wrong, the table is the cause."""
    proposals = on_demand(facts)
    if not proposals:
        return verdict
    table, more = Cause.TABLE_THROTTLED(), (*proposals, *verdict.proposals)
    if not verdict.cause.kind.normal:
        return replace(verdict, proposals=more, others=(*verdict.others, table))
    left = steps(table.kind, proposals=more)
    return replace(verdict, cause=table, why=proposals[0].reason, proposals=more, steps=left)


def ruled_out(facts: Facts) -> tuple[ExplainedReason[RuledOut], ...]:
    """What the looks that worked exclude."""
    health, load = facts.of(HEALTH), facts.of(PRESSURE)
    out: list[ExplainedReason[RuledOut]] = []
    if health is not None and not health.events:
        out.append(RuledOut.HEALTH())
    out += unchanged(facts)
    if load is not None and not (load.throttled_minutes or load.hour):
        out.append(RuledOut.TABLE())
    return tuple(out)
