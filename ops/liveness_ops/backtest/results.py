"""What a back-test found of each change of state, as JSON: the same for the page, the terminal and programs.

A text is there in both languages with its key: `{"key": …, "en": …, "ja": …}`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from liveness_ops.backtest.judging import (
    DELIVERY,
    BacktestInputs,
    Decision,
    ProposalJudged,
    ProposalResult,
    Would,
)
from liveness_ops.backtest.records import Records
from liveness_ops.backtest.transitions import Transition
from responder.core.plain_data import Data, Json
from responder.core.refusals import Refusal
from responder.core.text import Text
from responder.evidence import trail
from responder.evidence.changes import Dependency
from responder.messages.language import say
from responder.respond.playbook import PLAYBOOKS

# What people changed is looked for until the alarm was OK again, or for so long.
_AFTERWARDS = timedelta(hours=2)
# The strongest of several proposals is the result of an incident.
STRENGTH = (Would.ACT, Would.ASK, Would.UNKNOWN, Would.OBSERVE, Would.REFUSE, Would.NOTHING)
# The result if nothing was proposed.
NONE = "none"
# Reasons that no history has: what CloudWatch could not evaluate, and how the event was delivered.
_NOT_RECORDED = {
    each.value for each in (Refusal.EVALUATION, Refusal.STALE, Refusal.REPLAYED, Refusal.REDRIVEN)
}


def of_transition(inputs: BacktestInputs, transition: Transition, document: str = "") -> Json:
    """One change of state: what would have been done under the settings of then and, with a `document`, under
    that one, and what was."""
    found = _about(transition)
    if transition.repeat:
        return {**found, "would": NONE, "in_auto": NONE, "flips": False}
    recorded = inputs.records.verdict(transition.incident.id, transition.item.at)
    at = recorded.at if recorded is not None else transition.item.at + DELIVERY
    playbook = PLAYBOOKS[transition.slug]
    decide = partial(inputs.decide, playbook, transition.change, transition.incident, at)
    return {
        **found,
        "judged_at": stamp(at),
        **_judged(decide(), decide(document) if document else None),
        "people": list(_people(inputs, transition)),
        "responder": _responder(inputs.records, transition),
    }


def _about(transition: Transition) -> Json:
    at, ended = transition.item.at, transition.ended
    return {
        "alarm": transition.item.alarm,
        "type": transition.item.type,
        "playbook": transition.slug,
        "incident": transition.incident.id,
        "at": stamp(at),
        "repeat": transition.repeat,
        "deleted": transition.deleted,
        "recovered_at": stamp(ended) if ended else None,
        "minutes": round((ended - at).total_seconds() / 60, 1) if ended else None,
    }


def _judged(decision: Decision, other: Decision | None) -> Json:
    concluded = _concluded(decision)
    proposals = concluded.pop("proposals")
    found: Json = {
        **concluded,
        "flips": other is not None and _courses(decision) != _courses(other),
        "proposals": proposals,
        "unknown": [worded(each.text) for each in decision.unknown],
        "unread": list(decision.unread),
        "coarse": decision.coarse,
    }
    return found if other is None else {**found, "with_settings": _concluded(other)}


def _concluded(decision: Decision) -> Json:
    unknown = bool(decision.unknown)
    return {
        "cause": worded(decision.verdict.cause.text),
        "would": overall([each.then for each in decision.proposals], unknown=unknown),
        "in_auto": overall([each.in_auto for each in decision.proposals], unknown=unknown),
        "proposals": [_proposal(each) for each in decision.proposals],
    }


def _courses(decision: Decision) -> list[tuple[str, str, Would, Would]]:
    return sorted((e.remedy, e.scope, e.then.would, e.in_auto.would) for e in decision.proposals)


def overall(courses: Iterable[ProposalResult], *, unknown: bool) -> str:
    """The result of the incident: the strongest of its proposals. What is not on record may
    have been a reason for another one, or for more than was proposed."""
    found = {each.would for each in courses} | ({Would.UNKNOWN} if unknown else set())
    strongest = next((each for each in STRENGTH if each in found), None)
    return NONE if strongest is None else strongest


def _proposal(judged: ProposalJudged) -> Json:
    return {
        "remedy": judged.remedy,
        "scope": judged.scope,
        "then": _course(judged.then),
        "in_auto": _course(judged.in_auto),
    }


def _course(course: ProposalResult) -> Json:
    return {
        "would": course.would,
        "because": worded(course.because.text) if course.because else None,
        "also": [worded(each.text) for each in course.also],
    }


def worded(said: Text) -> Json:
    """The text in both languages."""
    return {"key": said.key, "en": say(said, "en"), "ja": say(said, "ja")}


def stamp(at: datetime) -> str:
    """UTC, in milliseconds."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def _people(inputs: BacktestInputs, transition: Transition) -> Iterable[Json]:
    """What others than the responder changed in the service from the alarm until it was over."""
    settings = inputs.base[transition.slug]
    named = {
        Dependency.FUNCTION: (*settings.functions, *settings.rollout_functions),
        Dependency.STACK: (settings.service_stack,),
        Dependency.ROLE: (settings.service_role,),
        Dependency.TABLE: (settings.sessions_table,),
        Dependency.BUCKET: (settings.bucket,),
    }
    watched = {name: kind for kind, names in named.items() for name in names if name}
    start = transition.item.at
    end = min(transition.ended or start + _AFTERWARDS, start + _AFTERWARDS)
    for writes in inputs.present.configuration.writes.values():
        events = [e for e in reversed(writes.events) if start <= e["EventTime"] <= end and e.get("EventName")]
        for each in trail.changes(events, watched, settings):
            if each.foreign:
                yield {"at": stamp(each.at), "who": each.by, "target": each.target, "what": worded(each.what)}


def _responder(records: Records, transition: Transition) -> Json | None:
    """What the responder itself decided and did; None where nothing is recorded."""
    step = records.verdict(transition.incident.id, transition.item.at)
    if step is None:
        return None
    every = (each.lease for each in records.lease_steps())
    leases = {lease.id: lease for lease in every if lease.incident == transition.incident.id}
    return {
        "decided_at": stamp(step.at),
        "cause": str(step.data["verdict"]["cause"]["key"]),
        "judged": [_recorded(each) for each in step.data["judged"]],
        "unread": list(step.data.get("unread", ())),
        "leases": [
            {"remedy": each.remedy, "scope": each.scope, "at": stamp(each.at), "state": each.state}
            for each in leases.values()
        ],
    }


def _recorded(judged: Data) -> Json:
    reason = judged["judged"].get("reason") or {}
    return {
        "remedy": judged["remedy"],
        "scope": judged["scope"],
        "would": judged["judged"]["ends"],
        "because": reason.get("key"),
    }


def agrees(result: Data) -> bool | None:
    """Cause and courses are those that the responder recorded. None where there is no record to compare with,
    or something that it read is not on record, or it could not read the same."""
    then = result.get("responder")
    if then is None or result["unknown"] or then["unread"] != result["unread"]:
        return None
    if any(each["because"] in _NOT_RECORDED for each in then["judged"]):
        return None
    mine = {
        (e["remedy"], e["scope"]): (e["then"]["would"], (e["then"]["because"] or {}).get("key"))
        for e in result["proposals"]
    }
    theirs = {(e["remedy"], e["scope"]): (e["would"], e["because"]) for e in then["judged"]}
    idle = {which for which, (would, _) in mine.items() if would == Would.NOTHING}
    known = [{key: each[key] for key in each.keys() - idle} for each in (mine, theirs)]
    cause = result["cause"]["key"]
    return bool(cause == then["cause"] and known[0] == known[1])
