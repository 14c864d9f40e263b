"""What a person accepted is notified again where something else, or something worse, is found of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from rehearsal.world.names import ACCOUNT, bucket
from responder.checks.backups.age import judged as backups_judged
from responder.checks.backups.names import read as read_backups
from responder.checks.cost import judged
from responder.checks.cost.costs import Costs
from responder.checks.figures import daily
from responder.checks.figures import functions as function_health
from responder.checks.figures.counts import Counts
from responder.checks.figures.daily import FigureComparison
from responder.checks.figures.figures import Usual
from responder.checks.figures.functions import CountedSpan, FunctionHealth
from responder.checks.finding import AMBER, Checked, CheckItem
from responder.checks.performance.month import bad_days
from responder.checks.readiness.targets import updates
from responder.checks.security.bucket import policy
from responder.checks.security.resource_policies import _open as shared
from responder.checks.security.roles_read import ManagedPolicy, Role
from responder.checks.security.service_role import role
from responder.checks.storage import table
from responder.evidence.policies import Statement
from tests.rows import all_rows
from tests.unit.checks.backups_world import TABLE, Backups
from tests.unit.checks.safe_world import NOW, SETTINGS

DAY = date(2026, 2, 3)
LAMBDA = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def backups(*days: float, stuck: tuple[float, ...] = ()) -> CheckItem:
    world = Backups(NOW)
    for each in days:
        world.ours(each)
    for each in stuck:
        world.ours(each, "CREATING")
    return backups_judged(read_backups(world.summaries(), TABLE), SETTINGS, NOW)


def called(*invocations: float) -> CheckItem:
    return function_health.invocations(
        tuple(
            FunctionHealth(f"f{number}", CountedSpan(each), CountedSpan())
            for number, each in enumerate(invocations)
        ),
        "",
    )


def health(**more: float) -> CheckItem:
    return function_health.judged(
        FunctionHealth("f", CountedSpan(**{"invocations": 50.0, **more}), CountedSpan(50.0), 10.0), ""
    )


def cost(**days: float) -> CheckItem:
    known = {DAY - timedelta(days=number): 1.0 for number in range(1, 15)}
    known |= {DAY + timedelta(days=int(each[1:])): amount for each, amount in days.items()}
    asked = tuple(sorted(day for day in known if day >= DAY))
    return judged.by_day(Costs(known), asked, SETTINGS)


def sessions(now: float, least: float = 0.0) -> CheckItem:
    of = Counts(created=now)
    usual = Usual(best=least, least=least)
    return daily.judged(FigureComparison(DAY, of, of, of, usual))[0]


def runtime(today: date, **used: str) -> CheckItem:
    (found,) = updates(used or {"f": "python3.9"}, today)
    return found


def bad(month: int) -> CheckItem:
    month_ = date(2026, month, 1)
    created = {month_ - timedelta(days=number): 500.0 for number in range(-10, 40)}
    (found,) = bad_days({month_: Counts(created=0.0)}, {**created, month_: 0.0}, month_, "")
    return found


def a_bucket(**more: Any) -> CheckItem:
    statement = {
        "Sid": "Partner",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
        "Action": "s3:ListBucket",
        "Resource": f"arn:aws:s3:::{bucket()}",
        "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.1/32"}},
        **more,
    }
    return policy(
        {"Policy": {"Version": "2012-10-17", "Statement": [statement]}}, bucket(), SETTINGS, tls=False
    )[0]


def denied(**more: Any) -> CheckItem:
    statement = {
        "Sid": "Office",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket()}/*",
        "Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        **more,
    }
    found = policy(
        {"Policy": {"Version": "2012-10-17", "Statement": [statement]}}, bucket(), SETTINGS, tls=False
    )
    return next(each for each in found if each.identity.kind is Checked.BUCKET_DENIES)


def function(**more: Any) -> CheckItem:
    statement: Statement = {
        "Sid": "Partner",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
        "Action": "lambda:GetFunction",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        **more,
    }
    found = shared("f", (statement,), SETTINGS)
    assert found is not None
    return found


def roles(**more: Any) -> tuple[CheckItem, ...]:
    whole = Role(**{"trust": (LAMBDA,), "inline": {}, "attached": {}, **more})
    return tuple(role(whole, SETTINGS))


def of(kind: Checked, found: tuple[CheckItem, ...]) -> CheckItem:
    return next(each for each in found if each.identity.kind is kind)


def allow(action: Any, resource: Any, **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(**more: Any) -> CheckItem:
    other = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/Deploy"},
        "Action": "sts:AssumeRole",
    }
    return of(Checked.ROLE_TRUST, roles(trust=(LAMBDA, {**other, **more})))


def inline(*statements: Statement) -> CheckItem:
    return of(Checked.ROLE_POLICY, roles(inline={"Extra": statements}))


def attached(*statements: Statement) -> CheckItem:
    found = roles(attached={f"arn:aws:iam::{ACCOUNT}:policy/Extra": ManagedPolicy(statements, "v1")})
    return of(Checked.ROLE_ATTACHED_POLICY, found)


OBJECTS = f"arn:aws:s3:::{bucket()}/*"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
# What was accepted, and what must not be hidden by that.
WORSE: dict[str, tuple[Callable[[], CheckItem], Callable[[], CheckItem]]] = {
    "old backups are kept, then none is made any more": (lambda: backups(1, 60), lambda: backups(30, 90)),
    "one backup is stuck, then no new one is made": (
        lambda: backups(1, stuck=(2,)),
        lambda: backups(30, stuck=(31,)),
    ),
    "one backup is stuck, then another one too": (
        lambda: backups(1, stuck=(2,)),
        lambda: backups(1, stuck=(2, 3)),
    ),
    "few calls, then far too many": (lambda: called(50, 500), lambda: called(5000, 500)),
    "few calls of one function, then of another": (lambda: called(50, 500), lambda: called(500, 50)),
    "many calls, then many times more": (lambda: called(1100), lambda: called(100_000)),
    "throttles, then errors": (lambda: health(throttles=1.0), lambda: health(errors=1.0)),
    "a dear day, then one that is far dearer": (lambda: cost(d0=45.0), lambda: cost(d0=450.0)),
    "a quiet service, then one that lost most of its users": (lambda: sessions(60), lambda: sessions(20, 60)),
    "a quiet service, then a flood": (lambda: sessions(60), lambda: sessions(5000)),
    "bad days of one month, then of the next": (lambda: bad(1), lambda: bad(2)),
    "a guest of the bucket may do more": (a_bucket, lambda: a_bucket(Action="s3:*")),
    "a guest of the bucket may come from anywhere": (
        a_bucket,
        lambda: a_bucket(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
    ),
    "a Deny keeps the service out under another condition": (
        denied,
        lambda: denied(Condition={"NotIpAddress": {"aws:SourceIp": "192.0.2.1/32"}}),
    ),
    "a guest of a function may do more": (function, lambda: function(Action="lambda:*")),
    "the role can be taken without a condition": (lambda: trust(Condition=MFA), trust),
    "an unknown policy deletes images": (
        lambda: inline(allow("s3:GetObject", OBJECTS)),
        lambda: inline(allow(["s3:GetObject", "s3:DeleteObject"], OBJECTS)),
    ),
    "a wide policy lost its condition's narrowness": (
        lambda: inline(allow("s3:*", OBJECTS, Condition=MFA)),
        lambda: inline(allow("s3:*", OBJECTS, Condition={"Bool": {"aws:SecureTransport": "true"}})),
    ),
    "an attached policy allows more": (
        lambda: attached(allow("s3:GetObject", OBJECTS)),
        lambda: attached(allow(["s3:GetObject", "s3:DeleteObject"], OBJECTS)),
    ),
    "a runtime that AWS will end, then another one too": (
        lambda: runtime(date(2026, 6, 1)),
        lambda: runtime(date(2026, 6, 1), f="python3.9", g="python3.9"),
    ),
    "many rows, then many times more": (
        lambda: table.items({"ItemCount": 3_100}, SETTINGS),
        lambda: table.items({"ItemCount": 3_000_000}, SETTINGS),
    ),
}


@all_rows("story", WORSE)
def test_it_has_other_facts(story: str) -> None:
    accepted, found = (make() for make in WORSE[story])
    assert (accepted.light, found.light) == (AMBER, AMBER)
    assert accepted.identity == found.identity
    assert accepted.digest != found.digest


# The same on another day, with other figures: it stays accepted.
SAME: dict[str, tuple[Callable[[], CheckItem], Callable[[], CheckItem]]] = {
    "old backups": (lambda: backups(1, 60), lambda: backups(3, 62)),
    "few calls": (lambda: called(50, 500), lambda: called(40, 300)),
    "throttles": (lambda: health(throttles=1.0), lambda: health(throttles=1.0, longest=2.0)),
    "dear days": (lambda: cost(d0=45.0), lambda: cost(d0=50.0)),
    "a quiet service": (lambda: sessions(60), lambda: sessions(50)),
    "a guest of the bucket": (a_bucket, a_bucket),
    "an attached policy": (
        lambda: attached(allow("s3:GetObject", OBJECTS)),
        lambda: attached(allow("s3:GetObject", OBJECTS)),
    ),
    "a runtime that AWS will end": (lambda: runtime(date(2026, 6, 1)), lambda: runtime(date(2026, 6, 2))),
    "many rows": (
        lambda: table.items({"ItemCount": 3_100}, SETTINGS),
        lambda: table.items({"ItemCount": 3_200}, SETTINGS),
    ),
}


@pytest.mark.parametrize("story", SAME)
def test_the_same_on_another_day_stays_accepted(story: str) -> None:
    accepted, found = (make() for make in SAME[story])
    assert (accepted.light, found.light) == (AMBER, AMBER)
    assert accepted.digest == found.digest
