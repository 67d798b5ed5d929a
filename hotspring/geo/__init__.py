"""Places: coordinates of Chinese datums, districts and their codes, where an event happened."""

from hotspring.geo import cells
from hotspring.geo.areas import LEVELS, Areas
from hotspring.geo.atlas import Atlas
from hotspring.geo.datum import DATUMS, from_wgs84, to_wgs84

__all__ = ["DATUMS", "LEVELS", "Areas", "Atlas", "cells", "from_wgs84", "to_wgs84"]
