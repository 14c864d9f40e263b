"""Whatever arrives as a state change of an alarm: no act unless it is a fresh and genuine ALARM of this very
alarm, no crash without a record, nothing disclosed that is confidential."""

import importlib
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms import high_error_rate, slow_verification
from responder.core.plain_data import Json
from responder.respond.playbook import Playbook
from tests.proof.conftest import Note
from tests.proof.fuzz.case_counts import examples, seeds
from tests.proof.fuzz.mutate import Mutator
from tests.proof.fuzz.strategies import JSON, MOMENTS, TIMES, WORDS
from tests.proof.fuzz.worlds import EMPLOYEE, IMAGE, KEY, PlaybookWorld, adapted, broken, leaks, logged
from tests.rows import all_rows

ROOT = Path(__file__).parents[3]
NAMES = sorted(path.stem for path in (ROOT / "functions" / "alarms").glob("[a-z]*.py"))
BOOKS: list[Playbook] = [importlib.import_module(f"alarms.{name}").playbook for name in NAMES]
_RECEIVED = ("alarm event", "command")
OLDEST, LEAD = timedelta(minutes=15), timedelta(minutes=5)


def stored(slug: str) -> list[Any]:
    """Every event of the folder, with secrets where AWS has free text."""
    found = [
        json.loads(adapted(path.read_text())) for path in sorted((ROOT / "events" / slug).glob("*.json"))
    ]
    for event in found:
        change = event.get("detail") or event.get("alarmData") or {}
        if "state" in change:
            change["state"]["reason"] = f"Threshold Crossed: {EMPLOYEE} {IMAGE}"
            change["configuration"] = {**change.get("configuration", {}), "description": f"{KEY} {EMPLOYEE}"}
    return found


def genuine(event: Any, world: PlaybookWorld) -> bool:
    """Judged by code of the test, not by what is shipped."""
    try:
        direct = "alarmData" in event
        change = event["alarmData"] if direct else event["detail"]
        arn = event["alarmArn"] if direct else event["resources"][0]
        name, state = change["alarmName"], change["state"]["value"]
        at = datetime.fromisoformat(change["state"]["timestamp"])
    except (KeyError, IndexError, TypeError, ValueError):
        return False
    own = world.scene.alarm_name
    mine = re.fullmatch(rf"{re.escape(own)}(-Corrected)?" if own else r".{1,255}", str(name)) is not None
    ours = re.fullmatch(
        r"arn:aws[a-z-]*:cloudwatch:us-east-1:123456789012:alarm:" + re.escape(str(name)), str(arn)
    )
    age = world.aws.now - (at if at.tzinfo else at.replace(tzinfo=UTC))
    whole = mine and ours is not None and state == "ALARM" and not event.get("replay-name")
    part = change.get("alarmContributor") is not None
    return whole and not part and "command" not in event and -LEAD <= age <= OLDEST


def silenced(event: Any, now: datetime) -> bool:
    """The event holds a suppression, or of a mute that is not over."""
    change = event["alarmData"] if "alarmData" in event else event["detail"]
    mute = change.get("muteDetail")
    try:
        end = datetime.fromisoformat(mute["muteWindowEnd"])
        over = (end if end.tzinfo else end.replace(tzinfo=UTC)) <= now
    except (KeyError, TypeError, ValueError, OverflowError):
        over = False
    return bool(change["state"].get("actionsSuppressedBy")) or (mute is not None and not over)


def wrong(world: PlaybookWorld, event: Any) -> list[str]:
    """Deliver it, and say what does not hold."""
    world.rewind()
    event = json.loads(json.dumps(event))
    began = world.aws.now
    with logged() as lines:
        got = world.deliver(event)
    found = [f"leaks {each}" for each in leaks(world, lines.lines, got.thrown)]
    world.aws.now = began
    alarm = genuine(event, world)
    if world.acts and (not alarm or silenced(event, began)):
        found.append(f"acts: {world.acts}")
    if not world.whole():
        found.append("a variable is lost")
    if got.kept and (len(world.aws.sqs.sent) != 1 or not world.reported):
        found.append("failed, and not kept or not reported")
    if alarm and not world.reported:
        found.append("no message was sent")
    received = any(json.loads(line)["message"].startswith(_RECEIVED) for line in lines.lines)
    if not (got.kept or world.reported or world.rows_changed or received):
        found.append("no trace")
    return found


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.slug)
def test_a_stored_event_with_something_broken_in_it(book: Playbook, note: Note) -> None:
    world, counted = broken(book), Counter[str]()
    known = stored(book.slug)
    for seed in seeds(8, more=75):
        mutator = Mutator(seed)
        world.environment["LANGUAGE"] = "ja" if seed % 2 else "en"
        problems = wrong(world, mutator.damaged(known[seed % len(known)]))
        assert problems == [], mutator.reported
        counted.update(cases=1, acted=bool(world.acts), kept=len(world.aws.sqs.sent))
    note("bad input, alarm events broken", **counted)


ACTING = {book.slug: broken(book) for book in (high_error_rate.playbook, slow_verification.playbook)}
ALARMS = st.sampled_from(
    [
        high_error_rate.playbook.alarm,
        f"{high_error_rate.playbook.alarm}-Corrected",
        slow_verification.playbook.alarm,
        f"{slow_verification.playbook.alarm}-Corrected",
        high_error_rate.playbook.alarm.lower(),
        f"{high_error_rate.playbook.alarm}\u200b",
    ]
)
ARNS = st.builds(
    lambda partition, service, region, account, kind, name: (
        f"arn:{partition}:{service}:{region}:{account}:{kind}:{name}"
    ),
    st.sampled_from(["aws", "aws", "aws", "aws-cn", "AWS"]),
    st.sampled_from(["cloudwatch", "cloudwatch", "cloudwatch", "sns"]),
    st.sampled_from(["us-east-1", "us-east-1", "us-east-1", "eu-west-1", "us-east-1 "]),
    st.sampled_from(
        ["123456789012", "123456789012", "123456789012", "210987654321", "１２３４５６７８９０１２"]
    ),
    st.sampled_from(["alarm", "alarm", "alarm", "Alarm"]),
    ALARMS,
)
STATES = st.fixed_dictionaries(
    {
        "value": st.sampled_from(["ALARM", "ALARM", "ALARM", "OK", "INSUFFICIENT_DATA", "alarm", " ALARM"])
        | JSON
    },
    optional={
        "timestamp": MOMENTS | JSON,
        "reason": WORDS,
        "reasonData": WORDS | JSON.map(json.dumps),
        "actionsSuppressedBy": st.sampled_from(["Alarm", "WaitPeriod", "ExtensionPeriod"]),
        "evaluationState": st.just("PARTIAL_DATA"),
    },
)
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "alarmName": ALARMS | WORDS | JSON,
        "state": STATES | JSON,
        "previousState": STATES | JSON,
        "configuration": st.fixed_dictionaries({"alarmRule": WORDS, "metrics": JSON}) | JSON,
        "muteDetail": JSON,
    },
)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "source": st.just("aws.cloudwatch") | JSON,
        "detail-type": st.sampled_from(
            ["CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change"]
        ),
        "account": WORDS,
        "region": WORDS,
        "time": MOMENTS | JSON,
        "resources": st.lists(ARNS | JSON, min_size=1, max_size=2) | JSON,
        "detail": DETAILS | JSON,
        "alarmArn": ARNS | JSON,
        "alarmData": DETAILS | JSON,
        "replay-name": WORDS | JSON,
        "command": WORDS | JSON,
        "version": JSON,
    },
)


PARTS: dict[str, st.SearchStrategy[Any]] = {
    "partition": st.sampled_from(["AWS", "", "arn"]),
    "service": st.sampled_from(["sns", "events", ""]),
    "region": st.sampled_from(["eu-west-1", "us-east-2", "us-east-1 ", ""]),
    "account": st.sampled_from(["210987654321", "12345678901", "１２３４５６７８９０１２", ""]),
    "kind": st.sampled_from(["Alarm", "topic"]),
    "arn": ARNS | JSON,
    "name": ALARMS | JSON,
    "both names": ALARMS | WORDS,
    "value": STATES.map(lambda one: one["value"]),
    "timestamp": MOMENTS,
    "replay-name": WORDS | JSON,
    "previousState": STATES | JSON,
    "muteDetail": JSON,
    "actionsSuppressedBy": JSON | WORDS,
    "alarmContributor": JSON,
    "extra": JSON,
    "nothing": st.none(),
}


HERE = {
    "partition": "aws",
    "service": "cloudwatch",
    "region": "us-east-1",
    "account": "123456789012",
    "kind": "alarm",
}


def nearly(own: str, drawn: Json, direct: bool) -> Any:
    """A good event but for what was drawn anew."""
    named = drawn.get("both names", own)
    arn = drawn.get("arn", ":".join(["arn", *(drawn.get(part, HERE[part]) for part in HERE), str(named)]))
    at = drawn.get("timestamp", "2026-02-04T10:24:00.000+0000")
    state = {"value": drawn.get("value", "ALARM"), "timestamp": at}
    state |= {name: drawn[name] for name in ("actionsSuppressedBy",) if name in drawn}
    change = {"alarmName": drawn.get("name", named), "state": state}
    change |= {name: drawn[name] for name in ("muteDetail", "alarmContributor") if name in drawn}
    rest = {name: drawn[name] for name in ("replay-name", "previousState", "extra") if name in drawn}
    if direct:
        return {"alarmArn": arn, "alarmData": change, **rest}
    return {"source": "aws.cloudwatch", "resources": [arn], "detail": change, **rest}


def tried(world: PlaybookWorld, events: st.SearchStrategy[Any], often: int, more: int) -> Counter[str]:
    """Every event that is drawn, against all that must hold."""
    counted = Counter[str]()

    @given(events)
    @examples(often, more)
    def one(event: Any) -> None:
        assert wrong(world, event) == []
        counted.update(cases=1, acted=bool(world.acts))

    one()
    return counted


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("slug", ACTING)
def test_an_event_with_one_odd_part(slug: str, part: str, note: Note) -> None:
    world = ACTING[slug]
    drawn = PARTS[part].map(lambda value: {part: value})
    counted = tried(world, st.builds(nearly, st.just(world.scene.alarm_name), drawn, st.booleans()), 5, 20)
    assert counted["acted"] or part != "nothing", "a good event is acted on"
    note("bad input, alarm events of odd parts", **counted)


@pytest.mark.parametrize("slug", ACTING)
def test_an_event_of_odd_parts_alone(slug: str, note: Note) -> None:
    note("bad input, alarm events of odd parts", **tried(ACTING[slug], EVENTS, 20, 20))


@all_rows("at", TIMES)
def test_an_event_of_an_odd_time(at: Any, note: Note) -> None:
    world = ACTING[high_error_rate.playbook.slug]
    event = nearly(world.scene.alarm_name, {"timestamp": at}, direct=False)
    assert wrong(world, event) == []
    note("bad input, alarm events of odd parts", cases=1, acted=bool(world.acts))
