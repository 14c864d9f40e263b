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
from tests.proof.async_invocation import LambdaContext
from tests.proof.conftest import Note
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.fuzz.answers import READS, CorruptingGateway, Junk, JunkGateway, ReportingJunkGateway
from tests.proof.fuzz.case_counts import seeds
from tests.proof.fuzz.mutate import ODD, Mutator
from tests.proof.fuzz.ongoing_incidents import ROLLOUT
from tests.proof.fuzz.worlds import OWN_TABLES, SECRETS, PlaybookWorld, broken, leaks, logged
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


def delivered(world: PlaybookWorld, gateway: FaultyGateway) -> BaseException | None:
    """Once: what is thrown goes to the retries, and then to `response_failed`."""
    event = world.scene.event("ALARM", world.aws.now)
    if not world.scene.alarm_name:
        event["detail"]["alarmName"] = "FaceAuth-Liveness-Degraded"
        event["resources"] = [f"{event['resources'][0]}FaceAuth-Liveness-Degraded"]
    given = World(gateway, Claims(gateway, "Claims"), world.environment, world.aws.now)
    try:
        answer(world.scene.playbook, event, LambdaContext(), given)
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.slug)
def test_an_alarm_is_reported_whatever_aws_answers(book: Playbook, note: Note) -> None:
    world, counted = broken(book), Counter[str]()
    known = (*FOUR, *world.settings.functions, world.settings.sessions_table, "live", "1", book.alarm)
    for seed in seeds(5, more=72):
        world.rewind()
        world.environment["LANGUAGE"] = "ja" if seed % 2 else "en"
        with logged() as lines:
            thrown = delivered(world, JunkGateway(world.aws, Junk(seed, known), OWN_TABLES))
        assert thrown is None, (seed, thrown)
        assert world.reported == 1, seed
        assert world.whole(), seed
        assert leaks(world, lines.lines, []) == [], seed
        assert world.acts == [], (seed, "acts on junk")
        counted.update(cases=1)
    note("bad input, answers of AWS (junk)", **counted)


def wrong(world: PlaybookWorld, gateway: CorruptingGateway, held: bool) -> list[str]:
    """What does not hold after this delivery; `held`: a person had muted the alarm."""
    world.rewind()
    with logged() as lines:
        thrown = delivered(world, gateway)
    found = [f"leaks {each}" for each in leaks(world, lines.lines, [thrown] if thrown else [])]
    if not (world.reported or thrown is not None):
        found.append("no message was sent")
    if not world.whole():
        found.append("a variable is lost")
    if world.acts and not _free(gateway.corrupted, held):
        found.append(f"acts: {world.acts}")
    return found


@pytest.mark.parametrize("book", BOOKS[:3], ids=lambda book: book.slug)
def test_one_answer_with_something_broken_in_it(book: Playbook, note: Note) -> None:
    world, counted = broken(book), Counter[str]()
    clean = FaultyGateway(world.aws)
    delivered(world, clean)
    for seed in seeds(8, more=75):
        mutator = Mutator(seed)
        gateway = CorruptingGateway(world.aws, mutator, 1 + (seed * 13) % len(clean.calls_made))
        assert wrong(world, gateway, held=False) == [], (gateway.corrupted, mutator.reported)
        counted.update(cases=1, acted=bool(world.acts))
    note("bad input, answers of AWS (corrupted)", **counted)


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("only", HOLDING, ids=lambda only: only[1])
def test_a_broken_answer_about_the_alarm_or_the_switches_frees_no_one_to_act(
    only: tuple[str, str], held: bool, note: Note
) -> None:
    world, counted = broken(), Counter[str]()
    for each in [name for name in world.aws.ssm.modes if name not in ("everywhere", ROLLOUT)]:
        # One remedy, one mode: nothing else can be free.
        del world.aws.ssm.modes[each]
    world.keep()
    muted = {
        "AlarmMuteRuleArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:deploy",
        "Status": "ACTIVE",
    }
    world.aws.answer(
        "cloudwatch", "list_alarm_mute_rules", {"AlarmMuteRuleSummaries": [muted] if held else []}
    )
    for seed in seeds(5, more=72):
        mutator = Mutator(seed)
        gateway = CorruptingGateway(world.aws, mutator, only=only)
        assert wrong(world, gateway, held) == [], (gateway.corrupted, mutator.reported)
        counted.update(cases=1, acted=bool(world.acts))
    note("bad input, answers of AWS (corrupted)", **counted)


@all_rows("odd", [*ODD, "INSUFFICIENT_DATA", "alarm"])
def test_nothing_is_done_about_an_alarm_whose_state_is_not_alarm_now(odd: Any, note: Note) -> None:
    world = the_broken_one()
    world.rewind()
    alarms = {"MetricAlarms": [{"StateValue": odd, "ActionsEnabled": True}]}
    world.aws.answer("cloudwatch", "describe_alarms", alarms)
    with logged():
        thrown = delivered(world, FaultyGateway(world.aws))
    assert thrown is None
    assert world.reported
    assert bool(world.acts) == (odd == "ALARM")
    note("bad input, answers of AWS (corrupted)", cases=1, acted=bool(world.acts))


@cache
def the_broken_one() -> PlaybookWorld:
    return broken()


def _free(corrupted: tuple[str, str, Any] | None, held: bool) -> bool:
    """The corrupted answer still says that the alarm is raised, and that nothing is stopped."""
    if corrupted is None or corrupted[:2] not in HOLDING:
        return not held
    if held and corrupted[1] != "list_alarm_mute_rules":
        return False
    operation, said = corrupted[1:]
    try:
        if operation == "describe_alarms":
            found = next(rows(said))
            enabled = found["ActionsEnabled"] is True and not found.get("ActionsSuppressedBy")
            return found["StateValue"] == "ALARM" and bool(enabled)
        if operation == "get_parameters_by_path":
            read = {each["Name"]: each["Value"] for each in said["Parameters"]}
            paused = any("/stops/" in name for name in read)
            return switches("/responder", read).mode(ROLLOUT) is Mode.AUTO and not paused
        return not said.get("AlarmMuteRuleSummaries")
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
        gateway = ReportingJunkGateway(aws, Junk(seed, known), ())
        with logged() as lines:
            round_.answer(Context(gateway, settings, aws.now, aws.now))
        (sent,) = aws.sns.published
        pages = [str(given["Body"]) for given in aws.sent("s3", "put_object")]
        seen = [str(sent), *pages, *lines.lines]
        assert [secret for secret in SECRETS if any(secret in each for each in seen)] == [], seed
        wrote = {each for each in aws.writes if not each[1].startswith(READS)}
        assert wrote <= {("s3", "put_object"), ("sns", "publish")}, seed
        tried += 1
    note("bad input, checks", cases=tried)
