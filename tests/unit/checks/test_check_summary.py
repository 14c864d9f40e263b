"""The message: green, amber or red first, then only what needs a person, then the page."""

import json
import re
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from responder.checks.finding import Acceptance, Checked, CheckItem, CheckStatus, Harm, RootCause
from responder.checks.model import HARM, Cadence, CheckSection
from responder.checks.report import summary
from responder.checks.report.json_report import machine
from responder.checks.report.page import page
from responder.checks.report.summary import Summary, amazon_q, data, envelope, plain, subject
from responder.core.plain_data import Json
from responder.core.text import text
from responder.messages.language import say
from responder.messages.mail import LIMIT
from responder.messages.plain_text import LONGEST
from responder.slack.outbound.notices import check_post
from tests.rows import all_rows
from tests.texts import piece
from tests.times import utc
from tests.unit.checks.reports import AMBER, FULL, GREEN, RED, SETTINGS, UNKNOWN, report

pytestmark = pytest.mark.unit

URL = "https://s3.console.aws.amazon.com/s3/object/reports?prefix=checks/daily/2026-02-04/report.ja.html"
SHORT = Summary(FULL, URL)


def test_the_light_is_the_first_thing_that_is_read() -> None:
    assert plain(SHORT, "ja", 200).startswith("🔴 日次チェック 2026-02-04: 今日、対応が必要です。")
    assert plain(SHORT, "en", 200).startswith("🔴 Daily check of 2026-02-04: Action required today: 1;")


def test_only_what_needs_a_person_is_notified_the_most_urgent_first() -> None:
    lines = [line for line in plain(SHORT, "en", 200).splitlines() if line.startswith("- ")]
    assert [line.split(":")[0] for line in lines] == ["- Cost", "- Alarms", "- Alarms"]
    assert "    aws ce get-cost-and-usage --filter '<f>'" in plain(SHORT, "en", 200).splitlines()


def test_within_a_light_the_greatest_harm_is_reported_first_and_cost_last() -> None:
    sections = ("cost", "readiness", "storage", "functions", "security")
    short = Summary(report(*(CheckSection(name, (AMBER, RED)) for name in sections)), URL)
    order = ["security", "functions", "storage", "readiness", "cost"]
    assert [one.name for one, _ in short.to_do] == 2 * order
    assert [item.light for _, item in short.to_do] == 5 * [CheckStatus.RED] + 5 * [CheckStatus.AMBER]
    given = page(short.report, "en").split(f"<h2>{piece('checks.to_do')}")[1]
    assert given.index("Security") < given.index("Cost")


def test_a_finding_may_do_another_harm_than_those_around_it() -> None:
    dear = replace(RED, harm=Harm.COST)
    short = Summary(report(CheckSection("performance", (dear, RED)), CheckSection("readiness", (RED,))), URL)
    assert [(one.name, item is dear) for one, item in short.to_do] == [
        ("performance", False),
        ("readiness", False),
        ("performance", True),
    ]


@pytest.mark.parametrize("rhythm", Cadence)
def test_of_every_check_the_harm_is_known(rhythm: Cadence) -> None:
    assert {each.name for each in import_module(f"checks.{rhythm}").checks(SETTINGS)} <= set(HARM)


def test_what_is_red_brings_its_evidence_the_chapter_and_the_command() -> None:
    said = [
        "ce:GetCostAndUsage",
        'Next: see "コスト管理" in the manual',
        "aws ce get-cost-and-usage",
    ]
    mail = plain(SHORT, "en", 200)
    places = [mail.index(each) for each in said]
    assert places == sorted(places)
    chat = json.dumps(blocks(SHORT), ensure_ascii=False)
    assert all(json.dumps(each, ensure_ascii=False)[1:-1] in chat for each in said[:2])


def test_what_is_not_red_stays_one_line() -> None:
    item = replace(AMBER, details=(text("evidence.failed.late"),), chapter="コスト管理")
    mail = plain(Summary(report(CheckSection("cost", (item,))), URL), "en", 200)
    assert "コスト管理" not in mail
    assert len([line for line in mail.splitlines() if line.startswith("    ")]) == 0


def test_findings_with_one_root_cause_are_one_line_that_counts_the_others() -> None:
    lead = replace(RED, root=RootCause.TRAFFIC)
    signs = [
        CheckSection(name, (replace(UNKNOWN, root=RootCause.TRAFFIC),) * 3)
        for name in ("functions", "readiness")
    ]
    other = replace(UNKNOWN, said=text("evidence.failed.late"))
    short = Summary(
        report(signs[0], CheckSection("figures", (lead,)), signs[1], CheckSection("alarms", (other,))), URL
    )
    assert subject(short).startswith("[MEDIUM] 1 to do today, 0 this week, 1 not checked - ")
    mail = plain(short, "en", 200)
    assert len([line for line in mail.splitlines() if line.startswith("- ")]) == 2
    assert "Other findings with the same cause: 6\n" in mail
    assert len(data(short, "en", 200)["to_do"]) == 2


def test_without_a_worse_one_the_first_of_its_signs_is_reported_and_green_hides_nothing() -> None:
    green = replace(GREEN, root=RootCause.TRAFFIC)
    short = Summary(
        report(
            CheckSection("figures", (green,)),
            CheckSection("functions", (replace(UNKNOWN, root=RootCause.TRAFFIC),)),
        )
    )
    assert short.report.light is CheckStatus.UNKNOWN
    assert len(short.to_do) == 1
    assert len(short.report.items(CheckStatus.GREEN)) == 1


def test_the_page_is_linked_in_every_body() -> None:
    for body in envelope(SHORT, "ja").bodies.values():
        assert URL in body.replace("&amp;", "&")


def test_what_could_not_be_looked_at_is_never_green() -> None:
    short = Summary(report(CheckSection("cost", (GREEN, UNKNOWN))))
    assert plain(short, "en", 200).startswith("⚪")
    assert subject(short).startswith("[UNKNOWN]")


def test_a_run_without_any_check_is_not_green() -> None:
    short = Summary(report())
    assert plain(short, "en", 200).startswith("⚪ Daily check of 2026-02-04: No check was run")
    assert subject(short) == "[UNKNOWN] nothing checked - Daily check 2026-02-04"


@all_rows("rhythm", Cadence)
@all_rows("item", [RED, AMBER, UNKNOWN, GREEN])
def test_a_subject_is_ascii_and_short(rhythm: Cadence, item: CheckItem) -> None:
    said = subject(Summary(report(CheckSection("cost", (item,) * 9), rhythm=rhythm)))
    assert said.isascii()
    # There may be ten thousand times as many.
    assert len(said) < 100 - len("0000")


def many(count: int, size: int) -> Summary:
    long = tuple(replace(RED, said=text("evidence.failed.denied", action="a" * size)) for _ in range(count))
    return Summary(report(CheckSection("cost", long)), URL)


def test_four_hundred_findings_fit_and_the_rest_is_counted() -> None:
    sent = envelope(many(400, 900), "en")
    assert len(sent.message.encode()) < LIMIT
    answer = json.loads(sent.bodies["sqs"])
    assert answer["left_out"] + len(answer["to_do"]) == 400
    assert answer["left_out"] > 0
    assert answer["to_do"]
    shown = sent.bodies["email"].count("\n- ")
    assert f"{400 - shown} more in the report" in sent.bodies["email"]


def test_what_is_for_people_is_short() -> None:
    sent = envelope(many(100, 20), "en")
    assert len(sent.bodies["email"]) <= LONGEST
    assert f"{100 - sent.bodies['email'].count('\n- ')} more in the report" in sent.bodies["email"]
    short = replace(RED, details=(), chapter="", said=text("evidence.failed.late"))
    few = envelope(Summary(report(CheckSection("cost", (short,) * 100)), URL), "en")
    assert few.bodies["email"].count("\n- ") == 30
    assert "70 more in the report" in json.dumps(blocks(many(100, 20)))
    assert len(json.loads(sent.bodies["sqs"])["to_do"]) == 100


def test_the_machines_get_json_and_amazon_q_its_own_schema() -> None:
    sent = envelope(SHORT, "ja")
    assert json.loads(sent.bodies["lambda"]) == data(SHORT, "ja", 200)
    assert json.loads(sent.bodies["https"]) == amazon_q(SHORT, "ja", 200)
    assert sent.bodies["default"] == sent.bodies["email"]


def test_amazon_q_calls_no_one_and_stays_within_its_lengths() -> None:
    reported = amazon_q(many(300, 900), "en", 200)
    assert len(reported["content"]["description"]) <= 2_800
    assert len(reported["content"]["nextSteps"]) <= 10
    assert URL.replace("&", "&amp;") in reported["content"]["description"]
    shown = amazon_q(Summary(report(CheckSection("<!channel>", (RED,)))), "en", 200)
    assert "<!channel>" not in json.dumps(shown)


def blocks(short: Summary) -> list[Json]:
    return check_post(data(short, "en", 200), "en").blocks


def test_slack_shows_what_to_do_with_its_command_and_the_page() -> None:
    shown = json.dumps(blocks(SHORT), ensure_ascii=False)
    assert "🔴 today *Cost*" in shown
    assert "```aws ce get-cost-and-usage --filter '&lt;f&gt;'```" in shown
    assert f"<{URL.replace('&', '&amp;')}|Report>" in shown
    assert "<script>" not in shown


def test_what_a_command_takes_away_is_shown_with_it_wherever_it_is_shown() -> None:
    item = replace(RED, command="aws iam detach-role-policy", caution=text("evidence.failed.late"))
    short = Summary(report(CheckSection("cost", (item,))), URL)
    words = say(text("evidence.failed.late"), "en")
    mail = plain(short, "en", 200).splitlines()
    assert f"⚠ {words}" in mail[mail.index("    aws iam detach-role-policy") - 1]
    assert blocks(short)[2]["text"]["text"] == f"⚠ {words}\n```aws iam detach-role-policy```"
    long = replace(item, command="aws iam detach-role-policy " + "x" * 3_000)
    without = blocks(Summary(report(CheckSection("cost", (long,))), URL))[2]["text"]["text"]
    assert without == f"⚠ {words}"
    (step,) = amazon_q(short, "en", 200)["content"]["nextSteps"]
    assert step == f"⚠ {words} `aws iam detach-role-policy`"
    assert f"⚠ {words}</p>\n<pre>aws iam detach-role-policy</pre>" in page(short.report, "en")
    assert machine(short.report)["sections"][0]["items"][0]["caution"]["en"] == words


def test_in_slack_half_a_command_is_never_shown() -> None:
    for size, command in ((10, "aws " + "y" * 490), (3_900, "aws " + "y" * 490), (10, "aws " + "<" * 490)):
        item = replace(RED, said=text("evidence.failed.denied", action="a" * size), command=command)
        long = replace(item, said=text("report.all", parts=(item.said,) * 6))
        for each in (item, long):
            shown = blocks(Summary(report(CheckSection("cost", (each,))), URL))[1]["text"]["text"]
            assert len(shown) < 3_000
            assert "```" not in shown or shown.endswith(f"```{command}```")


def test_how_urgent_it_is_does_not_depend_on_a_colour() -> None:
    for language, said in (("ja", "今日対応"), ("en", "today")):
        short = Summary(report(CheckSection("cost", (RED,))))
        chat = check_post(data(short, language, 200), language).blocks[1]["text"]["text"]
        assert chat.startswith(f"🔴 {said} *")
        assert f"\n🔴 {said} " in amazon_q(short, language, 200)["content"]["description"]


NASTY = "Face<!channel>&\"'</script><img src=x>`*_<@U1>[x](https://evil.example/)\u202eevil\u2066\x07\nnew"


def test_a_name_from_aws_calls_no_one_links_nowhere_and_disfigures_nothing() -> None:
    item = CheckItem(
        Checked.CHECK.of(),
        CheckStatus.RED,
        text("evidence.failed.denied", action=NASTY),
        command=f"aws x '{NASTY}'",
    )
    short = Summary(report(CheckSection("cost", (item,))), URL, text("checks.not_filed", reason=NASTY))
    sent = envelope(short, "ja")
    shown = json.dumps(check_post(json.loads(sent.bodies["lambda"]), "ja").blocks, ensure_ascii=False)
    for chat in (shown, sent.bodies["https"]):
        assert "<!channel" not in chat
        assert "<@U1" not in chat
        assert "](http" not in chat
    for body in (*sent.bodies.values(), shown):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", body)
        assert r"\u0007" not in body
    lines = sent.bodies["email"].splitlines()
    assert not any(line.startswith("new") for line in lines)


def test_a_command_that_does_not_show_what_it_does_is_not_offered() -> None:
    for command in ("aws x 'a\u202eb'", "aws x\nrm -r x", "aws x '\x1b[2J'"):
        short = Summary(report(CheckSection("cost", (replace(RED, command=command),))))
        assert data(short, "en", 200)["to_do"][0]["command"] is None
        assert amazon_q(short, "en", 200)["content"]["nextSteps"] == []
        assert len(plain(short, "en", 200).split("aws x")) == 1


def test_two_hundred_long_findings_fit_into_every_message() -> None:
    for size in (50, 300, 900):
        said = text(
            "checks.failed", name="対応が必要なアラーム" * (size // 10), reason=text("evidence.failed.late")
        )
        items = tuple(replace(RED, said=said, command="aws " + "y" * size) for _ in range(200))
        short = Summary(report(CheckSection("cost", items)), URL)
        for language in ("ja", "en"):
            sent = envelope(short, language)
            assert len(sent.message.encode()) < LIMIT
            assert len(sent.bodies["email"]) <= LONGEST
            assert all(URL in body.replace("&amp;", "&") for body in sent.bodies.values())
            chat = check_post(json.loads(sent.bodies["lambda"]), language).blocks
            texts = [
                part["text"]
                for each in chat
                for part in (each.get("text"), *each.get("elements", ()))
                if part
            ]
            assert len(chat) <= 50
            assert max(map(len, texts)) <= 3_000
            assert URL in texts[-1].replace("&amp;", "&")


def red(number: int, command: int = 400, **more: Any) -> CheckItem:
    return replace(
        RED, said=text("checks.at", at=f"{number}"), command=f"aws {number} {'y' * command}", **more
    )


def said_in(mail: str, items: tuple[CheckItem, ...]) -> int:
    return sum(
        any(line.endswith(f": {say(each.said, 'en')}") for line in mail.splitlines()) for each in items
    )


@all_rows("url", [URL, ""])
def test_a_mail_has_a_line_of_each_finding_then_the_commands_of_the_most_urgent(url: str) -> None:
    """Where there is no report, it names the command that shows what is missing."""
    items = tuple(map(red, range(20)))
    short = Summary(report(CheckSection("cost", items)), url)
    shown = summary.mail(short, "en", 30)
    assert len(shown) <= LONGEST
    assert said_in(shown, items) == 20
    commands = [number for number in range(20) if f"    aws {number} " in shown]
    assert commands == list(range(len(commands)))
    assert 2 < len(commands) < 9
    assert (say(text("checks.hidden"), "en") in shown) is bool(url)
    assert ("liveness-ops check daily --region" in shown) is not bool(url)
    # One that does not fit hides no other.
    huge = red(0, command=3_400)
    shown = summary.mail(Summary(report(CheckSection("cost", (huge, red(1), red(2)))), url), "en", 30)
    assert said_in(shown, (huge, red(1), red(2))) == 3
    assert [f"    aws {number} " in shown for number in range(3)] == [False, True, True]


def test_no_finding_refers_to_a_command_that_the_mail_does_not_show() -> None:
    shared = red(0, command=3_400)
    items = (shared, replace(AMBER, command=shared.command))
    shown = summary.mail(Summary(report(CheckSection("cost", items)), URL), "en", 30)
    assert "shown above" not in shown
    assert piece("checks.mends") not in shown


def test_acceptances_and_other_results_take_no_room_from_findings() -> None:
    """They are counted where they do not fit."""
    until = report().day
    given = Acceptance("aiko", utc("2026-02-01"), until, "known", "")
    items = tuple(replace(red(number), accepted=given) for number in range(40))
    week = replace(GREEN, in_message=True, details=(text("checks.at", at="z" * 90),) * 40)
    reds = tuple(map(red, range(100, 112)))
    short = Summary(report(CheckSection("cost", (*reds, week, *items))), URL)
    shown = summary.mail(short, "en", 30)
    assert len(shown) <= LONGEST
    assert said_in(shown, reds) == 12
    assert shown.count("acceptance by aiko ends") == 3
    lines = shown.count("z" * 90)
    assert f"  {40 - lines} more omitted." in shown
    assert "\n37 more acceptances end soon" in shown


@pytest.mark.parametrize("letter", ["a", "<", "あ"])
def test_slack_takes_a_finding_with_long_evidence_a_caution_and_a_command(letter: str) -> None:
    long = text("evidence.failed.denied", action=letter * 3_000)
    item = replace(RED, said=long, details=(long,) * 9, caution=long, command="aws " + "y" * 490)
    for each in blocks(Summary(report(CheckSection("cost", (item,))), URL)):
        assert len(json.dumps(each.get("text", ""), ensure_ascii=False)) < 3_100
        assert len((each.get("text") or {}).get("text", "")) <= 3_000


def test_slack_takes_it_however_much_there_is() -> None:
    shown = blocks(many(200, 900))
    assert len(shown) <= 50
    assert URL in json.dumps(shown)


def test_a_good_day_is_one_line_in_slack() -> None:
    assert len(blocks(Summary(report(CheckSection("cost", (GREEN,))), URL))) == 2


def test_light_and_counts_are_there_for_machines() -> None:
    reported = data(SHORT, "en", 200)
    assert reported["light"] == CheckStatus.RED
    assert reported["counts"] == {"red": 1, "amber": 1, "unknown": 1, "green": 2}


def test_a_command_that_fixes_several_findings_is_shown_once_with_what_it_fixes() -> None:
    command = "liveness-ops mode auto"
    found = (
        replace(RED, command=command),
        replace(AMBER, command=command),
        replace(AMBER, command="aws x"),
    )
    short = Summary(report(CheckSection("cost", found[:1]), CheckSection("alarms", found[1:])), URL)
    mail = plain(short, "en", 200)
    assert mail.count(command) == 1
    assert "This command also fixes 1 other finding." in mail
    assert 'Use the command shown above under "Cost".' in mail
    assert mail.count("aws x") == 1
    chat = json.dumps(blocks(short), ensure_ascii=False)
    assert chat.count(command) == 1
    assert piece("checks.mends") in chat
    assert "shown above under" in chat
    sent = data(short, "en", 200)["to_do"]
    assert [each["command"] for each in sent] == [command, None, "aws x"]
    assert [each["same_command_as"] for each in sent] == [None, 0, None]
    steps = amazon_q(short, "en", 200)["content"]["nextSteps"]
    assert [command in each for each in steps] == [True, False]
    assert piece("checks.mends") in steps[0]
    # Page and JSON name it with each.
    assert [each["command"] for one in machine(short.report)["sections"] for each in one["items"]] == [
        command,
        command,
        "aws x",
    ]


def test_a_command_with_another_caution_is_shown_again() -> None:
    """What it removes depends on what was found."""
    item = replace(AMBER, command="aws x", caution=text("evidence.failed.late"))
    other = replace(item, caution=text("evidence.failed.ours", kind="x"))
    mail = plain(Summary(report(CheckSection("cost", (item, other))), URL), "en", 200)
    assert mail.count("    aws x") == 2


def test_what_is_cut_off_takes_no_command_with_it() -> None:
    """The item that shows the command is before those that refer to it."""
    reported = data(many(300, 900), "en", 3)["to_do"]
    assert [each["same_command_as"] for each in reported] == [None, 0, 0]
    assert reported[0]["command"] == RED.command
