"""The heat map: how warm people are by area, and who may see how much of it."""

from hotspring.heatmap import frame, live, view
from hotspring.heatmap.ground import Ground
from hotspring.heatmap.publishing import People, Publication, units_above

__all__ = ["Ground", "People", "Publication", "frame", "live", "units_above", "view"]
