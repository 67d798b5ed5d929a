"""The life of an event after the journal: named, recorded, resolved, warmed, announced."""

from hotspring.pipeline.keep import Keeper
from hotspring.pipeline.runner import Runner
from hotspring.pipeline.state import WARMING
from hotspring.pipeline.tables import COMMANDS, EVENTS, first_seq
from hotspring.pipeline.trunk import Pipeline

__all__ = ["COMMANDS", "EVENTS", "WARMING", "Keeper", "Pipeline", "Runner", "first_seq"]
