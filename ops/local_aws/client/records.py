"""What the local AWS reports about itself, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# By namespace: (metric, dimensions, timestamp in seconds, values).
type Datapoints = Mapping[str, list[tuple[str, Mapping[str, str], float, list[float]]]]


@dataclass(frozen=True)
class Call:
    """One decision of IAM about a call made under a role."""

    role: str
    action: str
    resource: str
    allowed: bool
    operation: str
    when: float


@dataclass(frozen=True)
class Mail:
    """One message published to a topic, with the body each protocol would get."""

    topic: str
    id: str
    subject: str
    bodies: Mapping[str, str]
    attributes: Mapping[str, str]
    recipients: tuple[str, ...]
    when: float

    @property
    def text(self) -> str:
        """The body a person reads in an e-mail."""
        return self.bodies["email"]


@dataclass(frozen=True)
class Execution:
    """One durable execution that was started: none of it has run here. RUNNING until `end_execution`."""

    function: str
    qualifier: str
    name: str
    payload: Mapping[str, object]
    when: float
    arn: str
    status: str


@dataclass(frozen=True)
class Fault:
    """One failure to inject.

    ``error_code`` is an AWS error code, ``timeout`` (the answer does not come for ``seconds``),
    ``drop`` (the connection is cut, no answer comes) or ``hold`` (nothing fails: the call waits, at most
    ``seconds``, until it is released). With ``when="after"`` the call takes effect first. ``role`` limits
    it to calls made under that role; ``number`` is which of the calls that match it is the first to meet it.
    """

    service: str
    operation: str
    error_code: str
    status: int = 400
    when: Literal["before", "after"] = "before"
    times: int = 1
    role: str = ""
    message: str = "injected by the drill"
    seconds: float = 30.0
    number: int = 1


@dataclass(frozen=True)
class Canned:
    """A canned answer of one operation: a body, or an error."""

    answer: Mapping[str, object] = field(default_factory=dict)
    error: str = ""
    message: str = "canned by the local AWS"
    status: int = 400

    def wire(self) -> dict[str, object]:
        """As the control endpoint accepts it."""
        if self.error:
            return {"error": self.error, "message": self.message, "status": self.status}
        return {"answer": dict(self.answer)}
