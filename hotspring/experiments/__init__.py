"""Experiments: did a variant change a metric, may one look at any time, and was the split fair?

Pure functions of what was measured of each profile; who was given what, the caller decides.
"""

from hotspring.experiments.compare import Comparison, Metric, Sample, compare
from hotspring.experiments.plan import needed
from hotspring.experiments.sequence import always_valid
from hotspring.experiments.split import Split

__all__ = ["Comparison", "Metric", "Sample", "Split", "always_valid", "compare", "needed"]
