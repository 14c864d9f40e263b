"""`make limits`: hit every limit once, compare our stack with each, show one table."""

from __future__ import annotations

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from liveness_ops.limits import stack
from liveness_ops.limits.hit import Answer, hit
from liveness_ops.limits.limit import Does, Limit
from liveness_ops.limits.ours import Ours
from liveness_ops.limits.registry import LIMITS
from liveness_ops.limits.sending import CreationFailedError
from liveness_ops.local_aws import LocalAws

_WORDS = 70


def run(console: Console) -> bool:
    """Whether every limit is enforced and our stack, with the longest names, keeps to each."""
    with LocalAws() as aws:
        try:
            ours: Ours | None = stack.deploy(aws)
        except CreationFailedError as error:
            console.print(
                f"Our stack with the longest names cannot be made: {error}", style="red", markup=False
            )
            ours = None
        # Measured before anything else is in the account.
        said = [_ours(each, ours) for each in LIMITS]
        answers = [hit(aws, each) for each in LIMITS]
    console.print(_table(answers, said))
    loose = sum(not each.refused for each in answers)
    over = sum(not fits for _, fits in said)
    console.print(
        f"{len(LIMITS)} limits: {loose} not enforced by the local AWS, {over} that ours does not keep to."
    )
    return not loose and not over


def _ours(limit: Limit, ours: Ours | None) -> tuple[str, bool]:
    if isinstance(limit.ours, Does):
        return limit.ours.words, True
    if ours is None:
        return "not measured", False
    used, which = limit.ours.measure(ours)
    which = which.removeprefix(f"{ours.stack}-")
    percent = round(100 * used / limit.most)
    return (
        f"fits: {used:,}, {percent} % ({which})" if used <= limit.most else f"TOO MUCH: {used:,} ({which})",
        (used <= limit.most),
    )


def _table(answers: list[Answer], said: list[tuple[str, bool]]) -> Table:
    table = Table(box=SIMPLE, padding=(0, 1))
    for title in ("limit", "at most", "source", "sent", "the local AWS answered", "ours"):
        table.add_column(title, overflow="fold")
    for limit, answer, (words, fits) in zip(LIMITS, answers, said, strict=True):
        told = answer.words.replace("1 validation error detected: Value at ", "")
        told = told.replace("One: Resource handler returned message: ", "")
        shown = told if len(told) <= _WORDS else told[: _WORDS - 1] + "…"
        table.add_row(
            limit.name,
            f"{limit.most:,} {limit.unit}",
            limit.source,
            f"{limit.too_many:,}",
            shown if answer.refused else f"NOT REFUSED: {shown}",
            words,
            style=None if answer.refused and fits else "red",
        )
    return table
