"""The durable record: what arrived and what was decided, in one order, safe before the answer."""

from hotspring.journal.group import GroupCommit
from hotspring.journal.journal import Journal
from hotspring.journal.record import COMMAND, DAMAGED, DELIVERY, Entry, Record

__all__ = ["COMMAND", "DAMAGED", "DELIVERY", "Entry", "GroupCommit", "Journal", "Record"]
