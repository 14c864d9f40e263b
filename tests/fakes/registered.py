"""The settings document of a test, written in one line per person."""

import json
from collections.abc import Iterable

from responder.core.plain_data import Json
from responder.core.settings_document import CLASSES, SettingsDocument, parse
from responder.core.text import Strings


def document(**people: Iterable[str]) -> str:
    """`document(aiko=["lowers_security", "U0AIKO", "arn:aws:iam::…:user/aiko"])`: classes and identities."""
    return json.dumps({"people": {name: _entry(tuple(given)) for name, given in people.items()}})


def registered(**people: Iterable[str]) -> SettingsDocument:
    """The same, read."""
    return parse(document(**people))


def _entry(given: Strings) -> Json:
    may = [each for each in given if each in CLASSES]
    aws = [each for each in given if each.startswith("arn:")]
    slack = [each for each in given if each not in may and each not in aws]
    return {"aws": aws, "may": may, **({"slack": slack[0]} if slack else {})}
