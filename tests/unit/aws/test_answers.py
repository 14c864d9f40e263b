import pytest
from botocore import xform_name
from botocore.session import get_session

from responder.aws.boto import ALWAYS, whole
from responder.core.deployed_alarm import LISTS
from responder.core.errors import Unreachable
from tests.rows import all_rows

pytestmark = pytest.mark.unit


@all_rows("service", ALWAYS)
def test_what_is_demanded_of_an_answer_is_in_the_sdks_model(service: str) -> None:
    model = get_session().get_service_model(service)
    shapes = {xform_name(name): model.operation_model(name).output_shape for name in model.operation_names}
    for operation, always in ALWAYS[service].items():
        shape = shapes[operation]
        assert shape is not None
        names = {always} if isinstance(always, str) else {*always}
        assert names <= {*shape.members}


@pytest.mark.parametrize("one", LISTS.values())
def test_one_list_of_alarms_is_an_answer_and_none_at_all_is_a_lost_one(one: str) -> None:
    """Read as "no such alarm", a lost answer would let a person close an incident whose alarm is raised."""
    assert whole({one: []}, "cloudwatch", "describe_alarms", {}) == {one: []}
    with pytest.raises(Unreachable):
        whole({"NextToken": "x"}, "cloudwatch", "describe_alarms", {})
