"""Which ids came before: exact, in bounded memory, over as many days as one likes."""

from hotspring.seen.runs import FOR_EVER, Ids, each_once
from hotspring.seen.seen import CONFLICT, DUPLICATE, NEW, Seen

__all__ = ["CONFLICT", "DUPLICATE", "FOR_EVER", "NEW", "Ids", "Seen", "each_once"]
