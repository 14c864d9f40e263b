"""What of the images bucket's settings can deny the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from responder.core.text import Text


@dataclass(frozen=True, slots=True)
class BucketDeny:
    """A Deny statement that meets the service's role. `conditions`: the keys it depends on; none: always."""

    sid: str
    actions: tuple[str, ...]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BucketState:
    """The images bucket. `key`: ARN or id of its own KMS key, "" with AWS's; `unread`: what could not be
    read (`policy`, `public_block`, `encryption`) and why; `absent`: AWS says that there is no such bucket."""

    name: str
    denies: tuple[BucketDeny, ...] = ()
    blocks: tuple[str, ...] = ()
    encryption: str = ""
    key: str = ""
    unread: Mapping[str, Text] = field(default_factory=dict)
    absent: bool = False
