"""What a drill compares of two moments is read whole, or the drill fails: nothing unread counts as equal."""

from unittest.mock import Mock

import pytest
from boto3 import Session
from botocore.stub import Stubber

from local_aws.client import LocalAws
from rehearsal.drill import state, stored_records
from rehearsal.drill.stack import STACK
from rehearsal.world.names import REGION, TABLE
from responder.core.plain_data import Json

_NO_STOPS: Json = {"Parameters": []}


def test_a_table_that_is_gone_has_no_settings() -> None:
    gone = {"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}
    assert state.of({}, gone, _NO_STOPS) == {}
    assert f"{TABLE} billing" in state.of({}, {"Table": {}}, _NO_STOPS)


@pytest.mark.parametrize(
    ("table", "parameters"),
    [
        ({"__type": "InternalServerError"}, _NO_STOPS),
        ({"Table": {}}, {"__type": "ThrottlingException"}),
        ({"Table": {}}, {"Parameters": [], "NextToken": "more"}),
    ],
)
def test_what_was_not_read_whole_is_no_state(table: Json, parameters: Json) -> None:
    with pytest.raises(ValueError, match="not read"):
        state.of({}, table, parameters)


_ERROR = {"__type": "InternalServerError"}


def test_a_table_is_found_on_the_last_page_of_a_list() -> None:
    name = f"{STACK}-Incidents-1"
    dynamodb = Session("id", "key", region_name=REGION).client("dynamodb")
    with Stubber(dynamodb) as answers:
        first = {"TableNames": ["another"], "LastEvaluatedTableName": "another"}
        answers.add_response("list_tables", first, {})
        answers.add_response("list_tables", {"TableNames": [name]}, {"ExclusiveStartTableName": "another"})
        aws = Mock(LocalAws, client={"dynamodb": dynamodb}.__getitem__)
        assert stored_records.scan(aws) == ("dynamodb", "Scan", {"TableName": name})


def test_rows_and_logs_are_those_of_the_whole_answer() -> None:
    assert stored_records.rows({"Items": [{"pk": "1"}]}) == [{"pk": "1"}]
    assert stored_records.logs({"events": [{"message": "a\n"}]}) == "a"


@pytest.mark.parametrize("found", [_ERROR, {"Items": [], "LastEvaluatedKey": {"pk": {"S": "more"}}}])
def test_rows_that_were_not_read_whole_are_none(found: Json) -> None:
    with pytest.raises(ValueError, match="not read"):
        stored_records.rows(found)


@pytest.mark.parametrize("found", [_ERROR, {"events": [], "nextToken": "more"}])
def test_a_log_that_was_not_read_whole_is_none(found: Json) -> None:
    with pytest.raises(ValueError, match="not read"):
        stored_records.logs(found)
