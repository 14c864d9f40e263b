"""What names a time says something else once that time has come."""

import re
from collections.abc import Callable
from functools import partial

import pytest

from rehearsal.drill.mail_shape import past
from responder.core.report import Report
from tests.laid_out import plain, story_of
from tests.rows import all_rows, in_both_languages
from tests.texts import catalogue
from tests.unit.messages import due_times

NAMED: dict[str, Callable[[int], Report]] = {
    "must.approve_second": due_times.second_approval,
    "must.ends_at": due_times.reminder,
    "must.asked_from": due_times.recovery,
    "course.next_level": due_times.next_level,
    "course.keeps_warm": partial(due_times.mitigation, remedy="provisioned_concurrency"),
    "course.keeps_threshold": partial(due_times.mitigation, remedy="lower_threshold"),
}


def pattern(key: str, language: str) -> str:
    """Its sentence with any values."""
    form = catalogue()[key][language != "ja"]
    return ".+?".join(map(re.escape, re.split(r"\{\w+\}", form)))


@in_both_languages
@pytest.mark.parametrize("left", [1, 0, -1])
@all_rows("key", sorted(NAMED))
def test_a_time_that_has_come_is_not_named_as_one_to_come(key: str, left: int, language: str) -> None:
    report = NAMED[key](left)
    story = story_of(report, language)
    whole = "\n".join((story.advice.headline, *(said for _, said in story.course)))
    said = [each for each in (key, f"{key}_overdue") if re.search(pattern(each, language), whole)]
    assert said == [key if left > 0 else f"{key}_overdue"]
    assert list(past(f"{whole}\n{plain(report, language)}", report.at)) == []
