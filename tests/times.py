"""Times and days as people write them."""

from datetime import UTC, date, datetime


def utc(written: str) -> datetime:
    """`2026-02-04 09:30`, in UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def day(written: str) -> date:
    """`2026-02-04`."""
    return date.fromisoformat(written)
