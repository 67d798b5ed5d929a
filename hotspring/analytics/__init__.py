"""What the events of many profiles come to: one file for each analysis.

Each is a pure function of columns and of typed parameters; none of them knows a pool.
"""

from hotspring.analytics.concentration import Concentration
from hotspring.analytics.lifecycle import Days, Pace, moves, spread
from hotspring.analytics.rfm import Rfm, Thresholds

__all__ = ["Concentration", "Days", "Pace", "Rfm", "Thresholds", "moves", "spread"]
