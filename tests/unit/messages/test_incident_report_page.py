"""The closing report as it is read: the outcome first, whole, harmless, in both languages."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from responder.core.cause import Cause
from responder.core.change import LeaseState, Status
from responder.core.reasons import FailureKind
from responder.core.text import Text, text
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer
from responder.incident_report import page as pages
from responder.incident_report import words
from responder.incident_report.actions import FIXES, follow_up_actions
from responder.incident_report.build import build
from responder.incident_report.json_report import machine
from responder.incident_report.model import AlarmMetric, Ending, Impact, IncidentReport, OpenItemReason
from responder.incident_report.page import markdown
from responder.messages.language import duration, say
from tests.texts import catalogue, piece, replaced
from tests.unit.incident_report.sample_incident import (
    ASKINGS,
    BACK,
    CLOSED,
    FUNCTIONS,
    HEAD,
    MEASURE,
    MEMORY,
    ROLLOUT,
    STEPS,
    WATCH,
    WORDS,
    at,
    reported,
    step,
)

LANGUAGES = ("ja", "en")
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
DOCS = Path(__file__).parents[3] / "docs" / "incident-json.md"
WHOLE = build(STEPS, HEAD, WATCH, (MEMORY, BACK), MEASURE, CLOSED, ASKINGS)
IMPACT = Impact(at(-4), at(41), 114.0, 402.0, timedelta(minutes=95), 61.0)
LINKED = replace(
    WHOLE, impact=IMPACT, links=((text("label.link_alarm"), "https://console.aws.amazon.com/x"),)
)
VOID = {"meta", "br", "path", "circle", "rect", "wbr"}


class Page(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "html"


class Data(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "json"


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, WORDS)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def page(report: IncidentReport, language: str) -> str:
    """The page with plain blanks (where a line may end is in `test_page`)."""
    return pages.page(report, language).replace("\u00a0", " ")


def article(report: IncidentReport, language: str) -> str:
    """What is shown of a page, without empty lines."""
    shown = page(report, language).partition("<body>")[2]
    return re.sub(r"\n{2,}", "\n", shown)


def first_screen(report: IncidentReport, language: str) -> str:
    return article(report, language).partition("<section>")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_reads_well(language: str, snapshot: SnapshotAssertion) -> None:
    assert article(LINKED, language) == snapshot.use_extension(Page)


def test_stays_the_same_for_machines(snapshot: SnapshotAssertion) -> None:
    short = replace(LINKED, metric=replace(MEASURE, series=MEASURE.series.between(at(-2), at(3))))
    packed = json.dumps(machine(short), ensure_ascii=False, indent=1, allow_nan=False)
    assert packed == snapshot.use_extension(Data)


# --- the first screen -------------------------------------------------------------------------------


def test_the_first_screen_shows_the_outcome() -> None:
    said = first_screen(WHOLE, "ja")
    for each in (
        "Liveness 検証のエラー増加 – 復旧（119 分）",
        "対応時間（30 分以内）を達成しました",
        "達成",
        "メモリ増加",
        "sato",
    ):
        assert each in said


def test_the_first_screen_says_when_nothing_is_left() -> None:
    clean = build((reported(1),), HEAD, FollowUpMemory(), (), MEASURE, CLOSED)
    assert piece("closing.nothing_left", "ja") in first_screen(clean, "ja")
    assert piece("closing.nothing_left") in first_screen(clean, "en")
    assert "headline alert" not in first_screen(clean, "ja")


def test_lowered_security_is_the_first_word() -> None:
    open_ = build((step(5.2, "in_force", ROLLOUT),), HEAD, FollowUpMemory(), (), MEASURE, CLOSED)
    assert '<p class="headline alert">【セキュリティ低下中】' in first_screen(open_, "ja")
    assert '<p class="headline alert">[SECURITY LOWERED] ' in first_screen(open_, "en")


@pytest.mark.parametrize(("minutes", "word"), [(30, "達成"), (31, "未達成")])
def test_a_missed_response_time_is_reported(minutes: int, word: str) -> None:
    told_ = build((reported(minutes),), HEAD, FollowUpMemory(), (), MEASURE, CLOSED)
    assert f'<p class="quiet">{word}</p>' in first_screen(told_, "ja")


@pytest.mark.parametrize(
    ("memory", "ending", "title"),
    [
        (WATCH, Ending.RECOVERED, "Liveness 検証のエラー増加 – 復旧（119 分）"),
        (
            FollowUpMemory(),
            Ending.CALM,
            "Liveness 検証のエラー増加 – アラーム解消、復旧は未確認（2 時間 34 分）",
        ),
        (
            FollowUpMemory(closed_by="sato", closed_why="改名"),
            Ending.BY_HAND,
            "Liveness 検証のエラー増加 – 手動で終了（2 時間 34 分）",
        ),
    ],
)
def test_the_title_says_what_happened_and_how_it_ended(
    memory: FollowUpMemory, ending: Ending, title: str
) -> None:
    ended = build((reported(1),), HEAD, memory, (), MEASURE, CLOSED)
    assert ended.ending is ending
    assert f"<h1>{title} " in first_screen(ended, "ja")
    assert f"<title>{title}</title>" in page(ended, "ja")


def test_the_impact_is_on_the_first_screen() -> None:
    said = first_screen(LINKED, "en")
    for each in (
        "114",
        'of 402 (28.4%)</p>\n<p class="quiet">Nov 23 18:03 UTC to Nov 23 18:48 UTC',
        "≤ 61",
        "Security lowered for 95 min",
    ):
        assert each in said
    assert "Failed requests" not in first_screen(WHOLE, "en")


def test_everyone_is_named_however_they_answered() -> None:
    """By the console (tanaka), by Slack (suzuki), by a row without a step (kato), as one approved."""
    assert WHOLE.people == ("kato", "sato", "suzuki", "tanaka")
    assert "kato, sato, suzuki, tanaka" in first_screen(WHOLE, "en")


def test_an_alarm_without_words_of_its_own_has_its_name() -> None:
    assert HEAD.alarm in first_screen(replace(WHOLE, slug="ninth"), "ja").partition("<dl>")[0]


# --- the page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_loads_nothing(language: str) -> None:
    html = page(LINKED, language)
    reader = read(html)
    assert not set(reader.tags) & {"script", "img", "link", "iframe", "object", "use", "image"}
    assert not [name for name, _ in reader.attributes if name.startswith("on") or name in ("src", "style")]
    assert re.findall(r"url\(|@import", html) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_reported_in_words(language: str) -> None:
    said = " ".join(read(page(LINKED, language)).words)
    assert re.findall(r"\b(?:chronicle|closing|chart|label|status|lease|result|tone)\.[a-z_]+", said) == []
    # A value that a sentence was not given is seen as `<name>`; the one here is a key of the odd step.
    assert re.findall(r"<[a-z_]+>", said) == ["<b>"]


def test_english_is_english() -> None:
    said = " ".join(read(page(build(STEPS[:5], HEAD, FollowUpMemory(), (), MEASURE, CLOSED), "en")).words)
    assert re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]+", said) == []


def test_nothing_from_outside_becomes_markup() -> None:
    change = replace(MEMORY.changes[0], target=ATTACK, before=ATTACK, note=FailureKind.KEPT(target=ATTACK))
    lease = replace(
        MEMORY, remedy=ATTACK, scope=ATTACK, by=ATTACK, changes=(change,), state=LeaseState.PARTIAL
    )
    rows = (
        step(1, "partial", lease),
        step(2, "person", {"person": ATTACK, "what": ATTACK, ATTACK: ATTACK}),
        step(3, ATTACK, {ATTACK: ATTACK}),
        step(4, "state", {"state": ATTACK}),
    )
    head = replace(HEAD, alarm=ATTACK, slug=ATTACK)
    watch = FollowUpMemory(acks={ATTACK: at(3).isoformat()})
    outside = build(rows, head, watch, (), replace(MEASURE, label=ATTACK), CLOSED)
    outside = replace(outside, incident=ATTACK, links=((text("label.link_alarm"), f"https://x/{ATTACK}"),))
    html = page(outside, "ja")
    read(html)
    assert "<script" not in html
    assert "<img" not in html


def test_only_web_addresses_can_be_clicked() -> None:
    odd = replace(WHOLE, links=((text("label.link_alarm"), "javascript:alert(1)"),))
    assert "<a " not in article(odd, "ja")


def test_a_step_with_a_command_can_be_copied() -> None:
    assert "<pre>aws support help</pre>" in article(WHOLE, "ja")


def test_without_a_chart_the_page_says_why() -> None:
    unread = replace(WHOLE, metric=AlarmMetric(problem=text("chronicle.no_metric_alarm")))
    assert "<svg" not in article(unread, "ja")
    assert say(text("chronicle.no_metric_alarm"), "ja") in article(unread, "ja")


def test_without_datapoints_the_page_reports_it() -> None:
    assert say(text("chronicle.no_points"), "en") in article(replace(WHOLE, metric=AlarmMetric()), "en")


def test_wider_datapoints_are_reported_to_be() -> None:
    wider = replace(WHOLE, metric=replace(MEASURE, alarm_period=10))
    assert "粗い間隔（1 分）" in article(wider, "ja")


def test_gaps_are_on_the_first_screen() -> None:
    gap = text("chronicle.no_ledger", reason=text("evidence.failed.late"))
    assert piece("chronicle.no_ledger", "ja") in first_screen(replace(WHOLE, gaps=(gap,)), "ja")


def test_an_empty_section_is_not_shown() -> None:
    nothing = build((), HEAD, FollowUpMemory(), (), MEASURE, CLOSED)
    titles = re.findall(r"<h2>(.*?)</h2>", article(replace(nothing, manual=()), "en"))
    assert titles == ["The metric", "Follow-up actions", piece("closing.times"), "Timeline"]


ACTIONS = {
    "en": """\
Decide whether to keep memory increase (FaceAuth-GetLivenessResult): if so, set it in the CDK definition;\
 if not, revert it. Command: liveness-ops revert high-error-rate-20261123T180700Z memory_increase | Operations
Check that LIVENESS_ROLLOUT_PERCENTAGE of FaceAuth-FaceLogin has the intended value, and bring the CDK\
 definition into line with it | Development
Review the logins between Nov 23 18:12 UTC and Nov 23 19:47 UTC, which had no full liveness check, for\
 impersonation (logs of FaceAuth-Enrollment, FaceAuth-FaceLogin) | Operations
Ask AWS Support for the cause of the errors between Nov 23 18:03 UTC and Nov 23 18:48 UTC, and add the answer\
 to this report (An AWS service answers with internal errors) | Operations
Find out why 1 approval request expired without an answer, and correct the on-call schedule or the list of\
 approvers | Operations""",
    "ja": """\
メモリ増加（FaceAuth-GetLivenessResult）を残すか決める。残すなら CDK の定義に反映し、\
残さないなら元に戻す。コマンド: liveness-ops revert high-error-rate-20261123T180700Z\
 memory_increase | 運用チーム
FaceAuth-FaceLogin の LIVENESS_ROLLOUT_PERCENTAGE が意図した値か確認し、\
CDK の定義と一致させる | 開発チーム
11/24 03:12 JST 〜 11/24 04:47 JST のログイン（Liveness 検証を省略・緩和）に\
なりすましがないか確認する（FaceAuth-Enrollment, FaceAuth-FaceLogin のログ） | 運用チーム
11/24 03:03 JST 〜 11/24 03:48 JST のエラーの原因を AWS Support に問い合わせ、\
回答をこのレポートに追記する（AWS サービス側の内部エラーです） | 運用チーム
承認依頼 1 件に期限までに回答がなかった理由を調べ、当番表または承認者を見直す | 運用チーム""",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_do_afterwards_is_an_instruction_for_a_team(language: str) -> None:
    actions = ACTIONS[language].splitlines()
    expired = replace(ASKINGS[0], answer=ApprovalAnswer.EXPIRED, by="", at=None)
    cause = replace(WHOLE.causes[-1], cause=Text("cause.internal"), kind=Cause.INTERNAL)
    report = replace(LINKED, requests=(expired,), causes=(cause,))
    page_ = article(report, language).partition('<table class="actions stacked">')[2].partition("</table>")[0]
    rows = re.findall(r"<tr><td>(.+?)</td><td>(.+?)</td><td></td></tr>", page_)
    assert [f"{what} | {team}" for what, team in rows] == actions
    written = markdown(report, language)
    written = written.partition("| Due |" if language == "en" else "| 期限 |")[2]
    written = written.partition("| --- |\n")[2].partition("\n|  |")[0]
    plain = [re.sub(r"\\(.)", r"\1", line)[2:-5] for line in written.splitlines()]
    assert plain == actions
    listed = machine(report)["follow_up_actions"]
    assert [each["said"][language] for each in listed] == [action.rpartition(" | ")[0] for action in actions]


def test_what_was_missed_or_had_no_effect_is_looked_at() -> None:
    late = build((reported(45),), HEAD, FollowUpMemory(notified={2: at(20)}), (), MEASURE, CLOSED)
    useless = replace(WHOLE.remedies[0], judged="ineffective")
    said = [each.said for each in follow_up_actions(replace(late, remedies=(useless,)))]
    assert [say(each, "en") for each in said] == [
        "Confirm the recovery: check on the dashboard that users' requests succeed and "
        "FaceAuth-Liveness-HighErrorRate stays OK",
        "Decide whether rollout 0% may still be applied automatically: it had no effect here. "
        "To stop it: liveness-ops mode rollout_to_zero observe",
        "Find out from the timeline why the first message took 45 min (target: 30 min)",
        "Find out why the incident was escalated to Level 2 (development lead) without an acknowledgement, "
        "and run liveness-ops selftest to check the addresses",
    ]


def test_every_cause_of_an_alarm_has_a_fix() -> None:
    """Those of a message that answers no alarm are never in a report."""
    known = [cause for causes in FIXES.values() for cause in causes]
    of_alarms = list(Cause)[: list(Cause).index(Cause.COMMAND)]
    assert sorted(each.value for each in known) == sorted(each.value for each in of_alarms)


def test_what_was_found_of_each_target_is_one_line() -> None:
    """Four functions that a person changed are one item to check."""
    kept = replace(BACK, changes=tuple(replace(each, status=Status.KEPT) for each in BACK.changes))
    report = build((), HEAD, FollowUpMemory(), (kept,), MEASURE, CLOSED)
    (item,) = report.open_items
    assert item.targets == FUNCTIONS
    assert (
        say(item.said, "en") == "rollout 0%: LIVENESS_ROLLOUT_PERCENTAGE of FaceAuth-Enrollment, "
        "FaceAuth-FaceLogin was changed outside the automation and left as it was found"
    )


@pytest.mark.parametrize(("language", "word"), [("ja", "未確認"), ("en", "not confirmed")])
def test_a_recovery_that_is_not_confirmed_has_one_word(language: str, word: str) -> None:
    calm = build((reported(1),), HEAD, FollowUpMemory(), (), MEASURE, CLOSED)
    shown = article(calm, language)
    phases = shown.partition('<table class="times stacked">')[2].partition("</table>")[0]
    took = re.findall(r"<td>([^<]*)</td></tr>", phases)
    assert took[2:5] == [piece("closing.none", language), word, word]
    assert word in first_screen(calm, language)
    assert piece("closing.unknown", language) not in took


def test_the_rows_of_a_minute_have_their_time_once() -> None:
    row = LINKED.timeline[0]
    rows = tuple(replace(row, at=row.at.replace(second=second)) for second in (1, 40))
    later = replace(row, at=row.at + timedelta(minutes=1))
    shown = words.timeline(replace(LINKED, timeline=(*rows, later)))
    assert [at is not None for at, _ in shown] == [True, False, True]


def test_every_count_has_its_period() -> None:
    """Findings count 15 minutes or an hour; the impact counts from the first datapoint to OK."""
    said = article(LINKED, "en")
    assert 'of 402 (28.4%)</p>\n<p class="quiet">Nov 23 18:03 UTC to Nov 23 18:48 UTC' in said
    assert "114 of 402 requests to the liveness functions, Nov 23 18:03 UTC to Nov 23 18:48 UTC" in said
    assert "(45 min, from the first datapoint beyond the threshold to OK)" in said
    assert "(2 h 34 min, from the first datapoint beyond the threshold to the close)" in said


def test_findings_of_one_look_have_one_time() -> None:
    shown = article(WHOLE, "en").partition("<h2>Findings")[2].partition("</section>")[0]
    assert len(re.findall(r"<h3>", shown)) == 2
    assert "n=" not in shown


# --- in Markdown ------------------------------------------------------------------------------------


def test_markdown_has_every_section_of_the_page_but_the_chart() -> None:
    said = markdown(LINKED, "en")
    titles = re.findall(r"<h2>(.*?)</h2>", article(LINKED, "en"))
    assert set(re.findall(r"^## (.*)$", said, re.MULTILINE)) == {*titles} - {"The metric"}
    assert said.startswith("# Increase in liveness check errors – recovered after 119 min\n")
    assert "| Action | Owner | Due |" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_says_every_sentence_in_words(language: str) -> None:
    said = markdown(LINKED, language)
    assert re.findall(r"\b(?:chronicle|closing|chart|label|status|lease|result|tone)\.[a-z_]+", said) == []
    assert re.findall(r"\d{4}-\d\d-\d\dT", said) == []
    assert {line.count(" | ") for line in said.splitlines() if line.startswith("| --- ")} == {2, 4}


def test_nothing_from_outside_becomes_markup_in_markdown() -> None:
    attack = "<img src=x> [a](javascript:b) ![c](https://x/y) `d` *e* | f __g__ # h"
    change = replace(MEMORY.changes[0], target=attack, before=attack)
    lease = replace(MEMORY, remedy=attack, scope=attack, by=attack, changes=(change,))
    rows = (step(1, "partial", lease), step(2, "person", {"person": attack, "what": attack, "note": attack}))
    outside = build(rows, replace(HEAD, alarm=attack, slug=attack), FollowUpMemory(), (), MEASURE, CLOSED)
    said = markdown(replace(outside, incident=attack), "en")
    # Code is shown as it is.
    outside_code = re.sub(r"`[^`\n]*`", "", said.replace("\\`", ""))
    assert re.findall(r"(?<!\\)<(?!br>)|(?<!\\)\[|(?<![\\*])\*(?!\*)|(?<!\\)\b__", outside_code) == []


def test_only_web_addresses_can_be_clicked_in_markdown() -> None:
    odd = replace(WHOLE, links=((text("label.link_alarm"), "javascript:alert(1)"),))
    assert "<javascript" not in markdown(odd, "ja")
    assert "<https://console.aws.amazon.com/x>" in markdown(LINKED, "ja")


# --- for machines -----------------------------------------------------------------------------------


def test_a_remedy_has_its_effect_in_numbers() -> None:
    act = machine(WHOLE)["acts"][0]
    assert act["metric_before"]["points"] == 14
    assert act["metric_before"]["mean"] > act["metric_after"]["mean"]


def test_what_is_no_number_is_null() -> None:
    odd = replace(WHOLE, metric=replace(MEASURE, threshold=float("inf"), series=MEASURE.series))
    assert machine(odd)["metric"]["threshold"] is None


def keys(value: Any) -> set[str]:
    """Every key of ours, not those of values that came from elsewhere."""
    if isinstance(value, list):
        return {key for each in value for key in keys(each)}
    if isinstance(value, dict):
        inner = (keys(part) for name, part in value.items() if name not in ("values", "more"))
        return set(value) | {key for each in inner for key in each}
    return set()


def test_every_key_is_documented() -> None:
    documented = set(re.findall(r"`([a-z_]+)`", DOCS.read_text(encoding="utf-8")))
    assert keys(machine(LINKED)) - documented == set()


def test_every_kind_of_open_item_has_words() -> None:
    assert [kind for kind in OpenItemReason if f"closing.owed_{kind}" not in catalogue()] == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (60, "1 min"),
        (90, "90 s"),
        (120, "2 min"),
        (7199, "119 min"),
        (7200, "2 h"),
        (172_800, "2 d"),
        (-5, "0 s"),
    ],
)
def test_a_duration_is_read_at_a_glance(seconds: int, said: str) -> None:
    assert say(duration(timedelta(seconds=seconds)), "en") == said


def test_what_did_not_happen_has_no_duration() -> None:
    assert duration(None) == Text("closing.unknown")


def test_an_approval_that_no_request_shows_is_among_the_other_actions() -> None:
    """Of a person whose right was removed since, the request has no vote."""
    given = [each for each in WHOLE.actions if dict(each.more).get("proposal")]
    assert given
    assert not any(each in given for each in words.other_actions(WHOLE))
    unheard = replace(WHOLE, requests=tuple(replace(each, said=()) for each in WHOLE.requests))
    assert [each for each in words.other_actions(unheard) if each in given] == given
