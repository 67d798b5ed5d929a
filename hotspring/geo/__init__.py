"""Places: coordinates of Chinese datums, districts and their codes, where an event happened."""

from hotspring.geo.atlas import Atlas
from hotspring.geo.datum import DATUMS, from_wgs84, to_wgs84

__all__ = ["DATUMS", "Atlas", "from_wgs84", "to_wgs84"]
