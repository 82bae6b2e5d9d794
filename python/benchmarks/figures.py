"""What many turns of a benchmark come to."""

import statistics
from collections.abc import Sequence


def middle(values: Sequence[float]) -> tuple[float, float]:
    """Give the median, and half of the distance between the quartiles in percent of it."""
    first, median, third = statistics.quantiles(values, n=4)
    return median, (third - first) / 2 / median * 100
