"""What a limit is: how it is hit, how AWS refuses, and what of ours comes near it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from liveness_ops.limits.ours import Ours
from liveness_ops.local_aws import LocalAws

type Send = Callable[[LocalAws, int], Any]


@dataclass(frozen=True, slots=True)
class Fits:
    """Something of ours is measured against the limit: how much it is, and what it is."""

    measure: Callable[[Ours], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Does:
    """What our code does about it, for what has no fixed size."""

    words: str


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of AWS.

    Attributes:
        name: what is limited, by the service's short name first ("lambda: …"); unique.
        most: the largest number that AWS takes.
        unit: what is counted.
        source: page of the AWS documentation.
        url: its address.
        send: asks the local AWS for so many; whatever it raises is the refusal.
        refusal: the error code of the refusal, or words of its message where the code says nothing.
        ours: what this product has, or does, about it.
    """

    name: str
    most: int
    unit: str
    source: str
    url: str
    send: Send
    refusal: str
    ours: Fits | Does

    @property
    def too_many(self) -> int:
        """How many are sent to hit it."""
        return self.most + 1
