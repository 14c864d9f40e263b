"""What the channel of a level reads when it is called, and which channel that is."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.report import ReportKind
from responder.core.text import Strings
from responder.messages.block_kit import words
from responder.slack.outbound.level import channels, pointer, unreached
from responder.slack.outbound.root import mention
from responder.slack.status import add
from tests.fakes import slack_blocks
from tests.laid_out import message_of
from tests.texts import piece
from tests.unit.messages import samples
from tests.unit.slack_outbound.drawing import drawn

CALLED = replace(samples.UNKNOWN, kind=ReportKind.ESCALATION, topic="escalate", level=2)
URL = "https://team.slack.com/archives/C0ONCALL/p17"


def reported(language: str, url: str = URL, mention: str = "", **changes: Any) -> Any:
    report = message_of(replace(CALLED, **changes), language)
    return pointer(report, add(None, report), mention, "C0ONCALL", url)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "ja",
            (
                "🔴 未解決・要対応",
                "エスカレーションしました: レベル 2 開発チームリーダー",
                "次の作業",
                "この投稿は更新されません",
            ),
        ),
        (
            "en",
            (
                "🔴 unresolved, act now",
                "Escalated to Level 2 (development lead).",
                piece("label.steps"),
                piece("slack.pointer_at"),
            ),
        ),
    ],
)
def test_it_says_who_is_called_what_is_broken_what_to_do_first_and_where(
    language: str, wanted: Strings
) -> None:
    shown = drawn(reported(language))
    report = message_of(CALLED, language)
    assert [part for part in (*wanted, report.headline, URL) if part not in shown] == []
    first, second = (step.text.split("\n")[0] for step in report.steps[:2])
    assert f"1. {words(first)}" in shown
    assert words(second) not in shown


def test_the_people_of_the_level_are_called_on_the_telephone_and_in_the_message() -> None:
    post = reported("en", mention="<!subteam^S1>")
    assert post.text.startswith("<!subteam^S1> 🔴")
    assert post.blocks[1]["text"]["text"] == "<!subteam^S1> Escalated to Level 2 (development lead)."


def test_without_an_address_it_names_the_channel_and_the_incident() -> None:
    shown = drawn(reported("en", url=""))
    assert f"<#C0ONCALL> has the message of incident {CALLED.incident}." in shown


def test_it_has_no_button_since_no_one_would_see_it_change() -> None:
    assert {block["type"] for block in reported("ja").blocks} == {"header", "section", "context"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "⚠️ チャンネル C0DEV（レベル 2 開発チームリーダー）に通知できませんでした（is_archived）。"),
        ("en", "⚠️ Level 2 (development lead) could not be notified in channel C0DEV (is_archived). "),
    ],
)
def test_a_channel_that_was_not_reached_is_named_with_the_reason(language: str, said: str) -> None:
    post = unreached(message_of(CALLED, language), "C0DEV", "is_archived")
    assert post.blocks[0]["text"]["text"].startswith(said)
    assert post.loud


@given(st.text(max_size=4_000), st.sampled_from(["", URL, "no address"]))
def test_slack_accepts_the_call_for_a_report_with_any_text(said: str, url: str) -> None:
    post = reported(
        "ja", url=url, mention="<!subteam^S1>", alarm=said.encode("utf-8", "ignore").decode()[:300]
    )
    assert slack_blocks.problems(post.blocks) == []
    assert "<!channel>" not in post.text


@pytest.mark.parametrize(
    ("parameter", "found", "called"),
    [
        ("", [], ""),
        ("2=C0DEV", ["C0DEV"], ""),
        ("2=<#C0DEV>", ["C0DEV"], ""),
        ("2=<!subteam^S1DEV>,3=<@U2>", [], "<!subteam^S1DEV>"),
        ("2=<!subteam^S1DEV>,2=C0DEV,3=C0ARCH,2=<#G0OLD>", ["C0DEV", "G0OLD"], "<!subteam^S1DEV>"),
        ("2=C0DEV,2=<#C0DEV>", ["C0DEV"], ""),
        ("3=C0ARCH,2=#dev,2=U0A,2=<#C0DEV", [], ""),
    ],
)
def test_a_level_has_its_channels_beside_its_people(parameter: str, found: list[str], called: str) -> None:
    report = message_of(CALLED, "ja")
    assert channels(report, parameter) == found
    assert mention(report, parameter) == called


@pytest.mark.parametrize("kind", [kind for kind in ReportKind if kind is not ReportKind.ESCALATION])
def test_only_an_escalation_is_reported_elsewhere(kind: ReportKind) -> None:
    assert channels(message_of(replace(CALLED, kind=kind), "ja"), "2=C0DEV") == []
