"""What a version has stored, as files: tests read them with the code of every later version."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from rehearsal.upgrade import before
from rehearsal.upgrade.stand import Stand

# Words of ours, of which each needs a reader; of all else in a row the type says enough.
_WORDS = (
    "key",
    "state",
    "kind",
    "result",
    "remedy",
    "status",
    "decision",
    "effect",
    "class",
    "light",
    "queue",
)

type Rows = Mapping[str, list[dict[str, Any]]]


def stored(stand: Stand) -> Rows:
    """The rows of each table, the parameters and the messages."""
    answers = [each for each in stand.rows("Claims") if each["id"].startswith("event#")]
    return {
        "incidents": stand.rows("Incidents"),
        "approvals": stand.rows("Approvals"),
        "claims": answers,
        "parameters": [{"Name": name, "Value": value} for name, value in stand.parameters().items()],
        "messages": _messages(stand),
    }


def write(folder: Path, *moments: Rows) -> str:
    """One file for each kind, without rows that are like another one; the number of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for name in moments[0]:
        kept = _different(row for found in moments for row in found[name])
        total += len(kept)
        text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    return f"{total} in {folder}"


def _different(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = {}
    for row in rows:
        # A number as DynamoDB keeps it is no JSON.
        plain = json.loads(json.dumps(row, default=int))
        kept.setdefault(json.dumps(_shape(plain), sort_keys=True), plain)
    return [kept[shape] for shape in sorted(kept)]


def _shape(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _shape(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_shape(part) for part in value]
    if isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(ValueError):
            return _shape(json.loads(value))
    if name in ("sk", "Name"):
        return str(value).partition("#")[0]
    return value if name in _WORDS or value is None else type(value).__name__


def _messages(stand: Stand) -> list[dict[str, Any]]:
    sqs = stand.aws.client("sqs")
    return [
        {"queue": name, "body": _without_paths(each["Body"]), "attributes": each.get("MessageAttributes", {})}
        for name, url in before.queues(stand).items()
        for each in sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, MessageAttributeNames=["All"]
        ).get("Messages", [])
    ]


def _without_paths(body: str) -> str:
    """Lambda's record of a failure has the stack of the error, with paths of this machine."""
    loaded = json.loads(
        body, object_hook=lambda part: {**part, "stackTrace": []} if "stackTrace" in part else part
    )
    return json.dumps(loaded)
