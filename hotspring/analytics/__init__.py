"""What the events of many profiles come to: one file for each analysis.

Each is a pure function of columns and of typed parameters; none of them knows a pool. Those in
`reports` are found by their file and have one form of question and answer (`report.Analysis`).
"""

from hotspring.analytics import lifecycle, report
from hotspring.analytics.concentration import Concentration
from hotspring.analytics.lifecycle import Days, Pace
from hotspring.analytics.rfm import Rfm, Thresholds

__all__ = ["Concentration", "Days", "Pace", "Rfm", "Thresholds", "lifecycle", "report"]
