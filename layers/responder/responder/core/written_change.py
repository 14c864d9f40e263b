"""A change that is only ever written down: ready to review, with the command that makes it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from responder.core.text import Text


@dataclass(frozen=True, slots=True)
class WrittenChange:
    """One change for a person to review and carry out.

    Attributes:
        what: what it would change, and why it is not done from here.
        target: the role, bucket, function or quota.
        document: JSON of the change (a policy statement, the quota request, the new setting).
        command: the exact command of the AWS CLI, one line.
    """

    what: Text
    target: str
    document: Mapping[str, Any]
    command: str
