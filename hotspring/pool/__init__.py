"""One open pool: the questions one may ask of it and the decisions one may make."""

from hotspring.pool.check import examine
from hotspring.pool.elsewhere import Elsewhere
from hotspring.pool.heatmap import Asked
from hotspring.pool.moments import iso
from hotspring.pool.movement import movement
from hotspring.pool.outlet_files import rows_of
from hotspring.pool.pool import Pool

__all__ = ["Asked", "Elsewhere", "Pool", "examine", "iso", "movement", "rows_of"]
