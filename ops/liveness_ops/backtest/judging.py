"""One past change of state through the decision and the guards of a live response. Nothing is written."""

from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from liveness_ops.backtest.parameters import PastParameters, settings_of
from liveness_ops.backtest.past import PastGateway, Present
from liveness_ops.backtest.records import PastIncidents, Records
from liveness_ops.backtest.transitions import ByPlaybook
from liveness_ops.backtest.unknown import NOT_RECORDED, Unknown
from responder.aws.gateway import shared
from responder.core.alarm_event import AlarmEvent
from responder.core.change import Plan
from responder.core.context import Context
from responder.core.errors import ResponderError, Unreachable
from responder.core.finding import Findings
from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason, FailureKind
from responder.core.refusals import Because, Doubts
from responder.core.settings import Settings
from responder.core.switches import SETTINGS
from responder.core.text import Strings
from responder.core.verdict import Verdict, coherent
from responder.guards import Question
from responder.respond.gather import Gathered, event_doubts, gather, key, with_leases_checked, with_plans
from responder.respond.playbook import Playbook
from responder.respond.proposal import Judged, draft
from responder.store import Incident

# How long after the change a response has begun, where our rows do not have it: EventBridge and a warm start.
DELIVERY = timedelta(seconds=2)
# The same questions are asked again, from what was kept, until none of them waited for AWS.
_ROUNDS = 8
# A response reads the ledger within so long of its beginning, and perhaps once more.
_BESIDE = timedelta(seconds=10)

# Without these records every outcome is unknown.
_UNSURE = frozenset({Unknown.STOP_REMOVED, Unknown.PARAMETER, Unknown.BESIDE, Unknown.LATE})


class Would(StrEnum):
    """What the responder would have done about a proposal."""

    ACT = "act"
    ASK = "ask"
    OBSERVE = "observe"
    REFUSE = "refuse"
    NOTHING = "nothing"  # it already had the wanted value
    UNKNOWN = "unknown"


@frozen
class ProposalResult:
    """The result of a proposal under some settings, and why not more."""

    would: Would
    because: Because | None = None
    also: tuple[Because, ...] = ()


@frozen
class ProposalJudged:
    """One proposal. `then`: under the settings of then; `in_auto`: had the global mode been `auto`."""

    remedy: str
    scope: str
    then: ProposalResult
    in_auto: ProposalResult


@frozen
class Decision:
    """What was concluded of one change under one set of settings.

    Attributes:
        unknown: what is not on record of that time.
        unread: looks and parts that could not be read, as a live response names them.
        findings: what the looks said.
        coarse: figures are of five minutes, because those of a minute are not kept.
    """

    verdict: Verdict
    proposals: tuple[ProposalJudged, ...]
    unknown: tuple[ExplainedReason[Unknown], ...] = ()
    unread: Strings = ()
    findings: Findings = field(default=(), repr=False)
    coarse: bool = False


@frozen
class BacktestInputs:
    """Everything that the judgement needs, read once. `base`: by playbook's short name, the settings of its
    function's environment."""

    present: Present
    parameters: PastParameters
    records: Records
    base: ByPlaybook

    def decide(
        self, playbook: Playbook, change: AlarmEvent, incident: Incident, at: datetime, document: str = ""
    ) -> Decision:
        """As of `at`. `incident`: the one that this change opened, or belongs to. `document`: a settings
        document to decide under, in place of the one of then."""
        gateway = PastGateway(self.present, at)
        context = self._context(gateway, self.base[playbook.slug], change, at, document)
        soak = timedelta(minutes=context.settings.soak_minutes)
        then = self.records.ledger_at(at)
        if any(each.incident != incident.id and abs(each.at - at) < _BESIDE for each in self.records.acts()):
            gateway.note(Unknown.BESIDE())
        rejected = self.records.rejected_at(incident.id, at)
        incidents = PastIncidents(gateway, context.settings.incidents_table, soak, then, rejected)
        found, doubts = _gathered(playbook, context, change, incident, incidents, gateway)
        verdict = coherent(playbook.decide(found.facts), found.findings)
        remedies = {key(remedy): remedy for remedy in playbook.remedies}
        wanted = [remedies[one.remedy, one.scope] for one in verdict.proposals]
        found = with_plans(found, wanted, found.context or context, incidents)
        drafts = [draft(one, remedies, found, incident.id, doubts) for one in verdict.proposals]
        unknown = tuple(each for _, each in sorted(gateway.unknown.items()))
        unsure = any(each.kind in _UNSURE for each in unknown)
        proposals = tuple(
            _proposal(each, unsure=unsure or _not_known(each.question, found.plans[key(each.remedy)]))
            for each in drafts
        )
        unread = found.unread(playbook)
        return Decision(verdict, proposals, unknown, unread, found.findings, gateway.coarse)

    def _context(
        self, gateway: PastGateway, base: Settings, change: AlarmEvent, at: datetime, document: str
    ) -> Context:
        parameters = self.parameters.then(at, gateway.note)
        if document:
            parameters[f"{base.parameters_path}/{SETTINGS}"] = document
        settings = settings_of(base, parameters, self.parameters, at)
        return Context(gateway, settings, at, change.at, parameters)


def _gathered(  # noqa: PLR0913 - all that is asked with
    playbook: Playbook,
    context: Context,
    change: AlarmEvent,
    incident: Incident,
    incidents: PastIncidents,
    gateway: PastGateway,
) -> tuple[Gathered, Doubts]:
    """In rounds: what one of them had to fetch may have taken longer than a look's own time."""
    reasons = event_doubts(change, context.now, {})

    def asked() -> Gathered:
        return gather(
            playbook,
            shared(replace(context, aws=gateway)),
            change.name,
            incidents,
            lambda: incident,
            incident.id,
            change.silences,
            reasons,
        )

    found = asked()
    for _ in range(_ROUNDS):
        fetched = gateway.fetched
        found = asked()
        if gateway.fetched == fetched and not _late(found):
            break
    else:
        gateway.note(Unknown.LATE())
    open_ = [each for each in incidents.then.leases if each.open]
    if all(each.snapshot for each in open_):
        found = with_leases_checked(found, playbook, found.context or context, incidents, change.at)
    else:
        # Whether others had undone it by then, only its snapshot could show.
        gateway.note(Unknown.LEASE())
    return found, (*reasons, *found.doubts(incident.id))


def _late(found: Gathered) -> bool:
    """A look or a plan was given up because it waited too long for AWS, or for the machine."""
    parts = (*found.plans.values(), found.switches, found.alarm)
    waited = any(isinstance(each, Unreachable) for each in parts)
    reasons = (each.said.values.get("reason") for each in found.findings)
    unanswered = (FailureKind.UNREACHABLE.value, FailureKind.LATE.value)
    return waited or any(getattr(each, "key", "") in unanswered for each in reasons)


def _proposal(judged: Judged, *, unsure: bool) -> ProposalJudged:
    courses = [
        ProposalResult(Would.ACT)
        if held is None
        else ProposalResult(Would(held.ends), held.reason, held.also)
        for held in (judged.held, judged.in_auto)
    ]
    if judged.settled:
        courses = [ProposalResult(Would.NOTHING)] * 2
    elif unsure:
        courses = [replace(each, would=Would.UNKNOWN) for each in courses]
    return ProposalJudged(judged.remedy.name, judged.remedy.scope, *courses)


def _not_known(question: Question, planned: Plan | ResponderError) -> bool:
    """A precondition of it is not on record. `planned`: of all its targets."""
    if isinstance(planned, ResponderError):
        reasons: tuple[Because, ...] = () if question.plan_problem is None else (question.plan_problem,)
    else:
        reasons = (*planned.obstacles, *planned.cautions)
    missing = any(NOT_RECORDED in repr(each.values) for each in (*reasons, *question.doubts))
    return missing or question.switches is None or question.ledger is None
