"""The page of a drill: what differs first, every link leads somewhere, nothing foreign runs."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from liveness_ops.people.options import Language
from rehearsal.drill import files, page
from rehearsal.drill.results import OUTCOMES
from rehearsal.drill.slack_page import mrkdwn
from rehearsal.drill.words import say
from tests.unit.drill.samples import INCIDENT, drill

pytestmark = pytest.mark.unit

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
    parsed = Parsed(page.write(result, tmp_path).read_text("utf-8"))
    assert f"reports/{INCIDENT}/report.{language}.html" in parsed.links
    for link in parsed.links:
        if link.startswith("#"):
            assert link[1:] in parsed.ids
        elif link.startswith("https://"):
            assert urlsplit(link).netloc
            assert not re.search(r"[<>\s]", link)
        else:
            assert (tmp_path / link).is_file()
    assert len(parsed.ids) == len(set(parsed.ids))


def test_an_address_with_asterisks_stays_one_address() -> None:
    url = "https://x.amazon.com/home?region=us-east-1#metricsV2:graph=~(~'FaceAuth*2fLiveness~'Error*20x)"
    for marked in (f"<{url}|chart> *bold* <{url}|again>", f"*<{url}|chart>*", f"*a* <{url}> *b <{url}|c> d*"):
        links = Parsed(mrkdwn(marked)).links
        assert links and set(links) == {url}


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
def test_the_command_to_replay_stands_in_every_scenario(language: Language) -> None:
    result = drill(language)
    html = page.page(result)
    for one in result.scenarios:
        assert f"<code>{one.replay}</code>" in html
    assert html.count(say("page.copy", language)) == len(result.scenarios)
    assert ("MESSAGES=en" in html) is (language is Language.EN)


@LANGUAGES
def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else(language: Language) -> None:
    parsed = Parsed(page.page(drill(language)))
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


def test_a_first_message_is_there_once() -> None:
    result = drill(Language.EN)
    text = page.page(result)
    one = text[text.index('id="high-error-rate.acts"') :].partition('<details class="scenario')[0]
    assert one.count('<pre class="mail">') == 2
