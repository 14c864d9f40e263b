"""An alarm of medium severity in which requests die: everything that is reported of it says high."""

from alarms import slow_verification
from rehearsal.world.request_endings import out_of_memory, passed, timed_out
from rehearsal.world.traffic import Requests
from responder.core.errors import Unreachable
from tests.unit.respond.scene import RESULT, Scene
from tests.unit.respond.seeded import seeded

GOOD = Requests(RESULT, 40, passed(), 14)
MEMORY = {"remedy": "memory_increase", "scope": "result"}


def full() -> Scene:
    scene = seeded(slow_verification.playbook, GOOD, Requests(RESULT, 12, out_of_memory(), 10))
    scene.environment["APPROVERS"] = "costs_money: aiko=arn:aws:iam::123456789012:user/aiko"
    scene.aws.lambdas.functions[RESULT].latest["MemorySize"] = 256
    return scene


def subject(scene: Scene) -> str:
    return str(scene.aws.sns.published[-1]["Subject"])


def test_requests_that_die_raise_it_in_subject_first_line_attribute_and_record() -> None:
    scene = seeded(slow_verification.playbook, GOOD, Requests(RESULT, 12, timed_out(15.0), 10))
    scene.alarm()
    sent = scene.aws.sns.published[-1]
    assert subject(scene).startswith("[HIGH]")
    assert sent["MessageAttributes"]["severity"]["StringValue"] == "high"
    assert "12 of 52" in scene.mail.splitlines()[0]
    assert "severity raised to high" in scene.mail.splitlines()[0]
    (head,) = scene.rows("HEAD")
    assert head["severity"] == "high"


def test_few_that_die_leave_it_as_it_is() -> None:
    scene = seeded(slow_verification.playbook, GOOD, Requests(RESULT, 4, timed_out(15.0), 10))
    scene.alarm()
    assert subject(scene).startswith("[MEDIUM]")
    assert "severity" not in scene.mail.splitlines()[0]


def test_the_result_of_a_command_is_reported_with_it() -> None:
    scene = full()
    scene.alarm()
    assert scene.result["result"] == "asked"
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.command("apply", proposal=proposal, **MEMORY)
    assert subject(scene).startswith("[HIGH]")


def test_a_command_is_reported_also_where_the_severity_cannot_be_read() -> None:
    scene = full()
    scene.alarm()
    count = len(scene.reported)
    key = {"pk": {"S": f"INCIDENT#{scene.pointer['incident']}"}, "sk": {"S": "HEAD"}}
    scene.aws.fail("dynamodb", "get_item", Unreachable, times=99, where={"Key": key})
    scene.command("revert", **MEMORY)
    assert len(scene.reported) == count + 1
