"""How sure a share is: the interval in which the true one lies, of so many samples."""

from math import sqrt

_SURE = 1.96


def bounds(count: float, samples: float) -> tuple[float, float]:
    """Between which shares (0 to 1) the true one lies with 95 % confidence, by Wilson's score interval; the
    whole range of nothing. More than all counts as all."""
    if samples <= 0:
        return 0.0, 1.0
    rate, square = min(1.0, count / samples), _SURE**2
    middle = rate + square / (2 * samples)
    width = _SURE * sqrt(rate * (1 - rate) / samples + square / (4 * samples**2))
    whole = 1 + square / samples
    return max(0.0, (middle - width) / whole), min(1.0, (middle + width) / whole)
