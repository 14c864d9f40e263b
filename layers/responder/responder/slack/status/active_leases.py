"""What a report tells of the changes in force."""

from collections.abc import Iterator
from typing import Any

from responder.core.change import LeaseState
from responder.core.refusals import Refusal
from responder.core.verdict import Result
from responder.slack.status.data import ReportJson

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
