"""The statistics of a benchmark."""

import statistics
from collections.abc import Sequence


def middle(values: Sequence[float]) -> tuple[float, float]:
    """Return the median, and half of the interquartile range in percent of it."""
    first, median, third = statistics.quantiles(values, n=4)
    return median, (third - first) / 2 / median * 100
