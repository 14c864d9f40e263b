"""Whatever AWS answers: junk of the shape of its own model, or a good answer with something broken in it. It
is reported, nothing is lost, and what must not leave does not."""

import importlib
from collections import Counter
from functools import cache
from typing import Any

import pytest

from alarms import high_error_rate, images_access_denied, low_confidence, slow_verification, unknown_alarm
from alarms import sessions_table_throttles as table_throttles
from responder.alarm_function.handler import World, answer
from responder.aws.claims import Claims
from responder.checks.run.handler import ScheduledCheck
from responder.core.context import Context
from responder.core.deployed_alarm import rows
from responder.core.modes import Mode
from responder.core.settings import Settings
from responder.core.switches import switches
from responder.respond.playbook import Playbook
from tests.fakes import FakeAws
from tests.proof.conftest import Note
from tests.proof.door import Door
from tests.proof.fuzz.amount import seeds
from tests.proof.fuzz.answers import READS, BentDoor, Filed, Junk, JunkDoor
from tests.proof.fuzz.mutate import ODD, Mutator
from tests.proof.fuzz.played import ROLLOUT
from tests.proof.fuzz.worlds import OWN_TABLES, SECRETS, Place, broken, leaks, logged
from tests.proof.invoked import LambdaContext
from tests.rows import all_rows
from tests.unit.remedies.world import FOUR

BOOKS = [
    each.playbook
    for each in (
        high_error_rate,
        slow_verification,
        table_throttles,
        images_access_denied,
        low_confidence,
        unknown_alarm,
    )
]
# What holds an act back, whatever else is known.
HOLDING = (
    ("ssm", "get_parameters_by_path"),
    ("cloudwatch", "describe_alarms"),
    ("cloudwatch", "list_alarm_mute_rules"),
)


def delivered(place: Place, door: Door) -> BaseException | None:
    """Once: what is thrown goes to the retries, and then to `response_failed`."""
    event = place.stage.event("ALARM", place.aws.now)
    if not place.stage.alarm_name:
        event["detail"]["alarmName"] = "FaceAuth-Liveness-Degraded"
        event["resources"] = [f"{event['resources'][0]}FaceAuth-Liveness-Degraded"]
    world = World(door, Claims(door, "Claims"), place.environment, place.aws.now)
    try:
        answer(place.stage.playbook, event, LambdaContext(), world)
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.slug)
def test_an_alarm_is_reported_whatever_aws_answers(book: Playbook, note: Note) -> None:
    place, counted = broken(book), Counter[str]()
    known = (*FOUR, *place.settings.functions, place.settings.sessions_table, "live", "1", book.alarm)
    for seed in seeds(5, more=72):
        place.rewind()
        place.environment["LANGUAGE"] = "ja" if seed % 2 else "en"
        with logged() as lines:
            thrown = delivered(place, JunkDoor(place.aws, Junk(seed, known), OWN_TABLES))
        assert thrown is None, (seed, thrown)
        assert place.reported == 1, seed
        assert place.whole(), seed
        assert leaks(place, lines.lines, []) == [], seed
        assert place.acts == [], (seed, "acts on junk")
        counted.update(cases=1)
    note("bad input, answers of AWS (junk)", **counted)


def wrong(place: Place, door: BentDoor, held: bool) -> list[str]:
    """What does not hold after this delivery; `held`: a person had muted the alarm."""
    place.rewind()
    with logged() as lines:
        thrown = delivered(place, door)
    found = [f"leaks {each}" for each in leaks(place, lines.lines, [thrown] if thrown else [])]
    if not (place.reported or thrown is not None):
        found.append("no message was sent")
    if not place.whole():
        found.append("a variable is lost")
    if place.acts and not _free(door.bent, held):
        found.append(f"acts: {place.acts}")
    return found


@pytest.mark.parametrize("book", BOOKS[:3], ids=lambda book: book.slug)
def test_one_answer_with_something_broken_in_it(book: Playbook, note: Note) -> None:
    place, counted = broken(book), Counter[str]()
    clean = Door(place.aws)
    delivered(place, clean)
    for seed in seeds(8, more=75):
        mutator = Mutator(seed)
        door = BentDoor(place.aws, mutator, 1 + (seed * 13) % len(clean.passed))
        assert wrong(place, door, held=False) == [], (door.bent, mutator.reported)
        counted.update(cases=1, acted=bool(place.acts))
    note("bad input, answers of AWS (bent)", **counted)


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("only", HOLDING, ids=lambda only: only[1])
def test_a_broken_answer_about_the_alarm_or_the_switches_frees_no_one_to_act(
    only: tuple[str, str], held: bool, note: Note
) -> None:
    place, counted = broken(), Counter[str]()
    for each in [name for name in place.aws.ssm.modes if name not in ("everywhere", ROLLOUT)]:
        # One remedy, one mode: nothing else can be free.
        del place.aws.ssm.modes[each]
    place.keep()
    muted = {
        "AlarmMuteRuleArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:deploy",
        "Status": "ACTIVE",
    }
    place.aws.answer(
        "cloudwatch", "list_alarm_mute_rules", {"AlarmMuteRuleSummaries": [muted] if held else []}
    )
    for seed in seeds(5, more=72):
        mutator = Mutator(seed)
        door = BentDoor(place.aws, mutator, only=only)
        assert wrong(place, door, held) == [], (door.bent, mutator.reported)
        counted.update(cases=1, acted=bool(place.acts))
    note("bad input, answers of AWS (bent)", **counted)


@all_rows("odd", [*ODD, "INSUFFICIENT_DATA", "alarm"])
def test_nothing_is_done_about_an_alarm_whose_state_is_not_alarm_now(odd: Any, note: Note) -> None:
    place = the_broken_one()
    place.rewind()
    alarms = {"MetricAlarms": [{"StateValue": odd, "ActionsEnabled": True}]}
    place.aws.answer("cloudwatch", "describe_alarms", alarms)
    with logged():
        thrown = delivered(place, Door(place.aws))
    assert thrown is None
    assert place.reported
    assert bool(place.acts) == (odd == "ALARM")
    note("bad input, answers of AWS (bent)", cases=1, acted=bool(place.acts))


@cache
def the_broken_one() -> Place:
    return broken()


def _free(bent: tuple[str, str, Any] | None, held: bool) -> bool:
    """The bent answer still says that the alarm is raised, and that nothing is stopped."""
    if bent is None or bent[:2] not in HOLDING:
        return not held
    if held and bent[1] != "list_alarm_mute_rules":
        return False
    operation, said = bent[1:]
    try:
        if operation == "describe_alarms":
            found = next(rows(said))
            enabled = found["ActionsEnabled"] is True and not found.get("ActionsSuppressedBy")
            return found["StateValue"] == "ALARM" and bool(enabled)
        if operation == "get_parameters_by_path":
            read = {each["Name"]: each["Value"] for page in said for each in page["Parameters"]}
            paused = any("/stops/" in name for name in read)
            return switches("/responder", read).mode(ROLLOUT) is Mode.AUTO and not paused
        return not any(page.get("AlarmMuteRuleSummaries") for page in said)
    except (AttributeError, KeyError, StopIteration, TypeError):
        return False


RHYTHMS = ("daily", "weekly", "monthly")


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_a_check_is_reported_whatever_aws_answers(rhythm: str, note: Note) -> None:
    round_: ScheduledCheck = importlib.import_module(f"checks.{rhythm}").round_
    settings = Settings(
        account="123456789012", topic="arn:aws:sns:us-east-1:123456789012:t", reports_bucket="reports"
    )
    known = (
        *settings.functions,
        settings.sessions_table,
        settings.stack,
        settings.service_role,
        "AWS Lambda",
    )
    tried = 0
    for seed in seeds(2, more=75):
        aws = FakeAws()
        aws.answer("s3", "put_object", {})
        door = Filed(aws, Junk(seed, known), ())
        with logged() as lines:
            round_.answer(Context(door, settings, aws.now, aws.now))
        (sent,) = aws.sns.published
        pages = [str(given["Body"]) for given in aws.sent("s3", "put_object")]
        seen = [str(sent), *pages, *lines.lines]
        assert [secret for secret in SECRETS if any(secret in each for each in seen)] == [], seed
        wrote = {each for each in aws.writes if not each[1].startswith(READS)}
        assert wrote <= {("s3", "put_object"), ("sns", "publish")}, seed
        tried += 1
    note("bad input, checks", cases=tried)
