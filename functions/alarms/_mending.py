"""What mends the cause of failed requests, beside switching the check off. Pure."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from alarms._common import recent_changes
from alarms._faults import Leading, short_of, worst_rate
from responder.evidence import Facts
from responder.evidence.saying import stamp
from responder.facts import Dependency, Fault, Modification
from responder.mode import Mode
from responder.text import text
from responder.verdict import Proposal
from responder.which import Which

type Mend = Callable[[Facts, Leading], tuple[Proposal, ...]]

# Which faults a change of what can bring about.
BROUGHT_ABOUT_BY: Mapping[Fault, frozenset[Dependency]] = {
    Fault.IMPORT_ERROR: frozenset({Dependency.FUNCTION}),
    Fault.UNEXPECTED: frozenset({Dependency.FUNCTION}),
    Fault.MEMORY: frozenset({Dependency.FUNCTION}),
    Fault.VALIDATION: frozenset({Dependency.FUNCTION}),
    Fault.CLIENT_SETUP: frozenset({Dependency.FUNCTION}),
    Fault.VARIABLE: frozenset({Dependency.FUNCTION}),
    Fault.CONFIGURATION: frozenset({Dependency.FUNCTION, Dependency.TABLE, Dependency.BUCKET}),
    Fault.ACCESS_DENIED: frozenset(
        {Dependency.ROLE, Dependency.POLICY, Dependency.BUCKET, Dependency.KEY, Dependency.TABLE}
    ),
}
# Lambda's and the log's clocks differ, and a deployment takes minutes.
TOLERANCE = timedelta(minutes=15)


def releases(facts: Facts, lead: Leading) -> tuple[Modification, ...]:
    """The changes just before, of the functions that fail or of what they depend on, where a change can cause
    such a fault; the latest of each target.

    What mostly failed before the change already is not its doing.
    """
    kinds = BROUGHT_ABOUT_BY.get(lead.fault, frozenset())
    latest: dict[str, Modification] = {}
    for change in recent_changes(facts):
        concerned = change.kind is not Dependency.FUNCTION or change.target in lead.functions
        if change.kind in kinds and concerned:
            latest.setdefault(change.target, change)
    return tuple(change for change in latest.values() if _since(lead, change))


def alias_rollback(facts: Facts, lead: Leading) -> tuple[Proposal, ...]:
    """The previous version, for each function that fails since it was changed; a person decides."""
    proposals = (_rolled_back(facts, lead, change) for change in releases(facts, lead))
    return tuple(each for each in proposals if each is not None)


def _since(lead: Leading, change: Modification) -> bool:
    own = change.kind is Dependency.FUNCTION
    mine = [failure for failure in lead.failures if not own or failure.function == change.target]
    return 2 * sum(failure.at >= change.at - TOLERANCE for failure in mine) > len(mine)


def _rolled_back(facts: Facts, lead: Leading, change: Modification) -> Proposal | None:
    found = worst_rate(facts, (change.target,))
    which = next((each for each in Which if each.function(facts.settings) == change.target), None)
    if found is None or which is None:
        return None
    why = text(
        "why.alias_rollback",
        target=change.target,
        at=stamp(change.at),
        fault=lead.fault.cause().text,
        faulty=found.faulty,
        invocations=found.invocations,
        minutes=found.minutes,
    )
    return Proposal("alias_rollback", why, Mode.APPROVE, scope=which, samples_short=short_of(found))
