"""What the proof leaves to chance comes from one seed, which it prints. PROOF_SEED gives it again."""

import os
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from tests.proof.summary import WHOLE

_NAME = "PROOF_SEED"


def set_seed() -> None:
    """Before the workers start, so that all have the same. A bounded run is the same each time."""
    os.environ.setdefault(_NAME, str(secrets.randbelow(1_000_000)) if WHOLE else "1")


def seed() -> str:
    """Of this run."""
    return os.environ[_NAME]


def rounds(name: str, few: int, whole: int | None = None) -> Iterator[Random]:
    """Generators of random numbers for `few` rounds in `make test` and `whole` in `make proof`."""
    for number in range(whole if WHOLE and whole is not None else few):
        yield Random(f"{seed()} {name} {number}")


def in_parallel(rng: Random, acts: Sequence[Callable[[], Any]], spread: float = 0.0) -> list[Any]:
    """All in separate threads, in any order, each up to `spread` seconds late; what each gave."""
    begin = threading.Barrier(len(acts))

    def one(act: Callable[[], Any], late: float) -> Any:
        begin.wait()
        if late:
            threading.Event().wait(late)
        return act()

    late = [rng.uniform(0, spread) for _ in acts]
    order = rng.sample(range(len(acts)), len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        futures = {place: pool.submit(one, acts[place], late[place]) for place in order}
        return [futures[place].result() for place in range(len(acts))]
