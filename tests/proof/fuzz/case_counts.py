"""How much is tried: bounded in `make test`, the whole in `make proof`; PROOF_SEED begins elsewhere."""

import os
from math import ceil

from hypothesis import HealthCheck, settings

from tests.proof.summary import WHOLE

FIRST = int(os.environ.get("PROOF_SEED", "0"))
_MORE = 30
# So few are not halved.
_FEW = 3


def seeds(bounded: int, more: int = _MORE) -> range:
    """Of the cases of one test: half of `bounded`, but three at least if there are so many, in `make test`;
    `bounded` times `more` in `make proof`."""
    return range(FIRST, FIRST + _tried(bounded, more))


def enough(cases: int, tried: range) -> bool:
    """What DynamoDB would not hold is no case; of all that was tried a third is one at least."""
    return cases * 3 >= len(tried) > 0


def examples(bounded: int, more: int = 10) -> settings:
    """Likewise for hypothesis, which prints how to reproduce a failing case."""
    return settings(
        max_examples=_tried(bounded, more),
        deadline=None,
        derandomize=not WHOLE,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def _tried(bounded: int, more: int) -> int:
    return bounded * more if WHOLE else max(ceil(bounded / 2), min(bounded, _FEW))
