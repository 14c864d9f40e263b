"""Figures in words, out of how many."""

from datetime import date

from responder.checks.figures.shares import ENOUGH_FOR_A_MEAN, Mean, Share
from responder.core.text import Text, text


def share(rate: Share) -> Text:
    """`96.7 % (of 300)`."""
    if rate.percent is None:
        return text("checks.none")
    samples = round(rate.of)
    key = "checks.share" if rate.enough else "checks.share.few"
    return text(key, percent=_exact(rate.percent), samples=samples)


def finished(rate: Share, whole: Share, zeros: float) -> Text:
    """`97 % (of 270); 87.3 % (of 300) with the 30 that were not finished`, or one figure without any."""
    if not zeros:
        return share(whole)
    return text("checks.beside", real=share(rate), whole=share(whole), zeros=round(zeros))


def scored(score: Mean, whole: Mean, zeros: float) -> Text:
    """The same for the average score."""
    if not zeros:
        return mean(whole, "points")
    return text("checks.beside", real=mean(score, "points"), whole=mean(whole, "points"), zeros=round(zeros))


def percent(number: float) -> str:
    """`94.96`."""
    return _exact(number)


def mean(value: Mean, unit: str) -> Text:
    """`97.1 (300 values)`; `unit` is a key: `points` or `seconds`."""
    if value.value is None:
        return text("checks.none")
    key = f"checks.mean.{unit}" if value.samples >= ENOUGH_FOR_A_MEAN else f"checks.mean.{unit}.few"
    return text(key, value=_exact(value.value), samples=round(value.samples))


def day(of: date) -> str:
    """A day as the report shows it: `2026-02-03`."""
    return of.isoformat()


def month(of: date) -> str:
    """`2026-02`."""
    return of.isoformat()[:7]


def money(amount: float) -> str:
    """`1,234.50 USD`."""
    return f"{amount:,.2f} USD"


def _exact(number: float) -> str:
    """Two decimals: 94.96 must not read like the 95 that it misses."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
