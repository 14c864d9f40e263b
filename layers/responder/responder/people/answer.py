"""What a person is answered: JSON with stable keys, and the HTTP status that fits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from responder.core.declined import RequestResult
from responder.core.errors import Declined
from responder.core.text import Text, text
from responder.messages.bilingual import both


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """`said`: sentences for the person, the first one says how it ended. `error`: a stable key, empty where
    it is done. `data`: what a machine reads besides; its keys are only ever added."""

    ending: RequestResult
    said: tuple[Text, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        """The body."""
        error = {"error": self.error} if self.error else {}
        said = [both(each) for each in self.said]
        return {**self.data, **error, "ending": self.ending.value, "said": said}

    def http(self) -> dict[str, Any]:
        """As a function URL delivers it (payload format 2.0)."""
        return http(self.to_json())

    def also(self, *said: Text) -> "PersonAnswer":
        """With further sentences."""
        return PersonAnswer(self.ending, (*self.said, *said), self.data, self.error)


def http(body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of the function whose body this is."""
    return {
        "statusCode": RequestResult(body["ending"]).status.value,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps(body, ensure_ascii=False, allow_nan=False),
    }


def done(*said: Text, **data: Any) -> PersonAnswer:
    """It is done."""
    return PersonAnswer(RequestResult.DONE, said, data)


def declined(error: Declined, **data: Any) -> PersonAnswer:
    """It is not done, for a reason that we know."""
    because = error.because
    return PersonAnswer(because.kind.ending, (because.text,), data, because.kind.value)


def failed(key: str, call: str, **data: Any) -> PersonAnswer:
    """A call failed; `key` says what is known of the request then."""
    return PersonAnswer(RequestResult.AWS, (text(key, call=call),), {**data, "call": call}, key)
