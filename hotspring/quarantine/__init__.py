"""What people do about refused events: mend them, judge them again, let them in, or drop them."""

from hotspring.quarantine.entries import Entry, Selection
from hotspring.quarantine.fixes import fixes_of
from hotspring.quarantine.mending import Mender, Outcome
from hotspring.quarantine.resolutions import RESOLUTIONS, Resolved

__all__ = ["RESOLUTIONS", "Entry", "Mender", "Outcome", "Resolved", "Selection", "fixes_of"]
