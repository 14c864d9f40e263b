import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import (
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    UnknownServiceError,
)

from responder.aws import Boto
from responder.core import retry
from responder.core.deployed_alarm import describe, describe_all
from responder.core.errors import Busy, Denied, Missing, Rejected, Throttled, Unreachable
from responder.core.plain_data import Json
from tests.unit.aws.conftest import Wire

PAUSES = retry.PAUSES
SILENCE = ReadTimeoutError(endpoint_url="https://aws")
THROTTLED = (429, {"__type": "TooManyRequestsException", "message": "s3cret"})
BROKEN = (500, {"__type": "ServiceException", "message": "s3cret"})
FINE = (200, {"FunctionName": "F", "RevisionId": "1"})


def read(boto: Boto) -> object:
    return boto.call("lambda", "get_function_configuration", FunctionName="F")


def write(boto: Boto) -> object:
    return boto.call("lambda", "update_function_configuration", FunctionName="F", MemorySize=512)


@pytest.mark.parametrize("failure", [SILENCE, THROTTLED, BROKEN])
def test_a_read_is_repeated_once(boto: Boto, wire: Wire, failure: object) -> None:
    wire.script = [failure, FINE]  # type: ignore[list-item]
    read(boto)
    assert len(wire.sent) == 2


def test_a_read_that_gets_no_answer_twice_is_unreachable(boto: Boto, wire: Wire) -> None:
    wire.script = [SILENCE, SILENCE]
    with pytest.raises(Unreachable):
        read(boto)
    assert len(wire.sent) == 2


@pytest.mark.parametrize("failure", [SILENCE, BROKEN])
def test_a_write_that_may_have_taken_effect_is_never_repeated(
    boto: Boto, wire: Wire, failure: object
) -> None:
    wire.script = [failure, FINE]  # type: ignore[list-item]
    with pytest.raises(Unreachable):
        write(boto)
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    "failure",
    [
        EndpointConnectionError(endpoint_url="https://aws"),
        ConnectTimeoutError(endpoint_url="https://aws"),
    ],
)
def test_a_write_that_did_not_leave_is_repeated_once(boto: Boto, wire: Wire, failure: object) -> None:
    wire.script = [failure, FINE]  # type: ignore[list-item]
    write(boto)
    assert (len(wire.sent), len(wire.pauses)) == (2, 1)


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        (("dynamodb", "create_backup"), {"TableName": "T-1", "BackupName": "B-1"}),
        (("lambda", "invoke"), {"FunctionName": "F"}),
    ],
)
def test_a_write_that_is_turned_away_for_its_rate_is_sent_again_for_a_while(
    boto: Boto,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
    operation: tuple[str, str],
    asked: Json,
) -> None:
    monkeypatch.setattr(retry, "PAUSES", PAUSES)
    wire.script = [THROTTLED] * 99
    with pytest.raises(Throttled):
        boto.call(*operation, **asked)
    assert wire.clock() == pytest.approx(1.0)
    assert len(wire.sent) == len(wire.pauses) + 1


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        (("lambda", "update_function_configuration"), {"FunctionName": "F", "MemorySize": 512}),
        (("dynamodb", "update_table"), {"TableName": "T-1", "BillingMode": "PAY_PER_REQUEST"}),
        (("ssm", "delete_parameter"), {"Name": "/responder/stops/deploy"}),
    ],
    ids=["at a revision", "compared again", "never repeated"],
)
def test_a_write_whose_reason_may_have_changed_is_not_sent_again_unlooked_at(
    boto: Boto, wire: Wire, operation: tuple[str, str], asked: Json
) -> None:
    """Who decided on it looks again first, or is answered that it was turned away."""
    wire.script = [THROTTLED, FINE]
    with pytest.raises(Throttled):
        boto.call(*operation, **asked)
    assert len(wire.sent) == 1


def test_an_error_names_the_right_and_never_holds_what_aws_said(boto: Boto, wire: Wire) -> None:
    wire.script = [(403, {"__type": "AccessDeniedException", "message": "s3cret"})]
    with pytest.raises(Denied) as raised:
        write(boto)
    assert str(raised.value) == "lambda:UpdateFunctionConfiguration AccessDeniedException"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_parameters_that_aws_would_not_take_are_rejected_before_they_leave(boto: Boto, wire: Wire) -> None:
    with pytest.raises(Rejected):
        boto.call("lambda", "update_function_configuration", FunctionName="F", MemorySize="much")
    assert wire.sent == []


def test_pages_are_fetched_as_they_are_consumed(boto: Boto, wire: Wire) -> None:
    wire.script = [
        (200, {"Aliases": [{"Name": "a"}], "NextMarker": "m"}),
        (200, {"Aliases": [{"Name": "b"}]}),
    ]
    pages = boto.pages("lambda", "list_aliases", FunctionName="F")
    assert next(pages)["Aliases"] == [{"Name": "a"}]
    assert len(wire.sent) == 1
    assert [page["Aliases"] for page in pages] == [[{"Name": "b"}]]


def test_a_list_can_begin_at_a_later_page(boto: Boto, wire: Wire) -> None:
    wire.script = [(200, {"Aliases": [{"Name": "b"}]})]
    assert [page["Aliases"] for page in boto.pages("lambda", "list_aliases", FunctionName="F", Marker="m")]
    assert "Marker=m" in wire.sent[0].url


def test_a_list_whose_pages_lead_in_a_circle_is_not_read_for_ever(boto: Boto, wire: Wire) -> None:
    wire.script = [(200, {"Aliases": [], "NextMarker": marker}) for marker in "mnm"]
    with pytest.raises(Rejected):
        list(boto.pages("lambda", "list_aliases", FunctionName="F"))
    assert len(wire.sent) == 3


def test_a_page_that_fails_is_our_error(boto: Boto, wire: Wire) -> None:
    wire.script = [(404, {"__type": "ResourceNotFoundException"})]
    with pytest.raises(Missing):
        list(boto.pages("lambda", "list_aliases", FunctionName="F"))


def test_health_is_asked_where_it_lives(boto: Boto, wire: Wire) -> None:
    wire.script = [(200, {"events": []})]
    boto.call("health", "describe_events")
    assert "us-east-1" in wire.sent[0].url


def test_the_standard_variable_points_it_somewhere_else(
    boto: Boto, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    wire.script = [FINE]
    read(boto)
    assert wire.sent[0].url.startswith("http://127.0.0.1:4566/")


def test_clients_are_made_when_first_asked_for_and_once(boto: Boto, wire: Wire) -> None:
    assert wire.clients == 0
    wire.script = [FINE] * 16
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: read(boto), range(16)))
    assert wire.clients == 1


def test_another_change_in_flight_is_busy(boto: Boto, wire: Wire) -> None:
    wire.script = [(409, {"__type": "ResourceConflictException"})]
    with pytest.raises(Busy):
        write(boto)


def test_the_read_timeout_is_as_long_as_the_caller_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    waits = [each.raw("lambda").meta.config.read_timeout for each in (Boto("a"), Boto("a", patience=75))]
    assert waits == [3, 75]


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        ("get_function_configuration", {}),
        ("update_function_configuration", {"MemorySize": 512}),
        ("publish_version", {}),
    ],
)
def test_an_answer_without_what_each_such_answer_holds_is_none(
    boto: Boto, wire: Wire, operation: str, asked: dict[str, object]
) -> None:
    wire.script = [(200, {})]
    with pytest.raises(Unreachable) as raised:
        boto.call("lambda", operation, FunctionName="F", **asked)
    assert raised.value.code == "IncompleteAnswer"
    assert len(wire.sent) == 1


def test_a_page_that_was_cut_off_is_not_read_as_nothing(boto: Boto, wire: Wire) -> None:
    wire.script = [(200, {"Aliases": [], "NextMarker": "m"}), (200, {})]
    with pytest.raises(Unreachable):
        list(boto.pages("lambda", "list_aliases", FunctionName="F"))


@pytest.mark.parametrize("name", ["MetricAlarms", "CompositeAlarms", "LogAlarms"])
def test_alarms_of_any_type_may_be_all_that_an_answer_holds(boto: Boto, wire: Wire, name: str) -> None:
    row = {"AlarmName": "Any", "StateValue": "ALARM"}
    wire.script = [(200, {name: [row]}), (200, {name: [row]}), (200, {}), (200, {})]
    assert describe(boto, "Any") == row
    assert list(describe_all(boto)) == [row]
    with pytest.raises(Unreachable):
        describe(boto, "Any")
    with pytest.raises(Unreachable):
        list(describe_all(boto))


def test_a_row_that_was_asked_for_after_its_change_is_in_the_answer(boto: Boto, wire: Wire) -> None:
    wire.script = [(200, {}), (200, {})]
    key = {"pk": {"S": "a"}}
    boto.call("dynamodb", "update_item", TableName="T", Key=key)
    with pytest.raises(Unreachable):
        boto.call("dynamodb", "update_item", TableName="T", Key=key, ReturnValues="ALL_NEW")


def test_the_collector_is_on_again_once_the_clients_are_made_or_cannot_be(boto: Boto, wire: Wire) -> None:
    boto.ready(["lambda", "logs"])
    assert wire.clients == 2
    assert gc.isenabled()
    with pytest.raises(UnknownServiceError):
        boto.ready(["lambda", "no-service"])
    assert gc.isenabled()


def test_garbage_of_a_later_response_is_collected(boto: Boto) -> None:
    boto.ready(["lambda"])
    ring = Ring()
    ring.ring, gone = ring, weakref.ref(ring)
    boto.ready(["lambda"])
    del ring
    gc.collect()
    assert gone() is None


class Ring:
    ring: object = None
