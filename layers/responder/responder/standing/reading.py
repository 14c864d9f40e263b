"""What one report adds to how its incident stands."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from responder.standing.data import CALM, Marks, Standing, Told, act, moment
from responder.standing.held import MOST, held
from responder.standing.state import IN_FORCE, state_of

_BACK = "course.asks_back"
_ASKS = ("course.asks", _BACK)
_TAKEN = ("course.taken_by", "course.taken_once")
_REJECTED = re.compile(r"/rejected-([0-9a-f]+)")
# What the message itself does not show stays in its thread.
_LEFT_OUT = ("findings", "ruled_out", "proposals", "course", "leases")


def add(known: Standing | None, report: Told) -> Standing:
    """What holds once this report is known, too; the same again changes nothing."""
    own = _alone(report)
    if known is None or not known.newest:
        return own
    return Standing(
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


def acknowledged(known: Standing, person: str, at: str, until: str) -> Standing:
    """Somebody has said that they work on it."""
    return replace(known, taken=_newer(known.taken, {"person": person, "at": at, "until": until}))


def _alone(report: Told) -> Standing:
    at = str(report.get("at", ""))
    outcomes: tuple[Told, ...] = tuple(report.get("outcomes", ()))
    state = state_of(report)
    acted = report.get("kind") == "command" and any(one["result"] in IN_FORCE for one in outcomes)
    asked = {one["approval"]: _question(one, at) for one in outcomes if one.get("approval")}
    done = [act(one) for one in outcomes if not one.get("approval")]
    return Standing(
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


def _question(outcome: Told, at: str) -> Told:
    kept = {name: outcome.get(name) for name in ("remedy", "scope", "lowers_security")}
    changes = list(outcome.get("changes", ()))[:MOST]
    back = any(each["key"] == "order.take-back" for each in _texts(outcome.get("why")))
    until = outcome.get("approval_valid_until") or at
    return {**kept, "changes": changes, "back": back, "until": until, "at": at}


def _repeated(report: Told, at: str) -> Iterator[tuple[str, Told]]:
    """A proposal that the course names again; of that, only how long it is valid is new."""
    for said in _course(report, _ASKS):
        values = said.get("values", {})
        remedy = next((each["key"] for each in _texts(values.get("remedy")) if _named(each)), "")
        known = {"remedy": remedy.removeprefix("name."), "scope": "", "lowers_security": False}
        until = {"changes": [], "back": said["key"] == _BACK, "until": values.get("until"), "at": at}
        yield str(values.get("id")), {**known, **until}


def _named(said: Told) -> bool:
    return str(said["key"]).startswith("name.")


def _rejected(report: Told) -> list[str]:
    return [f"|{name}" for name in _REJECTED.findall(str(report.get("id", "")))]


def _taken(report: Told, at: str) -> Told:
    for said in _course(report, _TAKEN):
        values = said.get("values", {})
        return {"person": values.get("person", ""), "until": values.get("until"), "at": at}
    return {}


def _course(report: Told, keys: tuple[str, ...]) -> Iterator[Told]:
    lines = (line.get("said") for line in report.get("course", ()))
    return (said for line in lines for said in _texts(line) if said["key"] in keys)


def _texts(said: Any) -> Iterator[Told]:
    """A text and every text that was put into it."""
    if isinstance(said, Mapping) and "key" in said:
        yield said
        for value in dict(said.get("values") or {}).values():
            yield from _texts(value)
    elif isinstance(said, list):
        for each in said:
            yield from _texts(each)


def _slim(report: Told) -> Told:
    kept = {name: value for name, value in report.items() if name not in _LEFT_OUT}
    shown = [_slim_act(one) for one in report.get("outcomes", ())]
    return {**kept, "outcomes": shown[:MOST]}


def _slim_act(outcome: Told) -> Told:
    kept = {name: value for name, value in outcome.items() if name != "proposed"}
    return {**kept, "changes": outcome.get("changes", [])[:MOST]}


def _renewed(one: Told, other: Told) -> Told:
    newer = _newer(one, other)
    fuller = max(one, other, key=lambda each: (len(each["changes"]), each is newer))
    return {**fuller, "until": newer["until"], "at": newer["at"]}


def _newer(one: Told, other: Told) -> Told:
    return max(one, other, key=lambda each: (moment(each.get("at")), str(each)))


def _merged(one: Marks, other: Marks, chosen: Callable[[Told, Told], Told]) -> Marks:
    both = {name: chosen(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}
