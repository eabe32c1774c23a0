"""The use of Azure that is billed, and how Azure bills the time of a call."""

import math
from collections import Counter
from dataclasses import dataclass

from local.bench.costs.counting import Kind

LEAST_BILLED_MS, BILLED_STEP_MS = 1_000, 100
"""Flex Consumption bills at least one second an execution, and rounds longer ones up to a tenth of a second."""
TICK_SECONDS = 30
DEPLOYED_TICK = {"TICK_SCHEDULE": f"*/{TICK_SECONDS} * * * * *"}


@dataclass(frozen=True, slots=True)
class Usage:
    """The use of Azure: requests to blobs by kind, executions by function, billed seconds, bytes sent to Klaviyo."""

    requests: Counter[Kind]
    executions: Counter[str]
    billed_seconds: float
    sent_bytes: int = 0


def billed_ms(took: int) -> int:
    """Return the billed milliseconds of an execution that *took* so many milliseconds."""
    return max(LEAST_BILLED_MS, math.ceil(took / BILLED_STEP_MS) * BILLED_STEP_MS)
