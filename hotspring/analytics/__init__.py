"""What the events of many profiles come to: one file for each analysis.

Each is a pure function of columns and of typed parameters; none of them knows a pool.
"""

from hotspring.analytics.concentration import Concentration
from hotspring.analytics.customers import Customers, Terms
from hotspring.analytics.rfm import Rfm, Thresholds
from hotspring.analytics.tally import Deeds, Tally

__all__ = ["Concentration", "Customers", "Deeds", "Rfm", "Tally", "Terms", "Thresholds"]
