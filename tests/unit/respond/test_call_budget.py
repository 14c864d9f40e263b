"""How many requests a response sends to what AWS takes few of a second from a whole account: 15 for Lambda's
control plane, 5 to 25 for reads of logs, 2 for lookups in CloudTrail."""

import pickle
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import takewhile
from threading import Barrier, Thread
from typing import Any

import pytest

from responder.aws.gateway import SharedAnswers, through
from responder.aws.operations import Request
from responder.aws.parallel import side_by_side
from responder.core.cause import Cause
from responder.core.errors import Denied, Throttled
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import GENERAL
from responder.core.modes import Mode, Severity
from responder.core.plain_data import Json
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.verdict import Proposal, Verdict
from responder.evidence import Facts
from responder.remedies.memory_increase import MemoryIncrease
from responder.remedies.provisioned_concurrency import ProvisionedConcurrency
from responder.remedies.rollout_to_zero import RolloutToZero
from responder.respond import gather
from responder.respond.playbook import Playbook
from tests.fakes import FakeAws
from tests.rows import all_rows
from tests.unit.alarms.test_playbooks import ALL
from tests.unit.remedies.world import FOUR, rolled_out
from tests.unit.respond.scene import CREATE, RESULT, Scene

pytestmark = pytest.mark.unit
SIX = (*FOUR, CREATE, RESULT)
# These have their own rate (Lambda quotas, API requests).
OWN_RATE = frozenset({"invoke", "get_function", "get_policy"})
WITHOUT_ALIAS, WITH_ALIASES = 12, 16
CONFIGURATION = "get_function_configuration"

type Asked = Counter[tuple[str, str]]


def control_plane(aws: FakeAws) -> Iterator[tuple[str, Json]]:
    calls = ((operation, more) for service, operation, more in aws.calls if service == "lambda")
    return (call for call in calls if call[0] not in OWN_RATE)


def asked(scene: Scene, playbook: Playbook) -> Asked:
    """(operation, resource) of each request before the first write, or of all where nothing is written."""
    alarm = playbook.alarm or "FaceAuth-Other"
    scene.environment["ALARM_NAME"] = alarm
    event = scene.event(resources=[f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{alarm}"])
    event["detail"]["alarmName"] = alarm
    scene.aws.calls.clear()
    scene.deliver(event)
    before = takewhile(lambda call: Request("lambda", *call).reads, control_plane(scene.aws))
    return Counter(
        (operation, ":".join(str(more[name]) for name in ("FunctionName", "Qualifier") if name in more))
        for operation, more in before
    )


def released(scene: Scene) -> Scene:
    """An alias serves each of the six functions."""
    for name in SIX:
        scene.aws.lambdas.release(name, "live")
    scene.aws.settle()
    return scene


@all_rows("aliases", [False, True], ids=["as deployed", "with aliases"])
@all_rows("name", ALL)
def test_a_response_keeps_to_its_requests_and_asks_nothing_twice(name: str, aliases: bool) -> None:
    scene = Scene(playbook=ALL[name]).faults(15)
    found = asked(released(scene) if aliases else scene, ALL[name])
    assert [each for each, times in found.items() if times > 1] == []
    assert found.total() <= (WITH_ALIASES if aliases else WITHOUT_ALIAS)


@pytest.mark.parametrize("aliases", [False, True], ids=["as deployed", "with aliases"])
def test_the_main_remedy_is_applied_within_them(aliases: bool) -> None:
    scene = Scene().faults(15)
    found = asked(released(scene) if aliases else scene, scene.playbook)
    assert scene.result["result"] == "applied"
    assert found.total() == (WITH_ALIASES if aliases else WITHOUT_ALIAS)


def test_the_plans_begin_before_all_else_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their reads wait for one another, at the pace of Lambda's control plane."""
    begun: list[str] = []

    def noted(asks: Mapping[str, Callable[[], Any]], *given: Any, **named: Any) -> Json:
        begun.extend(asks)
        return side_by_side(asks, *given, **named)

    monkeypatch.setattr(gather, "side_by_side", noted)
    scene = Scene().faults(15)
    asked(scene, scene.playbook)
    assert begun[0] == "plan rollout_to_zero"
    plans = [name.startswith("plan ") for name in begun]
    assert plans == sorted(plans, reverse=True)


def again(scene: Scene) -> Asked:
    """What is asked of the control plane by the same response a quarter of an hour later."""
    scene.aws.settle()
    scene.aws.tick(minutes=16)
    scene.faults(15)
    scene.aws.calls.clear()
    scene.command("re-evaluate")
    return Counter(
        (operation, ":".join(str(more[name]) for name in ("FunctionName", "Qualifier") if name in more))
        for operation, more in control_plane(scene.aws)
    )


@pytest.mark.parametrize("aliases", [False, True], ids=["as deployed", "with aliases"])
def test_a_decision_made_again_keeps_to_them_with_a_remedy_in_force(aliases: bool) -> None:
    scene = Scene().faults(15)
    asked(released(scene) if aliases else scene, scene.playbook)
    scene.aws.settle()
    scene.command("finish", remedy="rollout_to_zero")
    assert len(scene.leases()) == 1
    found = again(scene)
    assert [each for each, times in found.items() if times > 1] == []
    assert found.total() <= (WITH_ALIASES if aliases else WITHOUT_ALIAS)


def test_finishing_asks_nothing_twice_and_looks_at_all_before_its_first_write() -> None:
    """What the remedy has read is not read again to judge whether it may continue."""
    scene = released(Scene().faults(15))
    scene.alarm()
    scene.aws.settle()
    scene.aws.calls.clear()
    scene.command("finish", remedy="rollout_to_zero")
    assert scene.result["result"] == "applied"
    found = Counter((operation, more["FunctionName"]) for operation, more in control_plane(scene.aws))
    assert set(found.values()) == {1}
    assert sum(Request("lambda", *each).reads for each in found) == WITH_ALIASES


def test_what_contradicts_the_record_is_asked_anew() -> None:
    """The answers that are shared may be older than what another response has written."""
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.settle()
    scene.aws.lambdas.person_sets(FOUR[0], LIVENESS_ROLLOUT_PERCENTAGE="100")
    found = again(scene)
    twice = {function for (operation, function), times in found.items() if times > 1}
    assert twice == {FOUR[0]}


# In the usual traffic, where each log fits on a page.
READS_OF_LOGS, LOOKUPS = 4, 1


@all_rows("name", ALL)
def test_logs_are_read_once_for_each_pattern_and_changes_are_looked_up_once(name: str) -> None:
    scene = Scene(playbook=ALL[name]).faults(15)
    asked(scene, ALL[name])
    read = [
        (each["logGroupName"], each["filterPattern"]) for each in scene.aws.sent("logs", "filter_log_events")
    ]
    assert len(read) == len(set(read)) <= READS_OF_LOGS
    assert scene.aws.count("cloudtrail", "lookup_events") <= LOOKUPS


def test_what_others_changed_of_a_remedy_costs_no_further_lookup() -> None:
    scene = Scene().faults(15)
    scene.alarm()
    scene.aws.settle()
    scene.aws.lambdas.person_sets(FOUR[0], LIVENESS_ROLLOUT_PERCENTAGE="100")
    again(scene)
    assert scene.aws.count("cloudtrail", "lookup_events") == LOOKUPS


WHY = text("why.no_fault_seen")
ROLLOUT = Proposal(RemedyName.ROLLOUT_TO_ZERO, WHY)
MEMORY = Proposal(RemedyName.MEMORY_INCREASE, WHY, Mode.APPROVE, LivenessFunction.RESULT)
WARM = Proposal(RemedyName.PROVISIONED_CONCURRENCY, WHY, scope=LivenessFunction.RESULT)


def proposing(*proposals: Proposal) -> Scene:
    """A response that proposes these, on a function with little memory."""

    def decide(_: Facts) -> Verdict:
        return Verdict(Cause.MEMORY(), WHY, proposals=proposals)

    remedies = (
        RolloutToZero(),
        MemoryIncrease(LivenessFunction.RESULT),
        ProvisionedConcurrency(LivenessFunction.RESULT),
    )
    scene = Scene(
        playbook=Playbook("", "high-error-rate", Severity.HIGH, (), decide, GENERAL, None, remedies)
    )
    scene.aws.lambdas.functions[RESULT].latest["MemorySize"] = 256
    return scene


def of_result(scene: Scene) -> list[str]:
    """What was asked, or changed, of the function that delivers results."""
    return [operation for operation, more in control_plane(scene.aws) if more.get("FunctionName") == RESULT]


def results(scene: Scene) -> list[str]:
    return [each["result"] for each in scene.reported[-1]["outcomes"]]


def test_what_only_a_proposal_needs_is_not_asked_without_it() -> None:
    scene = released(proposing(ROLLOUT))
    scene.alarm()
    assert results(scene) == ["applied"]
    assert "list_versions_by_function" not in of_result(scene)
    assert of_result(scene).count(CONFIGURATION) == 1


def test_what_only_a_proposal_needs_is_asked_after_the_act() -> None:
    scene = released(proposing(MEMORY, ROLLOUT))
    scene.alarm()
    calls = list(control_plane(scene.aws))
    written = [place for place, each in enumerate(calls) if not Request("lambda", *each).reads]
    versions = calls.index(("list_versions_by_function", {"FunctionName": RESULT}))
    assert versions > max(written)


def test_it_is_reported_in_the_order_of_the_evidence_and_can_be_approved() -> None:
    scene = proposing(MEMORY, ROLLOUT)
    scene.alarm()
    assert results(scene) == ["asked", "applied"]
    proposal = scene.result["approval"]
    scene.approve(proposal, "ken", "U0KEN")
    scene.command("apply", remedy="memory_increase", scope="result", proposal=proposal)
    assert results(scene) == ["applied"]


def test_what_is_planned_after_an_act_sees_what_the_act_has_written() -> None:
    readers = ",".join((*FOUR, RESULT))
    scene = proposing(ROLLOUT, MEMORY)
    scene.environment.update(ROLLOUT_FUNCTIONS=readers, ROLLOUT_READERS=readers)
    scene.aws.lambdas.person_sets(RESULT, LIVENESS_ROLLOUT_PERCENTAGE="50")
    scene.aws.tick(days=1)
    scene.requests(200)
    scene.alarm()
    # AWS still works on the first change, so that no second one is put before a person.
    assert results(scene) == ["applied", "refused"]


def test_the_read_right_before_a_write_is_never_an_earlier_answer() -> None:
    scene = warm()
    aws = scene.aws
    aws.between("dynamodb", "transact_write_items", lambda: aws.lambdas.provision(RESULT, "live", 3))
    scene.alarm()
    assert results(scene) == ["failed"]
    assert ("lambda", "put_provisioned_concurrency_config") not in aws.writes


def warm() -> Scene:
    """Provisioned concurrency is proposed for an alias with traffic."""
    scene = proposing(WARM)
    aws = released(scene).aws
    busy = [(aws.now - timedelta(minutes=minute), 1.0) for minute in range(1, 30)]
    scene.figures.put("AWS/Lambda", "Invocations", busy, FunctionName=RESULT, Resource=f"{RESULT}:live")
    return scene


def test_questions_side_by_side_share_one_request() -> None:
    aws = rolled_out()
    aws.lambdas.release(FOUR[0], "live")
    door, together, answers = through(aws, SharedAnswers()), Barrier(8), []

    def ask() -> None:
        together.wait()
        answers.append(
            [page["Aliases"] for page in door.pages("lambda", "list_aliases", FunctionName=FOUR[0])]
        )

    threads = [Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(answers) == 8
    assert all(answer == answers[0] and answer[0] for answer in answers)
    assert aws.count("lambda", "list_aliases") == 1


def test_an_error_is_shared_as_well() -> None:
    aws = rolled_out()
    aws.fail("lambda", "list_aliases", Denied, times=1)
    door = through(aws, SharedAnswers())
    for _ in range(2):
        with pytest.raises(Denied):
            list(door.pages("lambda", "list_aliases", FunctionName=FOUR[0]))


def test_what_was_turned_away_for_its_rate_may_be_asked_again() -> None:
    aws = rolled_out()
    aws.fail("lambda", CONFIGURATION, Throttled, times=1)
    door = through(aws, SharedAnswers())
    with pytest.raises(Throttled):
        door.call("lambda", CONFIGURATION, FunctionName=FOUR[0])
    assert door.call("lambda", CONFIGURATION, FunctionName=FOUR[0])["FunctionName"] == FOUR[0]


def test_a_write_forgets_what_was_kept_of_its_function_alone() -> None:
    aws = rolled_out()
    door = through(aws, SharedAnswers())
    for name in FOUR[:2]:
        door.call("lambda", CONFIGURATION, FunctionName=name)
    door.call("lambda", "update_function_configuration", FunctionName=FOUR[0], MemorySize=1024)
    sizes = [door.call("lambda", CONFIGURATION, FunctionName=name)["MemorySize"] for name in FOUR[:2]]
    assert sizes == [1024, 512]
    assert aws.count("lambda", CONFIGURATION) == 3


def test_kept_answers_can_neither_be_stored_nor_shown() -> None:
    door = through(rolled_out(), SharedAnswers())
    door.call("lambda", CONFIGURATION, FunctionName=FOUR[0])
    assert "s3cret" not in repr(door)
    with pytest.raises(TypeError):
        pickle.dumps(door)


def test_only_lambdas_control_plane_is_shared() -> None:
    aws = Scene().aws
    door = through(aws, SharedAnswers())
    for _ in range(2):
        door.call("dynamodb", "describe_table", TableName=Settings().sessions_table)
    assert aws.count("dynamodb", "describe_table") == 2
