"""AWS's pages do not say whether an answer has a list without members, or an empty text, or leaves it out.
Every response that acts, asks or refuses ends the same with either."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.model import Shape
from botocore.session import get_session

from responder.aws.operations import OPERATIONS
from responder.core.plain_data import Json
from tests.proof.faulty_gateway import FaultyGateway, _names
from tests.proof.matrix import Story, clean
from tests.proof.scenario_stories import differences, stories
from tests.proof.summary import WHOLE
from tests.rows import all_rows

pytestmark = [pytest.mark.proof, pytest.mark.usefixtures("quiet", "no_look_is_late")]
# What a table's row holds is its writer's.
_OF_ROWS = "AttributeValue"
# Without these an answer counts as lost on its way.
_ALWAYS = {row.always for rows in OPERATIONS.values() for row in rows.values()}
type Form = Callable[[Any, Any], Any]


def left_out(shape: Any, value: Any) -> Any:
    """Without what is empty."""
    return _reshaped(
        shape,
        {name: inner for name, inner in value.items() if inner not in ("", [], {}) or name in _ALWAYS},
        left_out,
    )


def sent_empty(shape: Any, value: Any) -> Any:
    """With an empty list for each list that the model knows and the answer has not."""
    lists: Json = {name: [] for name, inner in shape.members.items() if inner.type_name == "list"}
    return _reshaped(shape, {**lists, **value}, sent_empty)


def _reshaped(shape: Any, value: Json, form: Form) -> Json:
    known = shape.members
    return {
        name: _inside(known[name], inner, form) if name in known else inner for name, inner in value.items()
    }


def _inside(shape: Any, value: Any, form: Form) -> Any:
    if shape.name == _OF_ROWS:
        return value
    match shape.type_name, value:
        case "structure", dict():
            return form(shape, value)
        case "list", list():
            return [_inside(shape.member, inner, form) for inner in value]
        case "map", dict():
            return {name: _inside(shape.value, inner, form) for name, inner in value.items()}
    return value


def output(service: str, operation: str) -> Shape | None:
    name = _names(service)[operation]
    found: Shape | None = get_session().get_service_model(service).operation_model(name).output_shape
    return found


@pytest.mark.parametrize("form", [left_out, sent_empty], ids=lambda form: form.__name__)
@all_rows("story", stories(WHOLE)[:: 1 if WHOLE else 6])
def test_a_response_ends_the_same_with_either(
    monkeypatch: pytest.MonkeyPatch, form: Form, story: Story
) -> None:
    send = FaultyGateway.send

    def reshaped(gateway: FaultyGateway, service: str, operation: str, *given: Any, **more: Any) -> Any:
        answer = send(gateway, service, operation, *given, **more)
        shape = output(service, operation)
        if shape is None:
            return answer
        return [form(shape, page) for page in answer] if isinstance(answer, list) else form(shape, answer)

    with monkeypatch.context() as patch:
        patch.setattr(FaultyGateway, "send", reshaped)
        assert not differences(clean(story))
