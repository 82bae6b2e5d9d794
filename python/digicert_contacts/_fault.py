"""The types of the faults of the sandbox; docs/sandbox.md describes them."""

from collections.abc import Sequence
from typing import Literal, TypedDict

FaultAction = Literal[
    "status",
    "html",
    "redirect",
    "delay",
    "drip",
    "half",
    "close",
    "reset",
    "absent",
    "lag",
    "cut",
]


class FaultSettings(TypedDict, total=False):
    """The settings of ``Sandbox.add_fault``."""

    status: int
    body: object
    content_type: str
    location: str
    seconds: float
    rows: int
    bytes: int
    applied: bool
    next: int
    probability: float
    seed: int
    orders: Sequence[int]
    method: str
    path: str
