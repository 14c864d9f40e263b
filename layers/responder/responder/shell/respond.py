"""One response: decide on what was gathered, guard, act, record."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.asked import Asked
from responder.change import STAYS, Lease, LeaseState
from responder.coherence import coherent
from responder.context import Context
from responder.errors import ResponderError
from responder.evidence.failed import reason
from responder.guards import Ends
from responder.incidents import Incidents
from responder.ledger import Ledger
from responder.playbook import Playbook
from responder.refusal import Doubts, Refusal
from responder.shell.act import Act, Hand
from responder.shell.asking import asked_for
from responder.shell.draft import Draft, draft
from responder.shell.gather import Gathered, key
from responder.shell.outcomes import outcome
from responder.text import Text, text
from responder.verdict import Outcome, Verdict

# As long as an alarm may take to show that a change helped, and a person to approve it for the next one.
_STILL_NEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Response:
    """What was concluded and done.

    Attributes:
        unrecorded: something was applied, and not all of it is on record.
        linked: the incident whose remedy on the same target serves this one as well.
        acted: something is set now that was not.
    """

    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    warnings: tuple[Text, ...] = ()
    unrecorded: bool = False
    linked: str = ""
    acted: bool = False


@dataclass(frozen=True, slots=True)
class Responder:
    """One playbook answering for one incident."""

    playbook: Playbook
    context: Context
    incidents: Incidents
    incident: str

    def respond(self, found: Gathered, doubts: Doubts) -> Response:
        """Decide and carry out. What is asked of a person is on record before it is told."""
        verdict = coherent(self.playbook.decide(found.facts), found.findings)
        remedies = {key(remedy): remedy for remedy in self.playbook.remedies}
        drafts = [draft(one, remedies, found, self.incident, doubts) for one in verdict.proposals]
        now = self.context.now
        asked = [one for each in drafts if (one := asked_for(each, self.incident, now)) is not None]
        with ThreadPoolExecutor(1) as pool:
            recording = pool.submit(self._record, verdict, drafts, asked)
            acts = self._act(drafts, found)
            unrecorded = recording.result()
        ids = {one.remedy + one.scope: one.id for one in asked} if unrecorded is None else {}
        told = tuple(outcome(each, act, ids, unrecorded) for each, act in zip(drafts, acts, strict=True))
        lost = unrecorded or next(
            (act.unrecorded for act in acts if act is not None and act.unrecorded), None
        )
        applied = any(act is not None and act.result.acted for act in acts)
        linked = "" if applied else _linked(drafts, found, self.incident) or _overtaken(told)
        warnings = (Refusal.LINKED(incident=linked).text,) if linked else ()
        acted = any(map(_set, drafts, acts))
        unsaid = lost is not None and applied
        return Response(verdict, told, (*warnings, *not_on_record(lost)), unsaid, linked, acted)

    def _record(self, verdict: Verdict, drafts: Sequence[Draft], asked: Sequence[Asked]) -> Text | None:
        judged = [{"remedy": d.remedy.name, "scope": d.remedy.scope, "judged": d.judgement} for d in drafts]
        data = {"verdict": verdict, "judged": judged}
        try:
            self.incidents.record(self.incident, "verdict", data, self.context.now, asked)
        except ResponderError as error:
            return reason(error)
        return None

    def _act(self, drafts: Sequence[Draft], found: Gathered) -> list[Act | None]:
        """One after the other: each sees the ledger that the one before it has written."""
        acts: list[Act | None] = []
        for each in drafts:
            if each.judgement.ends is not Ends.ACT or each.settled or each.plan is None:
                acts.append(None)
                continue
            ledger = found.ledger if isinstance(found.ledger, Ledger) else Ledger()
            hand = Hand(self.context, self.incidents, self.incident, each.remedy, each.plan, each.question)
            acts.append(hand.apply(ledger))
        return acts


def not_on_record(lost: Text | None) -> tuple[Text, ...]:
    """The warning that something is missing from the record, and why."""
    return () if lost is None else (text("guard.unrecorded", detail=lost),)


def _set(each: Draft, act: Act | None) -> bool:
    """Something is set now that was not."""
    if each.plan is None or act is None:
        return False
    before = {(old.target, old.setting) for old in each.plan.changes if old.status.made}
    return any(new.status.made and (new.target, new.setting) not in before for new in act.changes)


def _overtaken(told: Sequence[Outcome]) -> str:
    """The other response was first, after this one had read what is in force."""
    reasons = (
        each.because for each in told if each.because is not None and each.because.kind is Refusal.LEASED
    )
    return next((str(reason.values["incident"]) for reason in reasons), "")


def _linked(drafts: Sequence[Draft], found: Gathered, incident: str) -> str:
    """The same remedy on the same target is in force already, for another incident."""
    ledger = found.ledger if isinstance(found.ledger, Ledger) else Ledger()
    if ledger.of_incident(incident):
        # Whoever has a remedy of his own goes his own way: else two could wait for each other.
        return ""
    leases = (ledger.lease(each.remedy.name, each.plan.scope) for each in drafts if each.plan is not None)
    others = (one.incident for one in leases if one is not None and serves(one, found.facts.now))
    return next((other for other in others if other != incident), "")


def serves(lease: Lease, now: datetime) -> bool:
    """What somebody else has in force is an answer to this fault as well: what stays for good, only while
    it is new. What is being taken back, or was changed in part by others, answers nothing any more."""
    if lease.state is LeaseState.TAKING_BACK or lease.overtaken:
        return False
    return lease.remedy not in STAYS or now - lease.at <= _STILL_NEW
