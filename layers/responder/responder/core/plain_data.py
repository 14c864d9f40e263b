"""Names for plain data, as JSON has it."""

from collections.abc import Mapping
from typing import Any

# What is made here, such as the object of a message or of `--json`.
type Json = dict[str, Any]
# What is only read, such as an answer of AWS or the arguments of a call.
type Data = Mapping[str, Any]
