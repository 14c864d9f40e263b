"""Errors of one function (manual, アラート4: Lambda エラー)."""

from alarms._causes import by_fault
from alarms._common import CHANGED, HEALTH, PRESSURE, TABLE, on_demand, ruled_out, table_throttled
from alarms._faults import FAILURES, INVOCATIONS, rollout
from alarms._mending import alias_rollback
from alarms._steps import steps
from alarms._written import written
from responder.cause import Cause
from responder.evidence import Facts
from responder.evidence.access import Access
from responder.evidence.configuration import Config
from responder.facts import FunctionState
from responder.mode import Mode, Severity
from responder.playbook import Playbook
from responder.remedies.alias_rollback import AliasRollback
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.propose_change import ProposeChange
from responder.remedies.repair_environment import RepairEnvironment
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.text import Text, text
from responder.verdict import Proposal, Verdict
from responder.which import Which


def errors_playbook(which: Which, alarm: str, slug: str) -> Playbook:
    """The playbook of an alarm about Lambda errors of one function; high severity."""
    return Playbook(
        alarm=alarm,
        slug=slug,
        severity=Severity.HIGH,
        broken=text(f"broken.{slug.replace('-', '_')}"),
        evidence=(FAILURES, INVOCATIONS, Config((which,)), Access(), CHANGED, HEALTH, TABLE, PRESSURE),
        decide=lambda facts: decide(facts, which),
        remedies=(
            RolloutToZero(),
            OnDemandBilling(),
            RepairEnvironment(which),
            AliasRollback(which),
            ProposeChange(),
        ),
    )


def decide(facts: Facts, which: Which) -> Verdict:
    """A configuration that differs from the expected one explains errors before the log does."""
    functions = (which.function(facts.settings),)
    configuration = facts.of(Config((which,)))
    state = configuration.functions.get(functions[0]) if configuration else None
    if state is None or not (state.expected_missing or state.expected_wrong):
        return by_fault(facts, functions, alias_rollback, written)
    why = _why(state)
    repair = Proposal("repair_environment", why, Mode.APPROVE, scope=which)
    return Verdict(
        cause=Cause.ENVIRONMENT(function=state.name),
        why=why,
        ruled_out=ruled_out(facts),
        proposals=(*on_demand(facts), repair, *rollout(facts, functions)),
        steps=steps(Cause.ENVIRONMENT),
        others=(Cause.TABLE_THROTTLED(),) if table_throttled(facts) else (),
    )


def _why(state: FunctionState) -> Text:
    names = ", ".join((*state.expected_missing, *state.expected_wrong))
    return text("why.environment", variables=names)
