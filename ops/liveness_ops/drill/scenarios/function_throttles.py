"""Throttles of the two liveness functions: which limit turned invocations away. Twins."""

from collections.abc import Iterator

from liveness_ops.drill.release_twists import Reserved
from liveness_ops.drill.scenario import Expect, Scenario
from liveness_ops.drill.scenarios._shared import ON_DEMAND
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.crowd import Crowd
from liveness_ops.world.names import CREATE, RESULT
from liveness_ops.world.points import Strain
from liveness_ops.world.traffic import normal

WRITTEN = {"propose_change": "observed"}
NEVER = {"propose_change": "guard.never_applied"}


def _cases(alarm: str, function: str) -> Iterator[Scenario]:
    yield from _limits(alarm, function)
    yield _with_the_table(alarm, function)
    yield from _others(alarm, function)


def _limits(alarm: str, function: str) -> Iterator[Scenario]:
    yield Scenario(
        alarm,
        "proposes-reserved",
        Words("関数に予約した同時実行数 5 を使い切った", "The 5 reserved for the function are used up"),
        Expect(
            cause="cause.concurrency_reserved",
            results=WRITTEN,
            because=NEVER,
            says=("put-function-concurrency", function),
        ),
        traffic=normal(),
        crowd=Crowd(function, throttles=7, own=5),
        twists=(Reserved(function, 5),),
    )
    yield Scenario(
        alarm,
        "proposes-account",
        Words("アカウントの同時実行数の上限に達した", "The account's limit is reached"),
        Expect(
            cause="cause.concurrency_account",
            results=WRITTEN,
            because=NEVER,
            says=("request-service-quota-increase", "L-B99A9384"),
        ),
        world=World.AS_DEPLOYED,
        traffic=normal(),
        crowd=Crowd(function, throttles=7, own=40, shared=1000, account=1000),
    )


def _with_the_table(alarm: str, function: str) -> Scenario:
    return Scenario(
        alarm,
        "acts-table-throttled",
        Words(
            "予約した同時実行数を使い切り、セッションのテーブルもスロットリングされている",
            "The reservation is used up, and the sessions table is throttled as well",
        ),
        Expect(
            cause="cause.concurrency_reserved",
            results={"on_demand_billing": "applied", **WRITTEN},
            because=NEVER,
            after=ON_DEMAND,
            says=("put-function-concurrency", "DynamoDB"),
        ),
        traffic=normal(),
        crowd=Crowd(function, throttles=7, own=5),
        strain=Strain(throttles=22, minutes=6, consumed=5.0, latency=0.041),
        twists=(Reserved(function, 5),),
    )


def _others(alarm: str, function: str) -> Iterator[Scenario]:
    yield Scenario(
        alarm,
        "steps-switched-off",
        Words("予約が 0: 誰かが関数を止めた", "Nothing is allowed: somebody switched the function off"),
        Expect(cause="cause.concurrency_off", says=("delete-function-concurrency",)),
        traffic=normal(),
        crowd=Crowd(function, throttles=9, own=0),
        twists=(Reserved(function, 0),),
    )
    yield Scenario(
        alarm,
        "throttles-passed",
        Words("25 分前に収まっている", "It was over 25 minutes ago"),
        Expect(cause="cause.throttles_passed"),
        traffic=normal(),
        crowd=Crowd(function, throttles=3, since=32, until=25),
        quiet=True,
    )
    yield Scenario(
        alarm,
        "cause-unknown",
        Words("拒否されているのに、どの上限にも達していない", "Turned away, and no limit is reached"),
        Expect(cause="cause.unknown"),
        traffic=normal(),
        crowd=Crowd(function, throttles=4),
    )


SCENARIOS = (
    *_cases("create-session-throttles", CREATE),
    *_cases("get-result-throttles", RESULT),
)
