import pytest
from botocore import xform_name
from botocore.session import get_session

from responder.aws.boto import ALWAYS
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
