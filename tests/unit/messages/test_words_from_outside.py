"""Text of people and of AWS (reasons, names, settings, values) is shown as plain text in every rendering."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any, cast

from liveness_ops.people.options import Language
from local_aws.client import Mail
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.difference import About, Difference
from rehearsal.drill.follow import Message, PastEvent
from rehearsal.drill.followed_incident import FollowedIncident
from rehearsal.drill.page import alarm_page
from rehearsal.drill.page import page as drill_page
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.results import DrillResult
from rehearsal.drill.scenario import Expect, Step
from rehearsal.drill.step_result import StepResult
from rehearsal.drill.words import BilingualText
from responder.checks.finding import Acceptance
from responder.checks.model import CheckSection, ComparedReport
from responder.checks.report import summary
from responder.checks.report.page import page as check_page
from responder.checks.report.summary import envelope as check_envelope
from responder.core.plain_data import Data, Json
from responder.core.refusals import Refusal
from responder.core.text import Text, text
from responder.incident_report import json_report, page
from responder.incident_report.model import AlarmMetric
from responder.messages.language import clean
from responder.messages.mail import envelope
from responder.slack.blocks.report import answer
from responder.slack.blocks.root import message
from responder.slack.inbound.click import whisper
from responder.slack.inbound.request import ButtonKind as ClickKind
from responder.slack.inbound.request import Click
from responder.slack.outbound.level import pointer
from responder.slack.outbound.notices import check_post
from responder.slack.status import add
from tests.fakes import slack_blocks
from tests.laid_out import message_of
from tests.rows import all_rows
from tests.unit.checks import reports
from tests.unit.messages import samples
from tests.unit.messages.test_incident_report_page import WHOLE

CONSOLE = "https://console.aws.amazon.com/"
WORDS = {
    "link": "[click](https://evil.example)",
    "image": "![x](https://evil.example/x.png)",
    "reference": "[click][1] and [1]: https://evil.example",
    "labelled": f"https://evil.example|{CONSOLE}",
    "angle": f"<https://evil.example|{CONSOLE}> <!channel> <@U1>",
    "emphasis": "*bold* _slanted_ ~gone~ `code` ```box```",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&lt;",
    "terminal": "[red]x[/red] \x1b[2J\x07",
    "lines": "first\nsecond\r\n■ 次の作業\n1. aws x",
    "direction": "a\u202eb\u2066c\u200b",
}
# Internal names, not words: what they may be is given by an enum, a registry or a hash.
OURS = frozenset(
    [
        "id",
        "remedy",
        "slug",
        "look",
        "topic",
        "approval",
        "rhythm",
        "name",
        "region",
        "account",
        "link",
        "zone",
        "unit",
    ]
)
EVERY = tuple(WORDS.values())
# What a word becomes depends on the rendering: each is played in one language, by turns.
BY_TURNS = [(word, ("ja", "en")[turn % 2]) for turn, word in enumerate(EVERY)]


def poisoned(part: Any, word: str, name: str = "", ours: frozenset[str] = OURS) -> Any:
    """The same with the word in the place of every free string, at whatever depth."""

    def again(value: Any, key: str = "") -> Any:
        return poisoned(value, word, key, ours)

    if isinstance(part, Enum) or name in ours:
        return part
    if isinstance(part, str):
        return word
    if isinstance(part, Text):
        return Text(part.key, {key: again(value) for key, value in part.values.items()})
    if isinstance(part, tuple):
        return tuple(map(again, part))
    if isinstance(part, Mapping):
        return {key: again(value) for key, value in part.items()}
    if is_dataclass(part) and not isinstance(part, type):
        known = {each.name: getattr(part, each.name) for each in fields(part) if each.init}
        return replace(part, **{key: again(value, key) for key, value in known.items()})
    return part


WHY = Refusal.PAUSED(name="x", who="x", why="x", until="2026-11-23T19:00:00Z")
PAUSED = WHY.text
TAKEN = text("course.taken_by", person="x", until="2026-11-23T19:00:00Z")
FULL = replace(
    samples.ASKS,
    warnings=(PAUSED, text("guard.muted", name="x")),
    verdict=replace(samples.ASKS.verdict, steps=(text("step.with_command", step=PAUSED, command=PAUSED),)),
    outcomes=(replace(samples.ASKS.outcomes[0], because=WHY, also=(PAUSED,), undo=PAUSED),),
    findings=(replace(samples.FINDINGS[1], said=PAUSED, details=(PAUSED,)),),
    leases=(samples.LEASE,),
    course=((text("label.because"), PAUSED), (text("label.because"), TAKEN)),
)
REPORTS = (FULL, *samples.SAMPLES.values())


@cache
def sent(word: str, language: str) -> tuple[dict[str, str], ...]:
    """The bodies of every report with this word in it."""
    return tuple(envelope(poisoned(report, word), language).bodies for report in REPORTS)


def links(markdown: str) -> list[str]:
    """Everything that Markdown takes for a link, an image or the target of one."""
    return re.findall(r"(?m)\]\(|\]\[|^\s*\[[^\]]*\]:", markdown)


def strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from strings(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from strings(each)


def assert_chat(said: str) -> None:
    """Nothing that a chat would take for a link, a mention or emphasis of a person's."""
    bare = re.sub(r"```.*?```|`[^`\n]*`", "", said, flags=re.DOTALL)
    assert not links(bare)
    assert not re.search(r"<(?!https://[^<>|]+(\|[^<>|]*)?>|#C1>)", said)
    for address, label in re.findall(r"<(https://[^<>|]+)\|([^<>|]*)>", said):
        assert "https://" not in label or label == address
    assert "*bold*" not in bare
    assert "_slanted_" not in bare
    assert "~gone~" not in bare
    assert "`code`" not in re.sub(r"```.*?```", "", said, flags=re.DOTALL)


def assert_clean(said: str) -> None:
    assert all(each.isprintable() or each in "\n\u3000\u00a0" for each in said)


@all_rows("word, language", BY_TURNS)
def test_a_mail_shows_text_from_outside_as_plain_text(word: str, language: str) -> None:
    for bodies in sent(word, language):
        mail = bodies["email"]
        assert_clean(mail)
        assert not re.search(r"(?m)^\s*(second|1\. aws x|■ 次の作業\n1\. aws x)", mail)


@all_rows("word, language", BY_TURNS)
def test_amazon_q_shows_text_from_outside_as_plain_text(word: str, language: str) -> None:
    for bodies in sent(word, language):
        chat = json.loads(bodies["https"])
        shown = chat["content"] | {"summary": chat["metadata"]["summary"]}
        for said in strings(shown):
            assert_chat(said)
            assert_clean(said)


@all_rows("word", EVERY)
def test_slack_shows_text_from_outside_as_plain_text(word: str) -> None:
    for report in REPORTS:
        made = message_of(poisoned(report, word), "ja")
        standing = add(None, made)
        way = pointer(made, standing, "", "C1", "https://example.slack.com/archives/C1/p1")
        for post in (message(standing, "ja"), answer(made, standing), way):
            assert slack_blocks.problems(post.blocks) == []
            assert_chat(post.text)
            for block in post.blocks:
                for part in (block.get("text"), *block.get("fields", ()), *block.get("elements", ())):
                    if isinstance(part, dict) and part["type"] == "mrkdwn":
                        assert_chat(part["text"])
                        assert_clean(part["text"])


class FakeSlackClient:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def call(self, _method: str, /, **arguments: Any) -> Data:
        self.heard.append(arguments["text"])
        return {}


@all_rows("word", EVERY)
def test_the_answer_to_a_click_shows_text_from_outside_as_plain_text(word: str) -> None:
    client = FakeSlackClient()
    click = Click(next(iter(ClickKind)), "U1", "C1", "incident")
    whisper(client, click, poisoned(PAUSED, word), "ja")
    assert_chat(client.heard[0])
    assert_clean(client.heard[0])


@all_rows("word, language", BY_TURNS)
def test_a_check_shows_text_from_outside_as_plain_text(word: str, language: str) -> None:
    problem = text("checks.not_filed", reason="x")
    short = poisoned(summary.Summary(reports.FULL, CONSOLE, problem), word, "")
    short = replace(short, url=CONSOLE)
    sent = check_envelope(short, language)
    assert_clean(sent.bodies["email"])
    for said in strings(json.loads(sent.bodies["https"])["content"]):
        assert_chat(said)
        assert_clean(said)
    post = check_post(json.loads(sent.bodies["lambda"]), language)
    assert slack_blocks.problems(post.blocks) == []
    assert_chat(post.text)
    for block in post.blocks:
        for part in (block.get("text"), *block.get("elements", ())):
            assert_chat(part["text"] if part else "")


@all_rows("word, language", BY_TURNS)
def test_the_page_of_a_check_shows_text_from_outside_as_plain_text(word: str, language: str) -> None:
    accepted = Acceptance("x", reports.NOW, reports.NOW.date(), "x", "x")
    found = replace(reports.AMBER, caution=PAUSED, command="x", chapter="x", link="x", again=PAUSED)
    one = reports.chart(1.0, 2.0)
    report = reports.report(
        *reports.FULL.sections,
        CheckSection("security", (found, replace(found, accepted=accepted)), (one,)),
    )
    report = replace(report, compared=ComparedReport(problem=PAUSED), unaccepted=PAUSED)
    assert_page(check_page(poisoned(report, word, ours=frozenset({"zone"})), language), word)


@all_rows("word, language", BY_TURNS)
def test_an_incident_report_shows_text_from_outside_as_plain_text(word: str, language: str) -> None:
    reported = poisoned(WHOLE, word)
    assert json.dumps(json_report.machine(reported), allow_nan=False)
    links, gaps = ((PAUSED, "x"), (PAUSED, CONSOLE)), (PAUSED,)
    whole = replace(WHOLE, links=links, gaps=gaps, closed_by="x", closed_why="x")
    assert_page(page.page(poisoned(whole, word, ours=frozenset()), language), word)
    without = replace(whole, metric=AlarmMetric(problem=PAUSED))
    assert_page(page.page(poisoned(without, word, ours=frozenset()), language), word)


@all_rows("word, language", [(word, Language(language)) for word, language in BY_TURNS])
def test_the_page_of_a_drill_shows_text_from_outside_as_plain_text(word: str, language: Language) -> None:
    sent = envelope(poisoned(FULL, word), language)
    mail = Mail("t", "1", word, sent.bodies, {}, (), 0.0)
    scenario = next(iter(scenarios("high-error-rate")))
    story = (Message(1, mail, {"kind": word, "topic": word}), PastEvent(2, "Recovers"))
    course = SimpleNamespace(entries=story, incident=word)
    plain: Json = {"after": {word: word}, "calls": (), "rows": (), "seconds": 1.0}
    step = Step(command=word, remedy=word, expect=Expect(), what=BilingualText(word, word))
    other = Difference(About.SETTING, word, word, word)
    first = StepResult(before={}, mail=(mail,), step=step, answer=word, problems=[other], **plain)
    files = {f"report.{language}.html": ""}
    last = StepResult(
        before={word: "-"}, mail=(), followed=cast(FollowedIncident, course), files=files, **plain
    )
    named = replace(scenario, alarm=word, name=word, broken=BilingualText(word, word))
    drilled = DrillResult.of([ScenarioRun(named, (first, last))], language, 1.0)
    assert_page(drill_page(drilled), word, ours=(1, 1))
    assert_page(alarm_page(drilled, word), word, ours=(1, 0))


def assert_page(html: str, word: str, ours: tuple[int, int] = (0, 0)) -> None:
    """Words are there as words, and had no other effect. `ours`: how many scripts and forms it has."""
    tags = Tags()
    tags.feed(html)
    assert not {*tags.found} & {"img", "iframe", "object", "embed", "base"}
    assert (tags.found.count("script"), tags.found.count("form")) == ours
    assert not tags.handlers
    files = ("results.json", "junit.xml")
    assert all(
        each.startswith(("#", "https://", "reports/", "alarms/", "../index.html#", *files))
        for each in tags.addresses
    )
    assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]", html)
    assert tags.said.count(clean(word)) > 10


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.said = ""

    def handle_data(self, data: str) -> None:
        self.said += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
