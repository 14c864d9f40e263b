"""Every parameter is described, grouped and documented in both languages."""

import re

from liveness_ops.template_tools.load import ROOT, template
from responder.core.plain_data import Json
from responder.core.text import text
from responder.messages.language import say
from tests.rows import all_rows
from tests.texts import catalogue

PARAMETERS = template()["Parameters"]
LONGEST = 110


@all_rows("name", PARAMETERS)
def test_each_parameter_is_described_in_one_line(name: str) -> None:
    description = PARAMETERS[name]["Description"]
    assert "\n" not in description
    assert 0 < len(description) <= LONGEST


def test_each_parameter_is_in_one_group_in_the_order_of_the_template(template: Json) -> None:
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert [name for group in groups for name in group["Parameters"]] == list(PARAMETERS)


@all_rows("name", PARAMETERS)
def test_the_pages_say_what_the_template_says(name: str) -> None:
    """They are made of the catalogue (`make generate`), whose English is the template's."""
    english, japanese = (say(text(f"parameter.{name}"), language) for language in ("en", "ja"))
    assert english == PARAMETERS[name]["Description"]
    assert re.search("[ぁ-んァ-ン一-龥]", japanese)


def test_the_catalogue_describes_no_other() -> None:
    ours = {key.removeprefix("parameter.") for key in catalogue() if key.startswith("parameter.")}
    assert ours == set(PARAMETERS)


@all_rows("name", PARAMETERS)
def test_each_parameter_is_used(name: str) -> None:
    source = (ROOT / "template.yaml").read_text(encoding="utf-8").split("\nConditions:\n", 1)[1]
    assert re.search(rf"(!Ref {name}\b|\$\{{{name}\}})", source)
