"""The schema and the page of the settings are made of the table that the document is checked by."""

import json
from collections.abc import Iterator
from typing import Any

from liveness_ops.settings_docs import default, schema
from responder.core.settings import Settings
from responder.core.settings_document import parse
from responder.core.settings_fields import FIELDS
from tests.rows import all_rows


def test_a_document_of_all_defaults_says_nothing_new() -> None:
    whole = {name: default(name) for name in FIELDS}
    assert parse(json.dumps(whole)).over(Settings()) == Settings()


def test_every_key_of_the_schema_is_one_that_the_document_takes() -> None:
    assert set(schema()["properties"]) == {"roles", "people", *FIELDS}


def test_the_schema_takes_15_0_for_no_integer_as_the_document_does() -> None:
    # Draft 4 says "without a fraction or exponent part"; from draft 6 on 15.0 is an integer.
    assert schema()["$schema"] == "http://json-schema.org/draft-04/schema#"
    later = {"propertyNames", "const", "contains", "examples", "if", "dependentRequired", "$defs"}
    assert not later & set(keywords(schema()))


def keywords(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from part
        yield from (each for value in part.values() for each in keywords(value))


@all_rows("name", FIELDS)
def test_every_default_is_in_the_schema(name: str) -> None:
    assert schema()["properties"][name]["default"] == default(name)
