"""Every page of a list is asked for, at the place that the page before it names."""

import pytest
from botocore.session import get_session

from responder.aws.operations import OPERATIONS
from responder.core.context import PLACES
from tests.rows import all_rows

pytestmark = pytest.mark.unit
SERVICES = {*OPERATIONS, "backup", "events", "service-quotas"}
# Nothing here lists them; each has a name of its own for the place.
OTHERS = {"ListMultipartUploads", "ListObjects", "ListParts"}


def placed(token: object) -> set[str]:
    return set(token) if isinstance(token, list) else {str(token)}


@all_rows("service", sorted(SERVICES))
def test_the_place_of_the_next_page_is_named_as_the_sdk_knows_it(service: str) -> None:
    session = get_session()
    names = set(session.get_service_model(service).operation_names) - OTHERS
    lists = session.get_component("data_loader").load_service_model(service, "paginators-1")["pagination"]
    for name in lists.keys() & names:
        after, asked = placed(lists[name]["output_token"]), placed(lists[name]["input_token"])
        assert {PLACES[each] for each in after} == asked, name
