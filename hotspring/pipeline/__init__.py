"""The life of an event after the journal: named, recorded, resolved, warmed, announced."""

from hotspring.pipeline.keep import Keeper
from hotspring.pipeline.runner import Runner
from hotspring.pipeline.state import read_warmth
from hotspring.pipeline.tables import EVENTS, TABLES, first_seq
from hotspring.pipeline.trunk import Pipeline

__all__ = ["EVENTS", "TABLES", "Keeper", "Pipeline", "Runner", "first_seq", "read_warmth"]
