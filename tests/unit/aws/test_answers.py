import pytest
from botocore import xform_name
from botocore.session import get_session

from responder.aws.boto import whole
from responder.aws.operations import OPERATIONS, Request
from responder.core.deployed_alarm import LISTS
from responder.core.errors import Unreachable
from tests.rows import all_rows

pytestmark = pytest.mark.unit


@all_rows("service", OPERATIONS)
def test_what_is_demanded_of_an_answer_is_in_the_sdks_model(service: str) -> None:
    model = get_session().get_service_model(service)
    shapes = {xform_name(name): model.operation_model(name).output_shape for name in model.operation_names}
    for operation, row in OPERATIONS[service].items():
        shape = shapes[operation]
        names = {row.always} if isinstance(row.always, str) else {*row.always}
        assert names <= ({*shape.members} if shape else set())


@pytest.mark.parametrize("one", LISTS.values())
def test_one_list_of_alarms_is_an_answer_and_none_at_all_is_a_lost_one(one: str) -> None:
    """Read as "no such alarm", a lost answer would let a person close an incident whose alarm is raised."""
    asked = Request("cloudwatch", "describe_alarms", {})
    assert whole({one: []}, asked) == {one: []}
    with pytest.raises(Unreachable):
        whole({"NextToken": "x"}, asked)
