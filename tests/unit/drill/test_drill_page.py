"""The page of a drill: what differs first, every link leads somewhere, nothing foreign runs."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape

from liveness_ops.people.options import Language
from rehearsal.drill import files, page
from rehearsal.drill.results import OUTCOMES, DrillResult
from rehearsal.drill.slack_page import mrkdwn
from rehearsal.drill.words import say
from rehearsal.pages.links import dead
from tests.unit.drill.samples import INCIDENT, drill

LANGUAGES = pytest.mark.parametrize("language", list(Language))


class Parsed(HTMLParser):
    """Links, ids, scenarios, and the texts of styles and scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.scenarios: list[dict[str, str | None]] = []
        self.inline: list[str] = []
        self.policy = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.links += [str(found[name]) for name in ("href", "src") if name in found]
        self.ids += [str(found["id"])] if "id" in found else []
        if tag == "details" and str(found.get("class", "")).startswith("scenario"):
            self.scenarios.append(found)
        if tag == "meta" and found.get("http-equiv"):
            self.policy = str(found["content"])
        self._inside = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.inline.append(data)


@LANGUAGES
def test_every_link_leads_somewhere(language: Language, tmp_path: Path) -> None:
    result = drill(language)
    files.write(result, tmp_path)
    index = page.write(result, tmp_path)
    assert f"reports/{INCIDENT}/report.{language}.html" in Parsed(index.read_text("utf-8")).links
    for each in (index, *(tmp_path / "alarms").iterdir()):
        parsed = Parsed(each.read_text("utf-8"))
        assert dead(each) == []
        assert len(parsed.ids) == len(set(parsed.ids))


@LANGUAGES
def test_each_scenario_leads_to_its_messages_and_back(language: Language, tmp_path: Path) -> None:
    result = drill(language)
    links = Parsed(page.write(result, tmp_path).read_text("utf-8")).links
    for alarm, scenarios in result.by_alarm.items():
        there = Parsed((tmp_path / "alarms" / f"{alarm}.html").read_text("utf-8"))
        for one in scenarios:
            assert f"alarms/{alarm}.html#{one.scenario.name}" in links
            assert f"../index.html#{alarm}.{one.scenario.name}" in there.links


def test_pages_of_an_earlier_drill_are_gone(tmp_path: Path) -> None:
    old = tmp_path / "alarms" / "renamed.html"
    old.parent.mkdir()
    old.touch()
    page.write(drill(Language.JA), tmp_path)
    assert not old.exists()


def test_a_link_of_slack_keeps_its_words_and_an_asterisk_in_it_is_no_mark() -> None:
    url = "https://x.amazon.com/home?region=us-east-1#metricsV2:graph=~(~'FaceAuth*2fLiveness~'Error*20x)"
    assert mrkdwn(f"<{url}|chart> *bold* <{url}|again>") == "<u>chart</u> <b>bold</b> <u>again</u>"
    assert mrkdwn(f"*<{url}|chart>*") == "<b><u>chart</u></b>"
    assert mrkdwn(f"*a* <{url}>") == f"<b>a</b> <u>{escape(url)}</u>"


@LANGUAGES
def test_what_differs_comes_first_and_is_open_and_everything_else_is_folded(language: Language) -> None:
    scenarios = Parsed(page.page(drill(language))).scenarios
    assert scenarios[0]["id"] == "high-error-rate.asks-throttling"
    assert ["open" in each for each in scenarios] == [True, False, False, False]
    assert len(scenarios) == 4


@LANGUAGES
def test_a_scenario_can_be_chosen_by_alarm_and_outcome(language: Language) -> None:
    html = page.page(drill(language))
    for each in Parsed(html).scenarios:
        assert f"<option>{each['data-alarm']}</option>" in html
        outcomes = str(each["data-outcomes"]).split()
        assert outcomes and set(outcomes) <= set(OUTCOMES)
        assert all(f'<option value="{outcome}">' in html for outcome in outcomes)


@LANGUAGES
def test_the_command_to_replay_is_in_every_scenario(language: Language) -> None:
    result = drill(language)
    html = page.page(result)
    for one in result.scenarios:
        assert f"<code>{one.replay}</code>" in html
    assert html.count(say("page.copy", language)) == len(result.scenarios)
    assert "MESSAGES=" not in html


@LANGUAGES
def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else(language: Language) -> None:
    result = drill(language)
    for html in (page.page(result), page.alarm_page(result, "low-success-rate")):
        _allows_its_own(Parsed(html))


def _allows_its_own(parsed: Parsed) -> None:
    hashes = [f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" for each in parsed.inline]
    assert len(hashes) == 3
    style, script = " ".join(hashes[:2]), hashes[2]
    assert parsed.policy == f"default-src 'none'; style-src {style}; script-src {script}"


def test_the_page_has_the_seconds_of_the_terminal_and_rows_in_words() -> None:
    result = drill(Language.JA)
    html = page.page(result)
    assert result.summary in html and "61.0 秒" in html
    assert "<b>レベル 2 へエスカレーション</b>" in html
    assert "escalation 2" not in html
    assert result.scenarios[0].world in html and say("world.rolled-out.is", Language.JA) in html


def test_each_message_is_on_the_page_of_its_alarm_once() -> None:
    result = drill(Language.EN)
    index, there = page.page(result), page.alarm_page(result, "high-error-rate")
    assert '<pre class="mail">' not in index
    one = there[there.index('id="acts"') :].partition('<details class="scenario')[0]
    assert one.count('<pre class="mail">') == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, ("throttling the API calls", "internal error")),
        (Language.JA, ("スロットリング", "内部エラー")),
    ],
)
def test_a_difference_is_in_words_with_its_key_beside_it(language: Language, words: tuple[str, str]) -> None:
    html = page.page(drill(language))
    for word, key in zip(words, ("cause.throttling", "cause.internal"), strict=True):
        assert re.search(rf"<td>[^<]*{word}[^<]*<br><code>{key}</code></td>", html, re.IGNORECASE)


def test_a_whole_drill_is_a_page_of_a_megabyte_at_most() -> None:
    """Of the samples' four scenarios; a drill has two hundred."""
    result = drill(Language.JA)
    empty = page.page(DrillResult.of([], Language.JA, 0.0))
    each = (len(page.page(result).encode()) - len(empty.encode())) / len(result.scenarios)
    assert 200 * each < 1_000_000
