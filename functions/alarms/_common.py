"""What several playbooks rule out or leave to a person."""

from collections.abc import Iterator
from datetime import timedelta

from responder.evidence import Facts
from responder.evidence.health import Health
from responder.evidence.modifications import Changed
from responder.evidence.table import Table, TablePressure
from responder.evidence.tell_changes import watched
from responder.excluded import Excluded
from responder.explained import Explained
from responder.facts import Affects, Modification
from responder.text import Text, text
from responder.verdict import Proposal

CHANGED = Changed()
HEALTH = Health()
TABLE = Table()
PRESSURE = TablePressure()

THROTTLED_MINUTES = 2
# A look into what was changed before the alarm, which may have gone off some minutes ago.
JUST_BEFORE = timedelta(minutes=75)


def recent_change(
    facts: Facts, functions: tuple[str, ...], affecting: Affects | None = None
) -> Modification | None:
    """The latest change of these functions, by anyone but us, just before now; of any kind, or of one that
    can affect this."""
    return next(
        (
            change
            for change in recent_changes(facts)
            if change.target in functions and (affecting is None or affecting in change.affects)
        ),
        None,
    )


def recent_changes(facts: Facts) -> Iterator[Modification]:
    """Changes of what the service depends on, by anyone but us, just before now; the latest first."""
    found = facts.of(CHANGED)
    changes = found.changes if found is not None else ()
    return (each for each in changes if each.foreign and facts.now - each.at <= JUST_BEFORE)


def who(change: Modification) -> Text:
    """Who made a change, as far as it is known."""
    return text("say.changed_by", by=change.by) if change.by else text("say.changed_by_unknown")


def table_throttled(facts: Facts) -> bool:
    """Throttle events in at least two of the last 15 minutes."""
    load = facts.of(PRESSURE)
    return load is not None and load.throttled_minutes >= THROTTLED_MINUTES


def on_demand(facts: Facts) -> tuple[Proposal, ...]:
    """On-demand billing, where the table is throttled."""
    load = facts.of(PRESSURE)
    if load is None or not table_throttled(facts):
        return ()
    why = text("why.on_demand", minutes=load.throttled_minutes, events=int(sum(load.throttles.values())))
    return (Proposal("on_demand_billing", why),)


def ruled_out(facts: Facts) -> tuple[Explained[Excluded], ...]:
    """What the looks that worked exclude."""
    health, changed, load = facts.of(HEALTH), facts.of(CHANGED), facts.of(PRESSURE)
    out: list[Explained[Excluded]] = []
    if health is not None and not health.events:
        out.append(Excluded.HEALTH())
    if changed is not None and changed.none_since(facts.now - JUST_BEFORE):
        out.append(Excluded.CHANGES(watched=watched(changed)))
    if load is not None and not (load.throttled_minutes or load.hour):
        out.append(Excluded.TABLE())
    return tuple(out)
