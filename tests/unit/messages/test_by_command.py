"""What a person has to send is there to be pasted, and nothing that is not needed."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest

from responder.core.change import Status
from responder.core.manual import GENERAL
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.report import AcknowledgedBy, Report
from responder.core.settings import Settings
from responder.core.verdict import Result
from responder.messages.language import say
from responder.messages.next_steps import is_current
from responder.messages.steps import first_steps, with_commands
from tests.laid_out import plain, story_of
from tests.rows import all_rows
from tests.texts import catalogue, piece
from tests.unit.messages.samples import ACTS, LEASE, SAMPLES

OURS = replace(ACTS, region="eu-west-1", leases=())


def steps(report: Report) -> list[str]:
    return [say(step, "en") for step in first_steps(report)]


def commands(report: Report) -> list[str]:
    """Of the whole mail, besides the one that acknowledges."""
    found: list[str] = re.findall(r"liveness-ops .*", plain(report, "en"))
    return [command for command in found if " ack " not in command]


def with_act(**changed: Any) -> Report:
    return replace(OURS, outcomes=(replace(ACTS.outcomes[0], **changed),))


def reported(status: Status) -> Report:
    return with_act(changes=tuple(replace(each, status=status) for each in ACTS.outcomes[0].changes))


BACK = f"liveness-ops revert {ACTS.incident} rollout_to_zero --region eu-west-1"


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.APPLIED])
def test_what_was_set_has_the_command_that_reverts_it_beside_it(status: Status) -> None:
    assert commands(reported(status)) == [BACK]
    (act,) = story_of(reported(status), "en").advice.acts
    assert (act.undo, [label for label, _ in act.ending]) == (BACK, ["To undo"])


def test_a_postponed_revert_holds_no_change_of_another_incident() -> None:
    other = replace(LEASE, incident="FaceAuth-Liveness-LowSuccessRate-20261123T180000Z")
    said = plain(replace(OURS, topic="postponed", outcomes=(), leases=(LEASE, other)), "en")
    assert said.count("once this reason is gone") == said.count("Revert now") == 1


def test_while_a_revert_is_held_its_command_is_for_afterwards() -> None:
    status = reported(Status.APPLIED)
    stopped = replace(status, stop=Refusal.PAUSED(name="release", who="sato", why="v2", until="later"))
    labels = {
        "": "Revert now",
        "held": "once the automation is resumed",
        "postponed": "once this reason is gone",
    }
    found = {"": status, "held": stopped, "postponed": replace(stopped, topic="postponed")}
    assert {name: label in plain(found[name], "en") for name, label in labels.items()} == dict.fromkeys(
        labels, True
    )
    assert not any("Revert now" in plain(found[name], "en") for name in ("held", "postponed"))


def test_the_only_step_of_an_open_incident_that_never_misses_is_to_acknowledge_it() -> None:
    assert [each.split("\n")[1].split()[1] for each in steps(OURS)] == ["ack"]
    assert steps(replace(OURS, open=False)) == steps(replace(OURS, answered=False)) == []


def test_while_the_actions_of_the_alarm_are_disabled_the_command_that_enables_them_is_named() -> None:
    disabled = replace(OURS, stop=Refusal.ACTIONS_DISABLED())
    command = f"aws cloudwatch enable-alarm-actions --region eu-west-1 --alarm-names {ACTS.alarm}"
    assert steps(disabled)[-1].split("\n")[1] == command


def test_a_command_quotes_an_alarm_name_that_a_shell_would_take_apart() -> None:
    named = replace(OURS, alarm="My alarm; x", stop=Refusal.ACTIONS_DISABLED())
    assert steps(named)[-1].endswith("--alarm-names 'My alarm; x'")
    (current,) = is_current((Refusal.STALE(minutes=20),), "My alarm; x", followed=True)
    assert "--alarm-names 'My alarm; x' " in say(with_commands((current,), GENERAL, Settings())[0], "en")


def test_no_alarm_is_enabled_for_actions_that_it_never_has() -> None:
    stopped = replace(OURS, stop=Refusal.ACTIONS_DISABLED(), slug="unknown-alarm")
    assert not any("enable-alarm-actions" in each for each in steps(stopped))


def test_who_works_on_it_already_is_named() -> None:
    taken = replace(OURS, taken=AcknowledgedBy("sato", ACTS.at + timedelta(minutes=20)))
    assert steps(taken)[0].startswith("sato has acknowledged it until Nov 23 18:27 UTC")
    past = replace(OURS, taken=AcknowledgedBy("sato", ACTS.at))
    assert steps(past)[0].startswith(piece("step.acknowledge"))


def test_a_pause_in_force_is_in_the_first_line_with_the_command_that_ends_it() -> None:
    stop = Refusal.PAUSED(name="release", who="sato", why="v2", until="2026-11-23T19:00:00Z")
    paused = replace(OURS, stop=stop)
    assert "release" in plain(paused, "en").splitlines()[0]
    assert "liveness-ops resume release --region eu-west-1" in commands(paused)
    muted = replace(OURS, stop=Refusal.MUTED(name="night"))
    assert "night" in plain(muted, "ja").splitlines()[0]
    assert not any("resume" in command for command in commands(muted))
    assert not any("resume" in command for command in commands(replace(paused, answered=False)))


@pytest.mark.parametrize(
    ("stop", "command"),
    [
        (
            Refusal.MUTED(name="night; x"),
            "aws cloudwatch get-alarm-mute-rule {} --alarm-mute-rule-name 'night; x'",
        ),
        (
            Refusal.SUPPRESSED(name="Maintenance; x", phase="Alarm"),
            "aws cloudwatch describe-alarms {} --alarm-names 'Maintenance; x' --alarm-types",
        ),
    ],
)
def test_what_silences_the_alarm_has_the_command_about_it_where_its_name_is_known(
    stop: ExplainedReason[Refusal], command: str
) -> None:
    silenced = replace(OURS, stop=stop)
    assert command.format("--region eu-west-1") in steps(silenced)[-1].split("\n")[1]
    unnamed = ExplainedReason(stop.kind, {**stop.values, "name": "?"})
    no_use = replace(silenced, answered=False)
    for other in (replace(silenced, stop=unnamed), replace(silenced, slug="unknown-alarm"), no_use):
        assert not any("aws cloudwatch" in each for each in steps(other))


def test_a_mute_or_suppression_that_ends_without_a_person_has_no_command() -> None:
    ended = Refusal.MUTED_EVENT(name="night", until="2026-11-23T19:00:00Z")
    short = Refusal.SUPPRESSED(name="Maintenance", phase="WaitPeriod")
    for stop in (ended, short):
        assert not any("aws cloudwatch" in each for each in steps(replace(OURS, stop=stop)))


def test_the_instance_of_a_remedy_is_named() -> None:
    (back,) = commands(with_act(remedy="provisioned_concurrency", scope="result"))
    assert back == BACK.replace("rollout_to_zero", "provisioned_concurrency --scope result")


@pytest.mark.parametrize("result", [Result.REFUSED, Result.OBSERVED, Result.FAILED, Result.REVERTED])
def test_what_is_not_in_force_needs_no_command(result: Result) -> None:
    assert commands(with_act(result=result)) == []


def test_what_is_only_written_down_needs_no_command() -> None:
    assert commands(with_act(remedy="propose_change")) == []


ASKED = with_act(result=Result.ASKED, approval="a017f632")
APPROVE = f"liveness-ops approve {ACTS.incident} a017f632 --region eu-west-1"


def test_a_proposal_is_answered_before_everything_else() -> None:
    reject = APPROVE.replace("approve", "reject").replace("a017f632", 'a017f632 --reason "why"')
    assert commands(ASKED) == [APPROVE, reject]
    asked = 'Approve or reject "liveness check off (rollout 0%)":'
    assert steps(ASKED)[0].split("\n") == [asked, APPROVE, reject]


def test_another_stack_is_named() -> None:
    assert commands(replace(ASKED, stack="responder-2"))[0] == f"{APPROVE} --stack responder-2"


def test_no_way_is_offered_that_goes_past_the_entry_for_people() -> None:
    assert not any("dynamodb" in step or "lambda invoke" in step for step in steps(ASKED))


def test_where_two_people_are_needed_it_reports_it() -> None:
    asked = with_act(remedy="lower_threshold", result=Result.ASKED, approval="1")
    assert "two different people" in steps(asked)[0]
    assert "people" not in steps(ASKED)[0]


@all_rows("name", sorted(SAMPLES))
@all_rows("language", ["ja", "en"])
def test_no_gap_is_left(name: str, language: str) -> None:
    for step in story_of(SAMPLES[name], language).advice.answers:
        assert not re.search(r"<[a-z_]+>", step.said)


# The groups of the catalogue with which the console, the entry for people or a click refuses something.
REFUSALS = ("click", "console", "denial", "guard", "ops", "person", "settings")
# Of the program itself, and of the local AWS, which has no Region.
NO_COMMAND = ("can ", "and ", "local ")


def test_a_refusal_names_no_command_without_the_options_that_find_the_stack() -> None:
    without = {
        key
        for key, forms in catalogue().items()
        if key.partition(".")[0] in REFUSALS
        for named in chain.from_iterable(form.split("liveness-ops ")[1:] for form in forms)
        if re.match("[a-z]", named) and not named.startswith(NO_COMMAND)
        if not re.search(r"\{(where|options|console)\}", named)
    }
    assert without == set()
