import pytest

from responder.core.change import Status
from responder.core.liveness_function import LivenessFunction
from responder.remedies.memory_increase import MemoryIncrease
from tests.fakes import FakeAws
from tests.unit.remedies.world import OTHERS, RESULT, applied, context, keys, notes, reverted, statuses

REMEDY = MemoryIncrease(LivenessFunction.RESULT)


@pytest.fixture
def aws() -> FakeAws:
    aws = FakeAws()
    aws.lambdas.add(RESULT, OTHERS, MemorySize=256)
    return aws


def memory(aws: FakeAws) -> int:
    return int(aws.lambdas.functions[RESULT].latest["MemorySize"])


def test_the_memory_is_doubled_and_every_variable_stays(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    assert memory(aws) == 512
    assert aws.lambdas.variables(RESULT) == OTHERS
    assert statuses(held.changes) == [Status.APPLIED]


def test_more_than_wanted_is_already_so(aws: FakeAws) -> None:
    aws.lambdas.functions[RESULT].latest["MemorySize"] = 1024
    assert REMEDY.prepare(context(aws)).already


def test_the_alias_serves_the_new_size(aws: FakeAws) -> None:
    aws.lambdas.release(RESULT, "live")
    applied(aws, REMEDY)
    version = aws.lambdas.functions[RESULT].aliases["live"]["FunctionVersion"]
    assert aws.lambdas.functions[RESULT].versions[version]["MemorySize"] == 512


def test_reverting_restores_the_old_size_on_the_alias_too(aws: FakeAws) -> None:
    aws.lambdas.release(RESULT, "live")
    back = reverted(aws, REMEDY, applied(aws, REMEDY))
    version = aws.lambdas.functions[RESULT].aliases["live"]["FunctionVersion"]
    assert memory(aws) == aws.lambdas.functions[RESULT].versions[version]["MemorySize"] == 256
    assert statuses(back.changes) == [Status.REVERTED]


def test_reverting_never_overwrites_a_persons_later_size(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.lambdas.functions[RESULT].latest["MemorySize"] = 768
    back = reverted(aws, REMEDY, held)
    assert memory(aws) == 768
    assert notes(back.changes) == ["change.kept"]


def test_variables_that_cannot_be_decrypted_refuse_it_too(aws: FakeAws) -> None:
    aws.lambdas.lock_key(RESULT)
    assert keys(REMEDY.prepare(context(aws))) == ["obstacle.variables_unreadable"]


def test_an_alias_that_is_behind_gets_what_a_person_set_already(aws: FakeAws) -> None:
    aws.lambdas.release(RESULT, "live")
    aws.lambdas.functions[RESULT].latest["MemorySize"] = 1024
    held = applied(aws, REMEDY)
    version = aws.lambdas.functions[RESULT].aliases["live"]["FunctionVersion"]
    assert aws.lambdas.functions[RESULT].versions[version]["MemorySize"] == 1024
    assert statuses(held.changes) == [Status.APPLIED]
    assert aws.count("lambda", "update_function_configuration") == 0
