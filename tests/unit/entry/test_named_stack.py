"""A refusal that names a command names the stack with it: pasted as it is, it reaches no other one."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from botocore.exceptions import ReadTimeoutError

from liveness_ops.backups.restore_object import restore
from liveness_ops.checks import work
from liveness_ops.console.letters import Failure, Letter
from liveness_ops.console.selftest import _people as who_calls
from liveness_ops.people.exits import EarlyExit
from liveness_ops.people.operator_session import Caller, OperatorSession
from liveness_ops.people.screen import Screen
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import Declined
from responder.core.settings import Settings
from responder.core.settings_document import EMPTY
from responder.core.text import Text
from responder.messages.language import say
from responder.people import accept, case, claim, switches
from responder.people.request import PersonRequest, RequestKind
from tests.fakes import FakeAws
from tests.rows import all_rows, in_both_languages
from tests.unit.backups.bucket_world import KEY, Bucket
from tests.unit.entry.people_entry import AIKO

SETTINGS = Settings(stack="other", region="eu-west-1", approvals_table="Approvals", claims_table="Claims")
WHERE = "--region eu-west-1 --stack other"


class NoAnswer:
    """The way to an entry for people that does not answer."""

    def send(self, body: bytes) -> tuple[int, bytes]:
        raise ReadTimeoutError(endpoint_url="https://example.com")


def session(aws: FakeAws) -> OperatorSession:
    aws.answer("lambda", "get_function_configuration", {"Environment": {"Variables": {"STACK": "other"}}})
    screen, me = Screen("en", machine=True), Caller("aiko", AIKO)
    return OperatorSession(aws, SETTINGS, screen, me, lambda: aws.now, wire=NoAnswer(), where=WHERE)


def person(aws: FakeAws) -> case.RequestingPerson:
    return case.RequestingPerson(Context(aws, SETTINGS, aws.now, aws.now), EMPTY, case.Caller("aiko", AIKO))


def while_another_changes_it(aws: FakeAws) -> object:
    with claim.alone(person(aws).context, "switches", timedelta(minutes=1), DeclineReason.UNDER_WAY()):
        return switches.set_mode(PersonRequest(RequestKind.MODE, mode="observe"), person(aws))


def restored(aws: FakeAws, status: str) -> object:
    bucket = Bucket(aws, status)
    bucket.put("v1", 20)
    bucket.put("v2", 3)
    return restore(session(aws), KEY, "v1", do=False)


def failed(aws: FakeAws, what: str, queue: str = "failures", incident: str = "") -> Text | None:
    letter = Letter(queue, "", "1", 0, "", "", {})
    return Failure(letter, what, incident=incident, number=1).why_not(session(aws))


REFUSALS: Mapping[str, Callable[[FakeAws], object]] = {
    "not accepted": lambda aws: accept.unaccept(
        PersonRequest(RequestKind.UNACCEPT, finding="x"), person(aws)
    ),
    "being changed": while_another_changes_it,
    "not versioned": lambda aws: restored(aws, ""),
    "versioning suspended": lambda aws: restored(aws, "Suspended"),
    "accept without a finding": lambda aws: work.accept(session(aws), "", "", ""),
    "unaccept without a finding": lambda aws: work.unaccept(session(aws), ""),
    "not mailed": lambda aws: failed(aws, "message", "unmailed"),
    "not mailed, of an incident": lambda aws: failed(aws, "message", "unmailed", "incident-1"),
    "a round of the watchdog": lambda aws: failed(aws, "round"),
    "no answer to the self-test": lambda aws: who_calls(session(aws)).said,
}


def refusal(of: Callable[[FakeAws], object]) -> object:
    """What it says."""
    aws = FakeAws()
    aws.dynamo.create("Approvals", "pk", "sk")
    aws.dynamo.create("Claims", "id")
    try:
        return of(aws)
    except EarlyExit as early:
        return early.said
    except Declined as error:
        return error.because.text


@in_both_languages
@all_rows("name", REFUSALS)
def test_a_command_in_a_refusal_names_the_stack(name: str, language: str) -> None:
    said = refusal(REFUSALS[name])
    assert isinstance(said, Text)
    commands = say(said, language).split("liveness-ops ")[1:]
    assert commands
    assert all(WHERE in each for each in commands)
