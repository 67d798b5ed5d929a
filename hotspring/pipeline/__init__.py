"""The life of an event after the journal: named, recorded, resolved, warmed, announced."""

from hotspring.pipeline import tables
from hotspring.pipeline.keep import Keeper
from hotspring.pipeline.runner import Runner
from hotspring.pipeline.tables import EVENTS, first_seq
from hotspring.pipeline.trunk import Pipeline
from hotspring.pipeline.warming import Prepared

__all__ = ["EVENTS", "Keeper", "Pipeline", "Prepared", "Runner", "first_seq", "tables"]
