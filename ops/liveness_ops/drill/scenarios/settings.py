"""What two people decide, and what is put back: the threshold, the environment."""

from collections.abc import Iterator

from liveness_ops.drill.function_twists import Without
from liveness_ops.drill.scenario import Expect, Scenario, Step
from liveness_ops.drill.scenarios._shared import failing
from liveness_ops.drill.words import Words
from liveness_ops.world.build import World
from liveness_ops.world.endings import crashed, created, failed, passed, unexpected
from liveness_ops.world.names import ALIAS, CREATE, RESULT, TABLE
from liveness_ops.world.traffic import Requests

LOWER, REPAIR, OUT = "lower_threshold", "repair_environment", "rollout_to_zero"
THRESHOLD, SESSIONS = "LIVENESS_CONFIDENCE_THRESHOLD", "LIVENESS_SESSIONS_TABLE"
LOWERED = {f"{name} {THRESHOLD}": "85.0" for name in (CREATE, RESULT)}
SERVED_LOWERED = {f"{name}:{ALIAS} {THRESHOLD}": "85.0" for name in (CREATE, RESULT)}
NEAR = (
    Requests(CREATE, 120, created(), 60),
    Requests(RESULT, 90, passed(), 60),
    Requests(RESULT, 30, failed(86.4), 60),
)
BARELY = (
    Requests(CREATE, 120, created(), 60),
    Requests(RESULT, 50, passed(92.0), 60),
    Requests(RESULT, 70, failed(87.5), 60),
)


def _agree(people: str, words: Words, expect: Expect) -> Step:
    return Step(words, "apply", LOWER, expect, approved_by=people)


_MISSING = ("KeyError", f"'{SESSIONS}'")
_CAUGHT = {CREATE: unexpected(*_MISSING, "SessionCreationError"), RESULT: unexpected(*_MISSING)}


def _repair(alarm: str, *functions: str, caught: bool = False) -> Scenario:
    """The variable is missing in these functions, and put back in one after the other. `caught`: their code
    answers all the same, and counts the failure in a metric of its own."""
    failures = {
        name: failing(_CAUGHT[name] if caught else crashed(*_MISSING), function=name) for name in functions
    }
    return Scenario(
        alarm,
        "asks-repair",
        Words("消えた環境変数を、承認を得て元に戻す", "A variable is gone, and is put back once approved"),
        Expect(cause="cause.environment", results={REPAIR: "asked", OUT: "asked"}, says=(SESSIONS,)),
        traffic=tuple(each for found in failures.values() for each in found),
        twists=(Without(SESSIONS, functions, released=True),),
        then=tuple(step for name in functions for step in _put_back(name)),
    )


def _put_back(function: str) -> Iterator[Step]:
    scope = "create" if function == CREATE else "result"
    yield Step(
        Words("当番が承認し、変数を戻す", "On-call approves, and it is put back"),
        "apply",
        REPAIR,
        Expect(results={REPAIR: "applied"}, after={f"{function} {SESSIONS}": TABLE}),
        scope=scope,
        approved_by="oncall",
    )
    yield Step(
        Words("公開して別名を移す", "Publish, and move the alias"),
        "continue",
        REPAIR,
        Expect(results={REPAIR: "applied"}, after={f"{function}:{ALIAS} {SESSIONS}": TABLE}),
        scope=scope,
    )


SCENARIOS = (
    Scenario(
        "low-success-rate",
        "asks-two-people",
        Words(
            "しきい値のすぐ下のスコアが多い。2 人が承認する",
            "Many scores just below the threshold; two people have to agree",
        ),
        Expect(cause="cause.near_threshold", results={LOWER: "asked"}),
        traffic=NEAR,
        then=(
            _agree(
                "oncall",
                Words("1 人だけの承認では実施しない", "One person is not enough"),
                Expect(results={LOWER: "refused"}, because={LOWER: "guard.one_more"}),
            ),
            _agree(
                "lead",
                Words("2 人目が承認し、下げる", "The second agrees, and it is lowered"),
                Expect(results={LOWER: "applied"}, after=LOWERED),
            ),
            Step(
                Words("公開して別名を移す", "Publish, and move the alias"),
                "continue",
                LOWER,
                Expect(results={LOWER: "applied"}, after=SERVED_LOWERED),
            ),
        ),
    ),
    _repair("create-session-errors", CREATE),
    _repair("get-result-errors", RESULT),
    _repair("session-creation-errors", CREATE, caught=True),
    _repair("high-error-rate", CREATE, RESULT, caught=True),
    Scenario(
        "low-confidence",
        "asks-two-people",
        Words("しきい値のすぐ下。2 人が承認する", "Just below the threshold; two people have to agree"),
        Expect(cause="cause.near_threshold", results={LOWER: "asked"}),
        traffic=BARELY,
        then=(
            _agree(
                "oncall,lead",
                Words("2 人が承認し、下げる", "Two people agree, and it is lowered"),
                Expect(results={LOWER: "applied"}, after=LOWERED),
            ),
            Step(
                Words("公開して別名を移す", "Publish, and move the alias"),
                "continue",
                LOWER,
                Expect(results={LOWER: "applied"}, after=SERVED_LOWERED),
            ),
        ),
    ),
    Scenario(
        "low-confidence",
        "refuses-unread-threshold",
        Words(
            "しきい値のすぐ下。判定する関数は変数を読まない",
            "Just below the threshold, and the function that judges does not read the variable",
        ),
        Expect(
            cause="cause.near_threshold",
            results={LOWER: "refused"},
            because={LOWER: "guard.precondition"},
            says=(RESULT, THRESHOLD),
        ),
        traffic=BARELY,
        world=World.AS_DEPLOYED,
    ),
)
