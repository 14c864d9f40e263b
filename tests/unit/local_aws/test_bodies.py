"""The body of a message for each protocol is the one that SNS would send."""

import json
from collections.abc import Callable
from types import ModuleType

from tests.rows import all_rows

BODIES = json.dumps({"default": "short", "email": "long", "sqs": ""})


@all_rows(
    ("message", "structure", "protocol", "body"),
    [
        (BODIES, "json", "email", "long"),
        (BODIES, "json", "sqs", ""),
        (BODIES, "json", "https", "short"),
        (BODIES, "json", "default", "short"),
        (BODIES, "", "email", BODIES),
        ("plain", "", "email", "plain"),
        ("plain", "json", "email", "plain"),
        ('["email"]', "json", "email", '["email"]'),
        ('{"sqs": "other"}', "json", "email", '{"sqs": "other"}'),
    ],
)
def test_a_protocol_gets_its_own_body_or_the_default(
    patch: Callable[[str], ModuleType], message: str, structure: str, protocol: str, body: str
) -> None:
    assert patch("delivery.mail")._body_of_protocol(message, structure, protocol) == body
