"""What README and the table of alarms promise is there."""

import re

import pytest

from liveness_ops.template_tools.alarms import GENERIC, alarm_modules, playbook_of
from liveness_ops.template_tools.load import ROOT, resolve, template
from rehearsal.drill.catalogue import scenarios, to_play

PAGES = ("README.md", "README.ja.md")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_it_is_read_in_a_few_minutes(name: str) -> None:
    assert len(page(name).splitlines()) <= 120


@pytest.mark.parametrize("name", PAGES)
def test_its_numbers_are_those_of_this_checkout(name: str) -> None:
    alarms = len(alarm_modules()) - 1
    assert re.findall(r"\*\*(?:Answers )?(\d+) (?:alarms|種類の)", page(name))[0] == str(alarms)
    drilled = re.findall(r"(?:more than )?(\d+) (?:を超える|drill )?(?:scenarios|シナリオ)", page(name))
    played = (len(to_play()), len(scenarios()))
    assert all(0 < count - int(number) <= 50 for count, number in zip(played, drilled, strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_every_make_target_it_shows_exists(name: str) -> None:
    makefile = page("Makefile")
    for target in set(re.findall(r"(?:`|^)make ([a-z-]+)", page(name), re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("name", PAGES)
def test_the_command_that_stops_everything_is_the_stacks_own(name: str) -> None:
    output = template()["Outputs"]["StopEverything"]["Value"]
    names = {"AWS::Region": "REGION", "AWS::StackName": "liveness-responder"}
    assert f"\n{resolve(output, names)}\n" in page(name)


@pytest.mark.parametrize("name", ("docs/alarms.md", "docs/alarms.ja.md"))
def test_every_alarm_of_the_template_is_in_the_table(name: str) -> None:
    for module in alarm_modules():
        if module != GENERIC:
            assert playbook_of(module).alarm in page(name)
