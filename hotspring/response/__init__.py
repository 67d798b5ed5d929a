"""Response: what more or less spending would bring, as its history tells, and the best split.

Pure functions of spending and of what it brought, period by period; whence both come, the caller
decides.
"""

from hotspring.response.curve import Curve
from hotspring.response.history import History
from hotspring.response.judging import FEW, Judged, judged
from hotspring.response.optimum import Split, split

__all__ = ["FEW", "Curve", "History", "Judged", "Split", "judged", "split"]
