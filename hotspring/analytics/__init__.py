"""What the events of many profiles come to: one file for each analysis.

Each is a pure function of columns and of typed parameters; none of them knows a pool.
"""

from hotspring.analytics.concentration import Concentration
from hotspring.analytics.lifecycle import STAGES, Days, Pace, moves
from hotspring.analytics.rfm import Rfm, Thresholds

__all__ = ["STAGES", "Concentration", "Days", "Pace", "Rfm", "Thresholds", "moves"]
