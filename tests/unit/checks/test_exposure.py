"""A bucket of faces that lets outsiders in is reported the next morning, not on the 1st of the month."""

from collections.abc import Iterable
from importlib import import_module

import pytest

from rehearsal.world.names import bucket
from responder.checks.base import Check
from responder.checks.finding import RED, UNKNOWN, Harm
from responder.checks.model import HARM
from responder.checks.report.summary import Summary
from responder.core.errors import Denied
from tests.unit.checks.reports import report
from tests.unit.checks.safe_world import SETTINGS, Safe, deployed, faults


def daily() -> Check:
    made: Iterable[Check] = import_module("checks.daily").checks(SETTINGS)
    (found,) = (each for each in made if each.name == "exposure")
    return found


def lets_in(made: Safe, principal: object) -> Safe:
    everything = f"arn:aws:s3:::{bucket()}/*"
    made.bucket_policies[bucket()] = [
        {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": everything}
    ]
    return made


def test_the_bucket_as_it_is_deployed_is_green_every_day() -> None:
    assert faults(deployed().run(daily())) == {}


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": "arn:aws:iam::999999999999:root"}])
def test_a_policy_that_lets_outsiders_in_is_red_every_day_and_reported_first(principal: object) -> None:
    section = lets_in(deployed(), principal).run(daily())
    assert section.light is RED
    assert HARM[section.name] is Harm.EXPOSURE
    assert Summary(report(section)).severity == "medium"


@pytest.mark.parametrize("block", ["BlockPublicAcls", "RestrictPublicBuckets"])
def test_a_public_access_block_that_is_off_is_red_every_day(block: str) -> None:
    made = deployed()
    made.blocks[bucket()][block] = False
    assert faults(made.run(daily())) == {"check.security.not_blocked": RED}


def test_what_may_not_be_read_is_never_green() -> None:
    made = deployed()
    made.refuse(Denied, "AccessDenied", ("s3", "get_public_access_block"), ("s3", "get_bucket_policy"))
    assert set(faults(made.run(daily())).values()) == {UNKNOWN}
