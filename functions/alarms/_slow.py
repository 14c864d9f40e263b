"""What slow requests of one function can come from (manual, アラート3 and セッション作成が遅い)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alarms._causes import unknown
from alarms._common import CHANGED, HEALTH, PRESSURE, TABLE, on_demand, ruled_out, table_throttled
from alarms._faults import FAILURES, INVOCATIONS, Leading, leading
from alarms._steps import Step, steps
from responder.cause import Cause
from responder.evidence import Evidence, Facts
from responder.evidence.cold_starts import ColdStarts
from responder.evidence.configuration import Config
from responder.evidence.timing import Timing
from responder.explained import Explained
from responder.facts import NETWORK, Fault, Starts
from responder.mode import Mode, Severity
from responder.playbook import Playbook
from responder.remedies import Remedy
from responder.remedies.memory_increase import MemoryIncrease
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.provisioned_concurrency import ProvisionedConcurrency
from responder.text import Text, text
from responder.verdict import Proposal, Verdict
from responder.which import Which

ENOUGH_REPORTS = 20
ENOUGH_DOWNSTREAM = 3
MANY_COLD = 0.1
COSTLY_COLD = 1.0
MEMORY_FULL = 0.9
DOWNSTREAM = NETWORK | {Fault.INTERNAL, Fault.THROTTLING, Fault.TIMEOUT, Fault.QUOTA}


@dataclass(frozen=True, slots=True)
class Suspect:
    """One proven reason, with the remedy that would help, if any."""

    cause: Explained[Cause]
    why: Text
    proposals: tuple[Proposal, ...] = ()


def slow_playbook(which: Which, alarm: str, slug: str) -> Playbook:
    """The playbook of a deployed alarm about slow requests of one function; medium severity.

    Each of them averages what only a tail can show, so each has a corrected version.
    """
    return Playbook(
        alarm=alarm,
        slug=slug,
        severity=Severity.MEDIUM,
        broken=text(f"broken.{slug.replace('-', '_')}"),
        evidence=evidence(which),
        decide=lambda facts: decide(facts, which),
        remedies=remedies(which),
        corrected=True,
    )


def remedies(which: Which) -> tuple[Remedy, ...]:
    """What can make one function faster."""
    return (ProvisionedConcurrency(which), OnDemandBilling(), MemoryIncrease(which))


def evidence(which: Which) -> tuple[Evidence[Any], ...]:
    """What can show why one function is slow."""
    asked = (Timing(which), ColdStarts(which), Config((which,)), FAILURES, INVOCATIONS)
    return (*asked, TABLE, PRESSURE, CHANGED, HEALTH)


def decide(facts: Facts, which: Which) -> Verdict:
    """What is proven; else that nothing is."""
    functions = (which.function(facts.settings),)
    return proven(facts, which) or unknown(facts, functions, nothing_proven(facts, which))


def proven(facts: Facts, which: Which) -> Verdict | None:
    """Every proven reason is proposed for; the first in the order below names the cause."""
    looks: tuple[Callable[[Facts, Which], Suspect | None], ...] = (_table, _downstream, _memory, _cold)
    suspects = [suspect for look in looks if (suspect := look(facts, which)) is not None]
    if not suspects:
        return None
    first = suspects[0].cause.kind
    proposals = tuple(proposal for suspect in suspects for proposal in suspect.proposals)
    return Verdict(
        cause=suspects[0].cause,
        why=suspects[0].why,
        ruled_out=ruled_out(facts),
        proposals=proposals,
        steps=steps(
            first, proposals=proposals, without=(Step.CHECK_VPC,) if first is Cause.COLD_STARTS else ()
        ),
        others=tuple(suspect.cause for suspect in suspects[1:]),
    )


def _table(facts: Facts, which: Which) -> Suspect | None:
    if not table_throttled(facts):
        return None
    proposals = on_demand(facts)
    return Suspect(Cause.TABLE_THROTTLED(), proposals[0].reason, proposals)


def _downstream(facts: Facts, which: Which) -> Suspect | None:
    lead: Leading | None = leading(facts, (which.function(facts.settings),))
    if lead is None or lead.fault not in DOWNSTREAM or lead.of_table or lead.count < ENOUGH_DOWNSTREAM:
        return None
    return Suspect(lead.fault.cause(), text("why.leading", leading=lead.say()))


def _memory(facts: Facts, which: Which) -> Suspect | None:
    starts = facts.of(ColdStarts(which))
    if starts is None or not starts.memory_size or starts.memory_used is None:
        return None
    if starts.reports < ENOUGH_REPORTS or starts.memory_used < MEMORY_FULL * starts.memory_size:
        return None
    why = text("why.memory", used=starts.memory_used, size=starts.memory_size, samples=starts.reports)
    return Suspect(Cause.MEMORY(), why, (Proposal("memory_increase", why, Mode.APPROVE, scope=which),))


def _cold(facts: Facts, which: Which) -> Suspect | None:
    starts = facts.of(ColdStarts(which))
    if starts is None or not costly(starts):
        return None
    why = text("why.cold", percent=100 * starts.cold_share, seconds=_cost(starts), samples=starts.reports)
    short = None if starts.reports >= ENOUGH_REPORTS else text("say.few_reports", samples=starts.reports)
    proposal = Proposal("provisioned_concurrency", why, scope=which, samples_short=short)
    return Suspect(Cause.COLD_STARTS(), why, (proposal,))


def costly(starts: Starts) -> bool:
    """Cold starts are many, and each of them is felt."""
    return starts.cold_share >= MANY_COLD and _cost(starts) >= COSTLY_COLD


def _cost(starts: Starts) -> float:
    """Seconds a cold start adds to a request: its initialisation, and a slower first run."""
    slower = 0.0
    if starts.cold_average is not None and starts.warm_average is not None:
        slower = max(0.0, starts.cold_average - starts.warm_average)
    return (starts.init_average or 0.0) + slower


def nothing_proven(facts: Facts, which: Which) -> Text:
    """Whether nothing was to be seen, or it could not be looked at."""
    return text("why.looks_failed" if unread(facts, which) else "why.nothing_proven")


def unread(facts: Facts, which: Which) -> bool:
    """Some look that could have shown why could not be made."""
    tally = facts.of(FAILURES)
    looks = (facts.of(Timing(which)), facts.of(ColdStarts(which)), facts.of(PRESSURE), tally)
    return None in looks or (tally is not None and which.function(facts.settings) in tally.unread)
