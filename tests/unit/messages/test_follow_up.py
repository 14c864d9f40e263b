"""How the follow-up's messages look in every layout."""

import json
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.core.context import Context
from responder.core.plain_data import Json
from responder.core.report import MissingAlarm, ReportKind
from responder.core.text import Strings, Text, text
from responder.core.timestamps import stamp
from responder.followup.messages.report import broken
from responder.followup_rules import Duty, DutyKind, FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages.amazon_q import DESCRIPTION
from responder.messages.language import say
from responder.messages.mail import LIMIT, envelope
from tests.fakes import FakeAws
from tests.laid_out import amazon_q, headline, machine, plain, subject
from tests.rows import all_rows, in_both_languages
from tests.texts import piece
from tests.unit.followup.report_samples import (
    ALARM,
    BILLING,
    HEAD,
    HELD,
    INEFFECTIVE,
    NO_ACT,
    OPEN,
    REPORTS,
    ROLLOUT,
    SETTINGS,
    TERMS,
    TRIED,
    UNUSABLE,
    asking,
    at,
    escalation,
    must_report,
    seen,
)
from tests.unit.messages.test_envelope import size

SUBJECTS = {
    "escalate_2": "[HIGH L2] Unresolved 30 min: ack needed",
    "escalate_3": "[HIGH L3, LIVENESS OFF] Unresolved 95 min: ack needed",
    "escalate_4": "[HIGH L4, LIVENESS OFF] Unresolved 120 min: ack needed",
    "ineffective": "[HIGH, LIVENESS OFF] Unresolved 17 min: remedy not effective",
    "demoted": "[HIGH, LIVENESS OFF] Remedy no longer automatic",
    "demoted_in_vain": "[HIGH, LIVENESS OFF] Remedy no longer automatic",
    "demoted_not": "[HIGH, LIVENESS OFF] Act: remedy still runs unapproved",
    "rejected": "[HIGH] Rejected: liveness check off (rollout 0%)",
    "mitigated": "[HIGH, LIVENESS OFF] Mitigated, recovery not confirmed",
    "recovered": "[HIGH] Recovered, changes still in force",
    "postponed": "[HIGH] Postponed: restore provisioned concurrency",
    "gone": "[HIGH L2, LIVENESS OFF] Act: alarm missing, restore or close",
    "settings": "[HIGH L2, LIVENESS OFF] Act: settings document unusable",
    "closed_by_hand": "[HIGH L3] Closed manually: resolution not confirmed",
    "changed": "[HIGH L3] Liveness check on again (rollout 50%): changed externally",
    "changed_in_part": "[HIGH L3, LIVENESS PART OFF] Changed externally",
    "stuck": "[HIGH] Not applied: restore provisioned concurrency",
    "remind": "[HIGH, LIVENESS OFF] Reminder: security still lowered",
    "close": "[HIGH] Closed: recovered",
    "close_without_traffic": "[HIGH] Closed: recovery not confirmed",
    "superseded": "[HIGH, LIVENESS OFF] Closed: newer incident",
    "broken": "[HIGH L2, LIVENESS OFF] Act: follow-up failed",
}
REMINDED = Duty(DutyKind.REMIND, text("duty.remind", remedy="x"), ROLLOUT.id, lease=ROLLOUT.id)
GREEN = {"recovered", "close", "close_without_traffic"}


@in_both_languages
@pytest.mark.parametrize("name", sorted(REPORTS))
def test_reads_well(name: str, language: str, readable: SnapshotAssertion) -> None:
    assert plain(REPORTS[name], language) == readable


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_the_subject_says_the_status(name: str) -> None:
    assert subject(REPORTS[name]) == f"{SUBJECTS[name]} - HighErrorRate"
    assert subject(REPORTS[name]).isascii()
    for alarm in (ALARM, "日本" * 200):
        assert len(subject(replace(REPORTS[name], alarm=alarm))) < 100


@all_rows("name", sorted(REPORTS))
def test_the_course_is_in_every_layout(name: str) -> None:
    report = REPORTS[name]
    said = [text for text in machine(report, "en")["course"] if text["label"]["key"] != "course.news"]
    assert said
    line = said[0]["said"]["text"]
    assert line in plain(report, "en")
    assert line in amazon_q(report, "en")["content"]["description"]


@all_rows("name", sorted(REPORTS))
def test_machines_read_the_topic(name: str) -> None:
    report = REPORTS[name]
    sent = machine(report, "ja")
    assert (sent["kind"], sent["topic"]) == (report.kind.value, report.topic)
    assert sent["course"][0]["label"]["key"] == "course.news"
    assert sent["course"][0]["said"]["text"] in sent["headline"]


@all_rows("name", sorted(REPORTS))
def test_what_the_first_line_says_is_not_a_line_of_the_course(name: str) -> None:
    start, rest = plain(REPORTS[name], "ja").split("\n", 1)
    reported = next(said for label, said in REPORTS[name].course if label.key == "course.news")
    assert reported.key == "report.all"
    assert start not in rest


@all_rows("name", sorted(REPORTS))
def test_it_ends_green_and_only_then(name: str) -> None:
    assert amazon_q(REPORTS[name], "ja")["content"]["title"].startswith("🟢") == (name in GREEN)


def test_it_is_not_green_while_another_incident_keeps_security_lowered() -> None:
    lowered = replace(REPORTS["close"], leases=REPORTS["remind"].leases)
    assert not amazon_q(lowered, "ja")["content"]["title"].startswith("🟢")


@all_rows("name", sorted(REPORTS))
def test_slack_shows_all_of_it(name: str) -> None:
    assert len(amazon_q(REPORTS[name], "ja")["content"]["description"]) < DESCRIPTION


def test_a_watchdogs_message_is_not_called_an_alarm() -> None:
    report = replace(REPORTS["close"], kind=ReportKind.WATCHDOG, topic="watchdog", course=())
    to_do = replace(report.verdict, steps=(text("step.check_health"),))
    assert subject(replace(report, verdict=to_do)) == (
        "[HIGH] Act: check the automatic response - HighErrorRate"
    )
    restarted = replace(report, verdict=replace(report.verdict, steps=()))
    assert subject(restarted) == "[HIGH] Follow-up restarted automatically - HighErrorRate"


@pytest.mark.parametrize("name", ["escalate_4", "close"])
def test_a_huge_course_is_cut_and_the_first_line_stays(name: str) -> None:
    report = REPORTS[name]
    long = (text("course.tried"), text("report.all", parts="詳細" * 1_000))
    huge = replace(report, course=(*report.course, *(long,) * 200))
    sent = envelope(huge, "ja")
    assert size(sent) <= LIMIT
    assert sent.bodies["email"].splitlines()[0] == plain(report, "ja").splitlines()[0]
    assert json.loads(sent.bodies["sqs"])["course"][0]["label"]["key"] == "course.news"
    assert json.loads(sent.bodies["sqs"])["topic"] == report.topic


@in_both_languages
def test_the_mail_of_level_4_alone_has_the_case_for_aws_support_to_paste(language: str) -> None:
    mail = plain(REPORTS["escalate_4"], language)
    start = mail.index("   Service: Amazon Rekognition")
    case = mail[start : mail.index("let us know about", start)].splitlines()
    begun = ["Service", "Region", "Account", "Impact", "Observed", "Tried so far", "Please check"]
    assert all(line.startswith(f"   {each}") for line, each in zip(case, begun, strict=True))
    assert "   Service: " not in plain(REPORTS["escalate_3"], language)


@in_both_languages
def test_the_step_that_restores_a_missing_alarm_is_never_left_out(language: str) -> None:
    missing = MissingAlarm(REPORTS["escalate_2"].since)
    many = tuple(text("step.with_command", step=f"step {n}", command="aws x" * 30) for n in range(8))
    verdict = replace(REPORTS["escalate_2"].verdict, steps=many)
    mail = plain(replace(REPORTS["escalate_2"], absence=missing, verdict=verdict), language)
    assert piece("step.restore_alarm", language) in mail
    assert "liveness-ops close" in mail


@in_both_languages
@pytest.mark.parametrize("others", [0, 8])
def test_what_the_first_line_promises_is_never_left_out(language: str, others: int) -> None:
    watch = FollowUpMemory(TERMS, notified={2: at(30), 3: at(60)}, judged=INEFFECTIVE)
    report = escalation(4, 120, watch, seen={**TRIED, "settings": UNUSABLE})
    elsewhere = tuple(replace(BILLING, incident=f"{ALARM}-{n}", scope=f"table-{n}") for n in range(others))
    missing = MissingAlarm(report.since)
    mail = plain(replace(report, absence=missing, leases=(*report.leases, *elsewhere)), language)
    for step in ("step.restore_alarm", "step.watchdog_settings"):
        assert piece(step, language) in mail
    assert "Service: Amazon Rekognition" in mail


@in_both_languages
def test_an_open_request_is_not_asked_for_while_the_settings_document_is_unusable(language: str) -> None:
    report = escalation(2, 30, FollowUpMemory(TERMS), head=NO_ACT, seen={**OPEN, "settings": UNUSABLE})
    mail = plain(report, language)
    assert report.waiting == ()
    for key in ("followup.waits", "must.approve", "answer.expired"):
        assert piece(key, language) not in mail


@in_both_languages
@pytest.mark.parametrize(
    ("people", "by", "asks"),
    [
        (("lower_threshold",), "", "must.approve_two"),
        (("lower_threshold",), "aiko", "must.approve_second"),
        (("lower_threshold", "rollout_to_zero"), "", "must.approve_two"),
        (("rollout_to_zero", "lower_threshold"), "", "must.approve"),
    ],
)
def test_the_first_line_says_how_many_people_a_request_still_needs(
    people: Strings, by: str, asks: str, language: str
) -> None:
    open_ones = tuple(asking(ApprovalAnswer.OPEN, at(29 + n)) for n in range(len(people)))
    waits = tuple(
        replace(one, by=by, asked=replace(one.asked, remedy=each))
        for one, each in zip(open_ones, people, strict=True)
    )
    until = say(Text(asks, {"until": stamp(open_ones[0].asked.expires)}), language)
    more: Json = {**TRIED, "askings": waits}
    level_2 = escalation(2, 30, FollowUpMemory(TERMS), seen=more)
    held = escalation(3, 50, FollowUpMemory(TERMS, **HELD), seen=more)
    reminder = must_report(REMINDED, seen(50, **more), FollowUpMemory(TERMS))
    for report in (level_2, held, reminder):
        assert headline(report, language).endswith(until)
    ack = piece("must.acknowledge", language)
    assert [ack in headline(each, language) for each in (level_2, held, reminder)] == [True, False, False]


@in_both_languages
def test_where_the_alarm_returned_the_time_without_effect_counts_from_the_return(language: str) -> None:
    looked = seen(57, **TRIED)
    judge = Duty(
        DutyKind.JUDGE, text("duty.ineffective"), looked.lease_key(ROLLOUT.id), {"helped": False}, ROLLOUT.id
    )
    report = must_report(judge, looked, FollowUpMemory(TERMS, raised=at(40)))
    said = say(report.course[0][1], language)
    assert piece("followup.ineffective_since_return", language) in said
    assert {"ja": "17 分", "en": "17 min"}[language] in said


@pytest.mark.parametrize(
    ("minutes", "unusable", "ahead"),
    [(29, False, ""), (29, True, "_unanswered"), (31, False, "_overdue"), (31, True, "_overdue")],
)
def test_the_next_level_is_named_with_its_time_or_as_overdue(
    minutes: int, unusable: bool, ahead: str
) -> None:
    looked = seen(minutes, askings=(asking(ApprovalAnswer.REJECTED, at(8), "sato"),))
    rejected = Duty(DutyKind.REJECTED, text("duty.rejected", person="sato"), "9f2c1b7a00112233")
    report = must_report(rejected, looked, FollowUpMemory(TERMS), unusable=unusable)
    said = next(said for label, said in report.course if label.key == "course.ahead")
    assert (said.key, said.values["until"]) == (f"course.next_level{ahead}", stamp(at(30)))


def test_a_follow_up_that_failed_says_whether_answers_are_accepted() -> None:
    parameters = {f"{SETTINGS.parameters_path}/settings": "{"}
    context = Context(FakeAws(), SETTINGS, at(47), at(47), parameters)
    head = replace(HEAD, watch=FollowUpMemory(TERMS))
    assert not broken(head, (), context, "Throttled").answered


def test_levels_route() -> None:
    assert envelope(REPORTS["escalate_3"], "ja").attributes["level"] == "3"
    assert envelope(REPORTS["escalate_3"], "ja").attributes["kind"] == "escalation"
