"""docs/messages.md: ten messages before and after their order was changed. `--snapshot-update` writes it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from responder.core.report import Report
from responder.messages.plain_text import SHORT, plain
from responder.messages.subject import subject
from tests.unit.followup.report_samples import REPORTS
from tests.unit.messages.samples import SAMPLES

pytestmark = pytest.mark.unit
PAGE = Path(__file__).parents[3] / "docs" / "messages.md"
BEFORE = Path(__file__).with_name("before")
INTRO = """\
# Ten messages, before and after

The mail that on-call gets, as it was until 27 November 2026 and as it is since. Its order: one line (what
users feel, what was done, what to do); what a yes does, where one is asked for; next steps with their
commands; what changed and how to undo it; the course; the cause and what was ruled out; evidence in short;
where it is, and the command that stops everything. The examples are those of the tests;
`tests/unit/messages/test_messages_page.py` writes this page.

| | before | after |
| --- | --- | --- |
"""
RATE = "[HIGH] FaceAuth-Liveness-HighErrorRate"
# Name of the sample, what it is about, and its subject as it was.
MESSAGES: Mapping[str, tuple[str, str]] = {
    "acts": ("The liveness check was switched off", f"{RATE} ALARM: liveness check off (rollout 0%) applied"),
    "asks": ("A person is asked", f"{RATE} ALARM: liveness check off (rollout 0%) needs approval"),
    "partly": ("Done in part", f"{RATE} ALARM: liveness check off (rollout 0%) partly applied"),
    "unknown": (
        "No cause found",
        "[HIGH L2] FaceAuth-LivenessSessions-Throttles ALARM: nothing changed",
    ),
    "nothing": ("Nothing to change", "[HIGH] FaceAuth-Liveness-LowSuccessRate ALARM: nothing changed"),
    "reverted": ("Reverted", f"{RATE} COMMAND: liveness check off (rollout 0%) taken back"),
    "escalate_3": (
        "Escalated to level 3",
        "[HIGH L3] FaceAuth-Liveness-HighErrorRate UNSOLVED 95 min: take over (liveness check OFF)",
    ),
    "mitigated": ("Mitigated", f"{RATE} MITIGATED: recovery not proven (liveness check OFF)"),
    "remind": ("Reminder", f"{RATE} REMINDER: security lowered (liveness check OFF)"),
    "close": ("Closed", f"{RATE} CLOSED: recovered"),
}


def report(name: str) -> Report:
    return SAMPLES[name] if name in SAMPLES else REPORTS[name]


def command_line(mail: str) -> int:
    lines = mail.splitlines()
    return next((number for number, line in enumerate(lines, 1) if "liveness-ops " in line), len(lines))


def measured(mails: list[str]) -> tuple[int, int]:
    """Characters, and the line of the first command, in the middle of all ten."""
    lengths, lines = sorted(map(len, mails)), sorted(map(command_line, mails))
    return lengths[len(mails) // 2], lines[len(mails) // 2]


def rows() -> Iterator[str]:
    for language in ("ja", "en"):
        before = [(BEFORE / f"{name}-{language}.txt").read_text("utf-8") for name in MESSAGES]
        (long, late), (short, early) = (
            measured(before),
            measured([plain(report(name), language) for name in MESSAGES]),
        )
        yield f"| characters, median ({language}) | {long:,} | {short:,} |"
        yield f"| line of the first command, median ({language}) | {late} | {early} |"


def blocks() -> Iterator[str]:
    for name, (title, old) in MESSAGES.items():
        yield f"\n## {title}\n"
        yield f"| | subject |\n| --- | --- |\n| before | {old} |\n| after | {subject(report(name))} |"
        yield f"| in Japanese, where SNS takes it | {subject(report(name), 'ja')} |"
        for language, label in (("ja", "日本語"), ("en", "English")):
            before = (BEFORE / f"{name}-{language}.txt").read_text("utf-8")
            yield f"\n<details><summary>{label}, before</summary>\n\n```text\n{before}```\n\n</details>\n"
            yield f"{label}, after:\n\n```text\n{plain(report(name), language)}```"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_half_of_the_ten_are_short(language: str) -> None:
    length, command = measured([plain(report(name), language) for name in MESSAGES])
    assert length <= SHORT
    assert command <= 5


def test_the_page_shows_the_mails_as_they_are(request: pytest.FixtureRequest) -> None:
    wanted = INTRO + "\n".join((*rows(), *blocks())) + "\n"
    if request.config.getoption("update_snapshots"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text("utf-8") == wanted
