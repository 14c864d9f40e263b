"""Findings on the timeline: the shape of a step of kind `findings`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from responder.core.finding import Finding, Tone
from responder.incident_report.model import NotedFinding
from responder.incident_report.reading import listed, said
from responder.store.reading import TimelineStep

KIND = "findings"
# A row of the table holds 400 KB, and nobody reads more.
_MOST = 60


def pack_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """What a response puts down of its evidence, as `data` of a step of kind `findings`."""
    packed = [
        {"look": each.look, "tone": each.tone.value, "said": each.said.to_json(), "samples": each.samples}
        for each in findings
    ]
    return packed[:_MOST]


def noted(steps: Iterable[TimelineStep]) -> tuple[NotedFinding, ...]:
    """Each finding as it was first told; the same sentence of the same look is one finding."""
    found: dict[tuple[str, str], NotedFinding] = {}
    for step in steps:
        for each in _of(step) if step.kind == KIND else ():
            first = found.get((each.look, each.said.key), each)
            found[each.look, each.said.key] = NotedFinding(
                first.at, step.at, first.look, first.tone, first.said, first.samples
            )
    return tuple(found.values())


def _of(step: TimelineStep) -> Iterator[NotedFinding]:
    for each in listed(step.data):
        sentence = said(each.get("said")) if isinstance(each, Mapping) else None
        if sentence is not None:
            samples = each.get("samples")
            count = samples if isinstance(samples, int) and not isinstance(samples, bool) else None
            yield NotedFinding(
                step.at, step.at, str(each.get("look")), _tone(each.get("tone")), sentence, count
            )


def _tone(value: object) -> Tone:
    return next((tone for tone in Tone if tone.value == value), Tone.INFO)
