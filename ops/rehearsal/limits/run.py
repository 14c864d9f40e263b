"""`make limits`: hit every limit once, compare our stack with each, show one table."""

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from local_aws.client import LocalAws
from rehearsal.limits import stack
from rehearsal.limits.limit import Limit, limits
from rehearsal.limits.sending import CreationFailedError
from rehearsal.limits.stack_usage import StackUsage

_WORDS = 70


def run(console: Console, chosen: tuple[Limit, ...] | None = None) -> bool:
    """Whether every limit is enforced and our stack, with the longest names, keeps to each."""
    chosen = chosen or limits()
    with LocalAws() as aws:
        try:
            ours: StackUsage | None = stack.deploy(aws)
        except CreationFailedError as error:
            console.print(
                f"Our stack with the longest names cannot be made: {error}", style="red", markup=False
            )
            ours = None
        # Measured before anything else is in the account.
        said = [_ours(each, ours) for each in chosen]
        answers = [each.hit(aws) for each in chosen]
    table = Table(box=SIMPLE, padding=(0, 1))
    for title in ("limit", "at most", "source", "sent", "the local AWS answered", "ours"):
        table.add_column(title, overflow="fold")
    for limit, (refused, answer), (words, fits) in zip(chosen, answers, said, strict=True):
        shown = answer.replace("1 validation error detected: Value at ", "")
        shown = shown.replace("One: Resource handler returned message: ", "")
        shown = shown if len(shown) <= _WORDS else shown[: _WORDS - 1] + "…"
        table.add_row(
            limit.name,
            f"{limit.most:,} {limit.unit}",
            limit.source,
            f"{limit.most + 1:,}",
            shown if refused else f"NOT REFUSED: {shown}",
            words,
            style=None if refused and fits else "red",
        )
    console.print(table)
    loose = sum(not refused for refused, _ in answers)
    over = sum(not fits for _, fits in said)
    console.print(
        f"{len(chosen)} limits: {loose} not enforced by the local AWS, {over} that ours does not keep to."
    )
    return not loose and not over


def _ours(limit: Limit, ours: StackUsage | None) -> tuple[str, bool]:
    if not limit.measure:
        return limit.ours, True
    if ours is None:
        return "not measured", False
    used, what = limit.measured(ours)
    what = what.removeprefix(f"{ours.stack}-")
    if used > limit.most:
        return f"TOO MUCH: {used:,} ({what})", False
    return f"fits: {used:,}, {round(100 * used / limit.most)} % ({what})", True
