import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from responder.core.finding import Finding, Subject, Tone
from responder.core.text import text
from tests.laid_out import machine
from tests.rows import in_both_languages
from tests.unit.messages.samples import ACTS, EXAMPLE, SAMPLES

PAGE = (Path(__file__).parents[3] / "docs" / "report-schema.md").read_text(encoding="utf-8")
FREE = {"values", "numbers"}


def keys(data: Any) -> Iterator[str]:
    """Every key but those whose names belong to a sentence or a look."""
    if isinstance(data, list):
        for each in data:
            yield from keys(each)
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            if key not in FREE:
                yield from keys(value)


def example() -> Any:
    found = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def test_the_documented_example_is_what_is_sent() -> None:
    assert example() == json.loads(json.dumps(machine(EXAMPLE, "en")))


def test_every_key_is_documented() -> None:
    sent = set(keys(machine(EXAMPLE, "en"))) | set(keys(machine(ACTS, "ja")))
    assert {key for key in sent if f"`{key}`" not in PAGE} == set()


@in_both_languages
def test_keys_do_not_depend_on_the_language_or_the_case(language: str) -> None:
    shapes = {tuple(machine(report, language)) for report in SAMPLES.values()}
    assert len(shapes) == 1


def test_numbers_that_are_none_are_null() -> None:
    odd = Finding(
        "x",
        Tone.INFO,
        text("report.all", parts=float("inf")),
        numbers={"a": float("nan")},
        subject=Subject.OURS,
    )
    sent = machine(replace(ACTS, findings=(odd,)), "en")
    assert json.loads(json.dumps(sent, allow_nan=False))["findings"][0]["numbers"] == {"a": None}


def test_a_snapshot_never_leaves() -> None:
    assert "FACE_AUTH_BUCKET" not in json.dumps(machine(ACTS, "ja"))
