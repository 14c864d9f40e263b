"""Each expectation finds what is wrong, and nothing else."""

from collections.abc import Iterable
from typing import Any

import pytest

from responder.core.plain_data import Json
from tests.timelines.expect import (
    Answerable,
    Closes,
    Decides,
    Expectation,
    FirstParagraph,
    Fresh,
    Hourly,
    Knows,
    Lost,
    Most,
    Played,
    Rollout,
    Shape,
    Since,
    StaysOpen,
    never,
    once,
)
from tests.timelines.mails import LEVELS, Mail, recipients

INCIDENT = "FaceAuth-Liveness-HighErrorRate-20260204T102500Z"
FIRST = "Verification fails for 20 of 64 users. Nothing was changed. Acknowledge it if you take it."
TEXT = """{first}

Severity: high (since {since} UTC; respond by {by} UTC)

■ Cause
Why: {why}

■ Next steps
{more}
"""


def mail(minute: float, kind: str = "response", to: tuple[int, ...] = (1,), **more: Any) -> Mail:
    name, _, level = kind.partition(" ")
    words = {
        "first": FIRST,
        "since": "Feb 04 10:25",
        "by": "Feb 04 10:55",
        "why": "failed 20 of 64 requests",
        "more": "",
        **more,
    }
    body = {"kind": name, "incident": INCIDENT, "level": level, "topic": "", "respond_within_minutes": 30}
    return Mail(
        minute,
        to,
        f"[HIGH] Alarm {kind}",
        TEXT.format(**words),
        body,
        more.get("state", ""),
        more.get("requests", 0),
    )


def escalation(minute: float, level: int = 2, **more: Any) -> Mail:
    return mail(minute, f"escalation {level}", LEVELS[:level], **more)


def wrong(expectation: Expectation, mails: Iterable[Mail] = (), **more: Any) -> bool:
    return bool(list(expectation.misses(Played(tuple(mails), **more))))


def decided(*minutes: float) -> Json:
    return {"orders": tuple((minute, {"command": "re-evaluate"}) for minute in minutes)}


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [((30,), False), ((31.4,), False), ((32,), True), ((28,), True), ((), True), ((12, 30), True)],
)
def test_a_level_knows_at_its_minute_and_not_before(minutes: tuple[float, ...], expected: bool) -> None:
    assert wrong(Knows(2, 30, since=29), map(escalation, minutes)) is expected


def test_too_many_mails_are_counted_for_their_level_and_time() -> None:
    mails = [mail(minute) for minute in (0, 10, 20)]
    assert wrong(Most(1, 2), mails)
    assert not wrong(Most(1, 3), mails)
    assert not wrong(Most(1, 2, after=5), mails)
    assert not wrong(Most(2, 0), mails)
    assert not wrong(Most(1, 0, what="^closed"), mails)


def test_what_must_be_said_once_and_what_never() -> None:
    mails = [mail(0), mail(10), mail(40, "closed")]
    assert not wrong(once("^closed"), mails)
    assert wrong(once("^response"), mails)
    assert wrong(never("^closed"), mails)
    assert not wrong(never("^closed", before=39), mails)


@pytest.mark.parametrize(("at", "expected"), [(20, False), (None, True), (5, True), (33, True)])
def test_an_incident_closes_in_its_time(at: float | None, expected: bool) -> None:
    assert wrong(Closes(30, since=10), closed={"a": at}) is expected
    assert wrong(StaysOpen(), closed={"a": at}) is (at is not None)


def test_what_is_set_at_a_minute() -> None:
    track = ((0.0, ("50",) * 4), (12.0, ("0",) * 4), (30.0, ("0", "50", "50", "50")))
    assert not wrong(Rollout("0", 20), rollout=track)
    assert wrong(Rollout("0", 11), rollout=track)
    assert not wrong(Rollout("0,50", 31), rollout=track)
    assert wrong(Rollout("0|50", 31), rollout=track)
    assert not wrong(Rollout("0|50", 20), rollout=track)


def test_a_proposal_can_be_approved_at_each_minute() -> None:
    track = ((20.0, True), (100.0, False))
    assert not wrong(Answerable((20,)), answerable=track)
    assert wrong(Answerable((20, 100)), answerable=track)


def test_it_is_decided_again_shortly_before() -> None:
    assert not wrong(Decides((60, 120)), **decided(59, 119))
    assert wrong(Decides((60, 120)), **decided(59, 100))


def test_nothing_ends_before_its_time() -> None:
    assert wrong(Lost(), lost=((1.0, "x"),))
    assert not wrong(Lost(1), lost=((1.0, "x"),))


# --- what holds in every timeline ------------------------------------------------------------------


def test_a_reminder_and_a_repeat_within_the_hour_are_one_mail_too_many() -> None:
    hourly = [mail(60 * hour, "reminder") for hour in range(4)]
    assert not wrong(Hourly(), hourly)
    between = [mail(60 * hour + 30, "escalation 4") for hour in range(4)]
    assert wrong(Hourly(), sorted([*hourly, *between], key=lambda each: each.minute))


def test_what_is_new_between_two_repeats_does_not_put_the_later_one_off() -> None:
    mails = [mail(120, "escalation 4"), mail(170, "response"), mail(180, "escalation 4")]
    assert not wrong(Hourly(), mails)
    assert wrong(Hourly(), [*mails, mail(200, "response")])


def test_something_new_is_reported_although_something_else_was() -> None:
    assert not wrong(Hourly(), [mail(0), mail(1, "command"), mail(2, "progress mitigated"), escalation(30)])


def test_the_same_after_a_change_is_no_noise() -> None:
    assert wrong(Hourly(), [mail(0, state="ALARM"), mail(20, state="ALARM")])
    assert not wrong(Hourly(), [mail(0, state="ALARM"), mail(20, state="OK")])


def test_a_question_that_a_person_asks_for_again_is_an_answer_and_no_noise() -> None:
    asked, again = mail(15, "command"), mail(20, "command", requests=1)
    assert not wrong(Hourly(), [asked, again])
    assert wrong(Hourly(), [asked, again, mail(25, "command", requests=1)])
    assert wrong(Hourly(), [mail(15), mail(20, requests=1)])


def test_since_and_deadline_are_those_of_the_incident() -> None:
    assert not wrong(Since(), [mail(0), mail(10)])
    assert wrong(Since(), [mail(10, since="Feb 04 10:35", by="Feb 04 11:05")])
    assert wrong(Since(), [mail(10, by="Feb 04 11:05")])


def test_figures_of_an_escalation_are_new_or_dated() -> None:
    assert not wrong(Fresh(), [escalation(60)], **decided(59))
    assert wrong(Fresh(), [escalation(60)], **decided(19))
    assert not wrong(Fresh(), [escalation(60, why="failed 20 of 64 requests, as of 10:45 UTC")])


@pytest.mark.parametrize(
    "first",
    [
        "Errors are up. Nothing was changed. Acknowledge it.",
        "20 of 64 users fail. Acknowledge it.",
        "20 of 64 users fail. Nothing was changed.",
    ],
)
def test_the_first_paragraph_of_an_escalation_is_whole(first: str) -> None:
    assert not wrong(FirstParagraph(), [escalation(30)])
    assert wrong(FirstParagraph(), [escalation(30, first=first)])


def test_a_question_says_what_a_yes_changes() -> None:
    command = "liveness-ops approve X"
    assert wrong(FirstParagraph(), [escalation(30, more=command)])
    assert not wrong(FirstParagraph(), [escalation(30, more=command, first=f"{FIRST} If approved: 50 → 0.")])


# --- who gets a mail -------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_the_filters_of_the_template_decide_who_gets_an_escalation(level: int) -> None:
    given = {"level": str(level), "kind": "escalation", "severity": "high", "alarm": "a", "incident": "b"}
    attributes = {name: {"StringValue": value} for name, value in given.items()}
    found = recipients(attributes)
    assert 1 in found
    assert level in found
    assert not [each for each in found if each > level]


def test_a_mail_that_breaks_a_rule_of_mails_is_wrong() -> None:
    read = {
        "language": "en",
        "open": True,
        "answered": True,
        "region": "us-east-1",
        "incident": INCIDENT,
        "topic": "",
        "at": "2026-02-04T10:24:00Z",
    }
    assert wrong(
        Shape(), [Mail(0, (1,), "[HIGH] Done: x", "No action needed.", {"kind": "response", **read})]
    )
