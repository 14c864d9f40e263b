"""What one report adds to how its incident stands."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from responder.core.change import LeaseState
from responder.core.refusals import Refusal
from responder.core.verdict import Result
from responder.slack.status.data import CALM, IncidentStatus, Marks, ReportJson, act, moment
from responder.slack.status.state import IN_FORCE, state_of

# What a report tells of the changes in force.

MOST = 10
# Members of a `StrEnum` equal the words of the report.
_OPEN = frozenset(each for each in LeaseState if each.open)
_ACTED: dict[str, str] = {Result.APPLIED: LeaseState.IN_FORCE, Result.PARTIAL: LeaseState.PARTIAL}


def held(report: ReportJson, at: str) -> ReportJson:
    """`leases` in force, by what security is `lowered`, and when that was seen. Nothing of a report that
    could not read them: what is in force does not end by that."""
    if _unread(report):
        return {}
    known = [one for one in report.get("leases", ()) if one.get("state") in _OPEN]
    both = [*known, *_new(report, known, at)]
    lowered = str(report.get("security_lowered_by") or "")
    return {"at": at, "leases": [_short(one) for one in both[:MOST]], "lowered": lowered}


def _unread(report: ReportJson) -> bool:
    if report.get("leases"):
        return False
    reasons = [each.get("because") for each in report.get("outcomes", ())]
    said = map(Refusal.named, (*report.get("warnings", ()), *reasons))
    # The automation itself failed; what it could not read is left out of what it tells.
    return report.get("kind") == "failure" or any(each is not None and each.leases_unread for each in said)


def _new(report: ReportJson, known: list[ReportJson], at: str) -> Iterator[ReportJson]:
    """A response reads what is in force before it acts: its own change is told as an outcome alone."""
    for one in report.get("outcomes", ()) if report.get("kind") == "response" else ():
        if one["result"] in _ACTED and not any(_same(one, lease, report) for lease in known):
            kept = {name: one.get(name) for name in ("remedy", "scope", "changes", "undo")}
            yield {**kept, "incident": report.get("incident"), "state": _ACTED[one["result"]], "at": at}


def _same(outcome: ReportJson, lease: ReportJson, report: ReportJson) -> bool:
    about = (outcome.get("remedy"), report.get("incident"))
    return about == (lease.get("remedy"), lease.get("incident")) and bool(
        _targets(outcome) & _targets(lease) or not _targets(outcome)
    )


def _targets(one: ReportJson) -> set[Any]:
    return {each.get("target") for each in one.get("changes") or ()}


def _short(lease: ReportJson) -> ReportJson:
    return {**lease, "changes": list(lease.get("changes") or ())[:MOST]}


_REJECTED = re.compile(r"/rejected-([0-9a-f]+)")
# What the message itself does not show stays in its thread.
_LEFT_OUT = ("findings", "ruled_out", "proposals", "course", "waiting", "taken", "leases")


def add(known: IncidentStatus | None, report: ReportJson) -> IncidentStatus:
    """What holds once this report is known, too; the same again changes nothing."""
    own = _alone(report)
    if known is None or not known.newest:
        return own
    return IncidentStatus(
        newest=max(known.newest, own.newest, key=lambda each: (moment(each.get("at")), str(each.get("id")))),
        since=min(known.since, own.since, key=moment),
        main=_newer(known.main, own.main),
        did=_newer(known.did, own.did),
        asked=_merged(known.asked, own.asked, _renewed),
        settled=_merged(known.settled, own.settled, _newer),
        taken=_newer(known.taken, own.taken),
        held=_newer(known.held, own.held),
        calm=_newer(known.calm, own.calm),
    )


def acknowledged(known: IncidentStatus, person: str, at: str, until: str) -> IncidentStatus:
    """Somebody has said that they work on it."""
    return replace(known, taken=_newer(known.taken, {"person": person, "at": at, "until": until}))


def _alone(report: ReportJson) -> IncidentStatus:
    at = str(report.get("at", ""))
    outcomes: tuple[ReportJson, ...] = tuple(report.get("outcomes", ()))
    state = state_of(report)
    acted = report.get("kind") == "command" and any(one["result"] in IN_FORCE for one in outcomes)
    asked = {one["approval"]: _question(one, at) for one in outcomes if one.get("approval")}
    done = [act(one) for one in outcomes if not one.get("approval")]
    return IncidentStatus(
        newest=_slim(report),
        since=str(report.get("since") or at),
        main={"state": state.value, "at": at} if state else {},
        did={"at": at} if acted else {},
        asked={**dict(_repeated(report, at)), **asked},
        settled={name: {"at": at} for name in (*done, *_rejected(report))},
        taken=_taken(report, at),
        held=held(report, at),
        calm={"at": at} if state in CALM else {},
    )


def _question(outcome: ReportJson, at: str) -> ReportJson:
    kept = {name: outcome.get(name) for name in ("remedy", "scope", "lowers_security")}
    changes = list(outcome.get("changes", ()))[:MOST]
    until = outcome.get("approval_valid_until") or at
    return {**kept, "changes": changes, "back": bool(outcome.get("back")), "until": until, "at": at}


def _repeated(report: ReportJson, at: str) -> Iterator[tuple[str, ReportJson]]:
    """A proposal that the message names again; of that, only how long it is valid is new."""
    for one in report.get("waiting", ()):
        known = {"remedy": one["remedy"], "scope": one["scope"], "lowers_security": False, "changes": []}
        until = {"back": one["take_back"], "until": one["approval_valid_until"], "at": at}
        yield str(one["approval"]), {**known, **until}


def _rejected(report: ReportJson) -> list[str]:
    return [f"|{name}" for name in _REJECTED.findall(str(report.get("id", "")))]


def _taken(report: ReportJson, at: str) -> ReportJson:
    taken = report.get("taken")
    return {"person": taken["person"], "until": taken["until"], "at": at} if taken else {}


def _slim(report: ReportJson) -> ReportJson:
    kept = {name: value for name, value in report.items() if name not in _LEFT_OUT}
    shown = [_slim_act(one) for one in report.get("outcomes", ())]
    return {**kept, "outcomes": shown[:MOST]}


def _slim_act(outcome: ReportJson) -> ReportJson:
    kept = {name: value for name, value in outcome.items() if name != "proposed"}
    return {**kept, "changes": outcome.get("changes", [])[:MOST]}


def _renewed(one: ReportJson, other: ReportJson) -> ReportJson:
    newer = _newer(one, other)
    fuller = max(one, other, key=lambda each: (len(each["changes"]), each is newer))
    return {**fuller, "until": newer["until"], "at": newer["at"]}


def _newer(one: ReportJson, other: ReportJson) -> ReportJson:
    return max(one, other, key=lambda each: (moment(each.get("at")), str(each)))


def _merged(one: Marks, other: Marks, chosen: Callable[[ReportJson, ReportJson], ReportJson]) -> Marks:
    both = {name: chosen(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}
