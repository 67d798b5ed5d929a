"""The heat map: how warm people are by area, and who may see how much of it."""

from hotspring.heatmap import frame, live, polygons, publishing, serving, view
from hotspring.heatmap.ground import Ground

__all__ = ["Ground", "frame", "live", "polygons", "publishing", "serving", "view"]
