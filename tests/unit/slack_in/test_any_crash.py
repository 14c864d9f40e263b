"""The function dies at any call of any button; Lambda tries again what it tries again, and the person presses
once more: one row, one command, one step, and everything is done."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from responder.errors import Denied, ResponderError, Unreachable
from responder.shell.log import log
from tests.fakes import Died
from tests.unit.slack_in.office import FUNCTION, Office, applied, asked

pytestmark = pytest.mark.unit

type Cell = tuple[str, str, int]
type Job = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Story:
    """`done`: what is there once it is done; `rows`, `commands`: how many."""

    begin: Callable[[], Office]
    press: Callable[[Office], object]
    done: Callable[[Office], bool]
    rows: int = 1
    commands: int = 0
    what: str = ""


STORIES = {
    "acknowledge": Story(asked, lambda o: o.press("acknowledge"), lambda _: True, what="acknowledge"),
    "approve": Story(
        asked,
        lambda o: o.press("approve"),
        lambda o: o.scene.percentages() == ["0"] * 4,
        commands=1,
        what="approve",
    ),
    "reject": Story(asked, lambda o: o.submit("no"), lambda _: True, what="reject"),
    "take back": Story(
        applied,
        lambda o: o.press("take_back", proposal=""),
        lambda o: bool(o.proposal),
        rows=0,
        commands=1,
        what="revert",
    ),
    "pause": Story(asked, lambda o: o.press("pause"), lambda o: len(o.pauses) > 0, rows=0, what="pause"),
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    # What is meant to fail would bury what is not.
    before = log().log_level
    log().setLevel("CRITICAL")
    yield
    log().setLevel(before)


def cells(story: Story) -> list[Cell]:
    """Every call of a clean run that is not the alarm's function's own."""
    office = story.begin()
    first, seen, found = len(office.scene.aws.calls), Counter[tuple[str, str]](), []
    story.press(office)
    while office.queue:
        name, event = office.queue.popleft()
        if name == FUNCTION:
            office.send(event)
    for service, operation, _ in office.scene.aws.calls[first:]:
        seen[service, operation] += 1
        found.append((service, operation, seen[service, operation]))
    return found


def lives(act: Callable[[], object]) -> bool:
    try:
        act()
    except (Died, ResponderError):
        return False
    return True


def deliver(office: Office) -> list[Job]:
    """What Lambda delivers now; the jobs that died come again after a minute."""
    died = []
    while office.queue:
        name, event = office.queue.popleft()
        if name != FUNCTION:
            office.commands.append(event)
            office.scene.deliver(event)
        elif not lives(lambda event=event: office.send(event)):  # type: ignore[misc]
            died.append((name, event))
    return died


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", STORIES)
def test_one_row_and_one_command_wherever_it_dies(name: str, after: bool) -> None:
    story = STORIES[name]
    found = cells(story)
    assert len(found) > 5
    for service, operation, number in found:
        office = story.begin()
        office.scene.aws.fail(service, operation, Died(), call=number, after=after)
        lives(lambda office=office: story.press(office))  # type: ignore[misc]
        died = deliver(office)
        office.scene.aws.tick(seconds=20)
        story.press(office)
        died += deliver(office)
        office.scene.aws.tick(seconds=45)
        office.queue.extend(died)
        assert deliver(office) == []
        cell = (service, operation, number)
        assert story.done(office), cell
        assert len(office.rows) == story.rows, cell
        assert len(office.commands) == story.commands, cell
        assert [step["what"] for step in office.steps] == [story.what], cell


FAULTS = {
    "denied": (Denied, False),
    "unreachable after": (Unreachable, True),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", STORIES)
def test_whatever_fails_is_told_and_done_once_by_pressing_again(name: str, fault: str) -> None:
    story, (error, after) = STORIES[name], FAULTS[fault]
    for service, operation, number in cells(story):
        office = story.begin()
        office.scene.aws.fail(service, operation, error, call=number, after=after)
        story.press(office)
        died = deliver(office)
        cell = (service, operation, number)
        assert office.ear.heard or operation == "get_secret_value", cell
        office.scene.aws.tick(seconds=65)
        office.queue.extend(died)
        deliver(office)
        story.press(office)
        assert deliver(office) == [], cell
        assert story.done(office), cell
        assert len(office.rows) == story.rows, cell
        assert len(office.commands) == story.commands, cell
        assert {step["what"] for step in office.steps} == {story.what}, cell
