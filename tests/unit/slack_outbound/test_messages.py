"""What people read in Slack, in both languages."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from rehearsal.drill.mail_shape import past
from responder.core.change import Change, LeaseState
from responder.core.modes import Severity
from responder.core.refusals import Because, Refusal
from responder.core.report import Report, ReportKind
from responder.core.text import text
from responder.core.verdict import Result
from responder.messages.block_kit import MESSAGE, code, link, short, words
from responder.messages.language import say
from responder.messages.mail import envelope
from responder.slack.blocks.report import answer
from responder.slack.blocks.root import message
from responder.slack.outbound.graph import widget
from responder.slack.outbound.level import pointer
from responder.slack.status import acknowledged, add
from tests.fakes import slack_blocks
from tests.laid_out import amazon_q, message_of, plain
from tests.rows import all_rows, in_both_languages
from tests.texts import catalogue, piece
from tests.unit.followup.report_samples import REPORTS
from tests.unit.messages import samples
from tests.unit.messages.due_times import reminder, second_approval
from tests.unit.slack_outbound.drawing import drawn

LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])
NAMES = ("ACTS", "PARTLY", "ASKS", "REFUSES", "NOTHING", "OURS", "REVERTED")


def posts(report: Report, language: str, mention: str = "") -> tuple[Any, Any]:
    made = message_of(report, language)
    standing = add(None, made)
    return message(standing, language), answer(made, standing, mention)


OTHER = "get-result-errors-20261123T150200Z"


@pytest.mark.parametrize("because", [Refusal.LEASED(incident=OTHER), Refusal.LINKED(incident=OTHER)])
@pytest.mark.parametrize(
    ("state", "result"),
    [
        (LeaseState.IN_FORCE, "in_place"),
        (LeaseState.APPLYING, "being_applied"),
        (LeaseState.REVERTING, "refused"),
    ],
)
def test_a_change_of_another_incident_is_in_place_only_while_all_of_it_is(
    because: Because, state: LeaseState, result: str
) -> None:
    refused = replace(samples.ACTS.outcomes[0], result=Result.REFUSED, because=because)
    theirs = replace(samples.LEASE, incident=OTHER, state=state)
    _, details = posts(replace(samples.ACTS, outcomes=(refused,), leases=(theirs,)), "en")
    assert f"[{piece(f'result.{result}')}]" in drawn(details)


@pytest.mark.parametrize("minutes", [29, 30, 35])
@pytest.mark.parametrize("in_time", [True, False])
@LANGUAGES
def test_the_time_to_respond_by_is_not_named_afterwards_and_no_response_is_called_overdue(
    minutes: int, in_time: bool, language: str
) -> None:
    """A mail sent at the same time has the same rule."""
    report = replace(samples.NOTHING, severity=Severity.HIGH)
    status = add(None, message_of(report, language))
    if in_time:
        soon = report.since + timedelta(minutes=5)
        status = acknowledged(status, "aiko", soon, soon + timedelta(hours=1))
    at = report.since + timedelta(minutes=minutes)
    later = replace(report, id=f"{report.id}-later", kind=ReportKind.COMMAND, at=at)
    root = drawn(message(add(status, message_of(later, language)), language))
    mail = plain(later, language)
    named = [piece("severity.answer_by", language) in root, piece("severity.since", language) in mail]
    assert named == [minutes < 30] * 2
    assert [re.findall("overdue|期限|超過", shown) for shown in (root, mail)] == [[], []]


@LANGUAGES
def test_a_request_that_expired_before_an_acknowledgement_is_not_to_be_answered(language: str) -> None:
    status = add(None, message_of(samples.ASKS, language))
    for minutes, over in ((29, False), (30, True), (31, True)):
        at = samples.ASKS.at + timedelta(minutes=minutes)
        late = acknowledged(status, "aiko", at, at + timedelta(hours=1))
        assert bool(late.waiting) is not over
        root = message(late, language)
        for shown in (drawn(root), root.text):
            assert list(past(shown, at)) == []
            assert (piece("must.approve", language) in shown) is not over
            assert (piece("must.approve_overdue", language) in shown) is over


@LANGUAGES
@pytest.mark.parametrize("report", [REPORTS["escalate_2"], second_approval(20), reminder(20)])
def test_no_time_of_the_newest_report_is_named_after_it_has_passed(report: Report, language: str) -> None:
    status = add(None, message_of(report, language))
    late = report.at + timedelta(hours=2)
    assert list(past(status.newest.headline, late)) != []
    root = message(acknowledged(status, "aiko", late, late + timedelta(hours=1)), language)
    assert list(past(f"{drawn(root)}\n{root.text}", late)) == []


def test_no_line_in_slack_ends_between_a_number_and_its_unit() -> None:
    said = "直近 30 分に 5 件"
    assert words(said) == "直近 30\u00a0分に 5\u00a0件"
    for unit in ("セッション", "関数", "項目", "ページ", "ユニット", "年", "MB", "USD"):
        assert words(f"合計 5 {unit}") == f"合計 5\u00a0{unit}"
    assert code(said) == f"```{said}```"


@pytest.mark.parametrize(("remedy", "people"), [("rollout_to_zero", 1), ("lower_threshold", 2)])
def test_the_question_of_a_button_says_how_many_have_to_approve(remedy: str, people: int) -> None:
    asked = replace(samples.ASKS, outcomes=(replace(samples.ASKS.outcomes[0], remedy=remedy),))
    shown = drawn(posts(asked, "en")[0])
    assert ("Two approvals are required; it is applied" in shown) is (people == 2)


@in_both_languages
@pytest.mark.parametrize("name", NAMES)
def test_reads_as_reviewed(name: str, language: str, readable: SnapshotAssertion) -> None:
    root, details = posts(getattr(samples, name), language)
    assert f"{drawn(root)}\n--- in the thread ---\n{drawn(details)}" == readable


@all_rows("language", ["ja", "en"])
@all_rows("name", NAMES)
def test_slack_takes_it(name: str, language: str) -> None:
    for post in posts(getattr(samples, name), language, "<!subteam^S1>"):
        assert slack_blocks.problems(post.blocks) == []


@given(st.text(max_size=4_000), st.integers(1, 60))
def test_slack_accepts_a_report_with_any_text(said: str, count: int) -> None:
    name = said.encode("utf-8", "ignore").decode()[:300]
    change = Change(name, name, name, name)
    act = replace(samples.ASKS.outcomes[0], changes=(change,) * count)
    step = text(
        "step.with_command", step=text("report.all", parts=name), command=text("report.all", parts=name)
    )
    report = replace(
        samples.ASKS,
        alarm=name,
        outcomes=(act,) * count,
        verdict=replace(samples.ASKS.verdict, steps=(step,) * count),
        links=((text("label.alarm"), name),) * count,
    )
    for post in posts(report, "ja"):
        assert slack_blocks.problems(post.blocks) == []
        assert sum(len(json.dumps(block, ensure_ascii=False)) for block in post.blocks) < 3 * MESSAGE


@pytest.mark.parametrize(("remedy", "shown"), [("alias_rollback", True), ("repair_environment", False)])
def test_the_revert_button_is_shown_with_what_a_person_can_have_reverted(remedy: str, shown: bool) -> None:
    lease = replace(samples.LEASE, remedy=remedy, incident=samples.NOTHING.incident)
    root, _ = posts(replace(samples.NOTHING, leases=(lease,)), "en")
    beside = [each["accessory"]["action_id"] for each in root.blocks if "accessory" in each]
    assert beside == (["revert"] if shown else [])


STOPS = {
    "resume": (
        Refusal.PAUSED(name="release", who="sato", why="v2", until="-"),
        "liveness-ops resume release",
    ),
    "enable_actions": (Refusal.ACTIONS_DISABLED(), "aws cloudwatch enable-alarm-actions"),
    "see_mute_rule": (Refusal.MUTED(name="night"), "aws cloudwatch get-alarm-mute-rule"),
    "see_mute_rules": (Refusal.MUTED_BY_SEVERAL(rules="-"), "aws cloudwatch list-alarm-mute-rules"),
    "end_suppression": (
        Refusal.SUPPRESSED(name="Maintenance", phase="Alarm"),
        "aws cloudwatch describe-alarms",
    ),
}


@pytest.mark.parametrize("step", STOPS)
@LANGUAGES
def test_how_a_pause_or_a_silence_ends_is_a_step_as_there_is_no_button_for_it(
    language: str, step: str
) -> None:
    stop, command = STOPS[step]
    root, details = map(drawn, posts(replace(samples.ACTS, stop=stop), language))
    assert (piece(f"step.{step}", language) in root, command in root) == (True, False)
    assert details.index(piece(f"step.{step}", language)) < details.index(f"```{command}")
    # A pause can end without a newer message.
    assert say(text("slack.pause"), language) in root
    root, details = map(drawn, posts(replace(samples.ACTS, stop=stop, answered=False), language))
    assert piece(f"step.{step}", language) not in root + details


def test_no_step_ends_in_a_colon_where_its_command_is_left_out() -> None:
    """Those that answer or acknowledge are never without it: in Slack they are buttons."""
    buttons = ("step.answer", "step.acknowledge")
    forms = {key: form for key, form in catalogue().items() if key.startswith("step.")}
    shown = {key: form for key, form in forms.items() if not key.startswith(buttons)}
    assert [
        key for key, form in shown.items() if any(each.split("\n")[0].endswith(":") for each in form)
    ] == []


@pytest.mark.parametrize("name", NAMES)
@LANGUAGES
def test_that_security_is_lowered_is_marked_once_and_first(language: str, name: str) -> None:
    report = message_of(getattr(samples, name), language)
    status = add(None, report)
    mark = say(text("remedy.security.lowered"), language)
    for post in (message(status, language), pointer(report, status, "", "C0")):
        for shown in (post.text, json.dumps(post.blocks, ensure_ascii=False)):
            assert shown.count(mark) == bool(report.security_lowered_by)
        assert post.text.startswith(mark) is bool(report.security_lowered_by)


def test_how_a_change_of_this_response_ends_is_a_sentence_of_its_own() -> None:
    root, _ = posts(replace(samples.ACTS, leases=()), "en")
    (shown,) = (line for line in drawn(root).split("\n") if line.startswith("🔧"))
    assert re.search(r"\(rollout 0%\)\. [A-Z][^;]*\.$", shown)


def test_the_thread_links_to_the_runbook_where_its_address_is_set() -> None:
    url = "https://wiki.example.com/runbook"
    _, thread = posts(replace(samples.ACTS, runbook=url), "en")
    assert f"<{url}|Runbook>" in json.dumps(thread.blocks)
    assert message_of(replace(samples.ACTS, runbook=url), "en").runbook == url


def test_an_escalation_calls_a_person_first() -> None:
    report = replace(samples.UNKNOWN, kind=ReportKind.ESCALATION, topic="escalate")
    _, details = posts(report, "en", "<!subteam^S1>")
    assert details.blocks[0]["text"]["text"] == "<!subteam^S1> Escalated to Level 2 (development lead)."
    assert details.loud


def test_the_button_that_lowers_security_is_red_and_the_revert_is_not() -> None:
    act = samples.ASKS.outcomes[0]
    back = replace(
        act,
        because=Refusal.NEEDS_APPROVAL(),
        back=True,
        changes=tuple(replace(each, before="0", after="50") for each in act.changes),
    )
    for outcome, style, said in (
        (act, "danger", piece("remedy.yes.rollout_to_zero")),
        (back, "primary", "restore liveness check to 50%"),
    ):
        report = replace(samples.ASKS, kind=ReportKind.COMMAND, outcomes=(outcome,))
        root, _ = posts(report, "en")
        (row,) = [block for block in root.blocks if block.get("block_id") == f"liveness-{act.approval}"]
        approve, reject = row["elements"]
        assert (approve["style"], reject["action_id"]) == (style, "reject")
        assert said in approve["confirm"]["text"]["text"]


@pytest.mark.parametrize("incident", ["watchdog-20261123T180700Z", "failure-20261123T180700Z"])
def test_what_is_no_incident_has_nothing_to_press(incident: str) -> None:
    root, _ = posts(replace(samples.NOTHING, incident=incident), "ja")
    assert [block for block in root.blocks if block["type"] == "actions"] == []


def test_addresses_can_be_clicked_and_nothing_else_means_anything() -> None:
    assert words("see https://health.aws.amazon.com/health/status.") == (
        "see <https://health.aws.amazon.com/health/status>."
    )
    assert words("（https://a.example/b）を見る") == "（<https://a.example/b>）を見る"
    assert words("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
    assert link("a|b", "javascript:alert(1)") == "a|b javascript:alert(1)"
    assert "```" not in code("a ``` b")[3:-3]


@given(st.text(alphabet="ab<>&;https:/. ", max_size=80), st.integers(2, 60))
def test_a_shortened_text_has_no_broken_markup(said: str, most: int) -> None:
    shown = short(words(said), most)
    assert len(shown) <= most
    block = {"type": "section", "text": {"type": "mrkdwn", "text": shown or "-"}}
    assert slack_blocks.problems([block]) == []


def test_amazon_q_gets_its_body_in_the_same_publish_in_one_thread_per_incident() -> None:
    sent = envelope(samples.ACTS, "ja")
    body = json.loads(sent.bodies["https"])
    assert body == amazon_q(samples.ACTS, "ja")
    assert body["metadata"]["threadId"] == samples.ACTS.incident
    assert json.loads(sent.bodies["lambda"])["incident"] == samples.ACTS.incident


def test_a_graph_of_metric_math_draws_what_the_alarm_judges() -> None:
    stat = {"Metric": {"Namespace": "N", "MetricName": "M"}, "Stat": "Sum", "Period": 300}
    alarm = {
        "AlarmName": "A",
        "Threshold": 5.0,
        "Metrics": [
            {"Id": "e", "Expression": "m*2", "Label": "twice"},
            {"Id": "m", "MetricStat": stat, "ReturnData": False},
        ],
    }
    standing = add(None, message_of(samples.ACTS, "ja"))
    asked = widget(alarm, standing, samples.AT + timedelta(minutes=1))
    assert asked is not None
    assert asked["metrics"] == [
        [{"id": "e", "visible": True, "label": "twice", "expression": "m*2"}],
        ["N", "M", {"id": "m", "visible": False, "stat": "Sum", "period": 300}],
    ]
    marks = {each["label"] for each in asked["annotations"]["vertical"]}
    assert marks == {"ALARM", "rollout_to_zero"}
    assert widget({"AlarmName": "composite"}, standing, samples.AT) is None
