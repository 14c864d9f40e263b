"""`make drill MESSAGES=en`: the same chain for a team that reads English."""

from concurrent.futures import Future

import pytest

from liveness_ops.drill.stage import Played
from tests.e2e.cover import in_english

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


# A response, commands, a follow-up and a report; and the function of an alarm that has no playbook. That each
# text is there in both languages is shown in tests/unit/messages.
IN_TEST = ("high-error-rate/followed", "unknown-alarm/anomaly-band")


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(one.id, marks=() if one.id in IN_TEST else pytest.mark.long, id=one.id)
        for one in in_english()
    ],
)
def test_scenario(scenario: str, played_in_english: dict[str, Future[Played]]) -> None:
    played = played_in_english[scenario].result()
    assert played.problems == []
    bodies = [mail.text for act in played.acts for mail in act.mail]
    assert bodies
    assert not any("■ 次の作業" in body for body in bodies)
