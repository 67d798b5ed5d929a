"""Places: coordinates of Chinese datums, districts and their codes, where an event happened."""

from hotspring.geo import cells, shapes
from hotspring.geo.areas import Areas
from hotspring.geo.atlas import Atlas
from hotspring.geo.datum import DATUMS, from_wgs84, to_wgs84

__all__ = ["DATUMS", "Areas", "Atlas", "cells", "from_wgs84", "shapes", "to_wgs84"]
