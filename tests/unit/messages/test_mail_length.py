"""Mails to on-call are short: half of those that a long incident sends, in each language."""

from collections.abc import Iterable
from statistics import median_high

from responder.messages.plain_text import SHORT
from tests.laid_out import plain
from tests.rows import in_both_languages
from tests.unit.followup.report_samples import REPORTS
from tests.unit.messages.samples import SAMPLES

RESPONSES = ("acts", "asks", "partly", "unknown", "nothing", "reverted")
FOLLOW_UP = ("escalate_3", "mitigated", "remind", "close")
EARLY = 5


def mails(language: str) -> Iterable[str]:
    for report in (*map(SAMPLES.__getitem__, RESPONSES), *map(REPORTS.__getitem__, FOLLOW_UP)):
        yield plain(report, language)


def command_line(mail: str) -> int:
    lines = mail.splitlines()
    return next((number for number, line in enumerate(lines, 1) if "liveness-ops " in line), len(lines))


@in_both_languages
def test_half_of_the_mails_are_short_and_show_the_first_command_early(language: str) -> None:
    found = [*mails(language)]
    assert median_high(map(len, found)) <= SHORT
    assert median_high(map(command_line, found)) <= EARLY
