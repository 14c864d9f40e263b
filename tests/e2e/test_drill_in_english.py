"""`make drill MESSAGES=en`: the same chain for a team that reads English."""

from concurrent.futures import Future

import pytest

from rehearsal.drill.play_scenario import ScenarioRun
from tests.e2e.cover import in_english

# tests/unit/messages shows each text in both languages; the stack of tests/integration speaks English.
pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


@pytest.mark.parametrize("scenario", [one.id for one in in_english()])
def test_scenario(scenario: str, played_in_english: dict[str, Future[ScenarioRun]]) -> None:
    played = played_in_english[scenario].result()
    assert played.problems == []
    bodies = [mail.text for act in played.acts for mail in act.mail]
    assert bodies
    assert not any("■ 次の作業" in body for body in bodies)
