"""Types that tests share."""

from typing import Any

# An answer of AWS, an event, a document: what JSON calls an object.
type Json = dict[str, Any]
