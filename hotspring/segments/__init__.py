"""Segments: rules and lists that have a name, and whoever is in them."""

from hotspring.segments import difference, marks, members
from hotspring.segments.book import Saved, segments
from hotspring.segments.overlap import overlap
from hotspring.segments.roll import Roll

__all__ = ["Roll", "Saved", "difference", "marks", "members", "overlap", "segments"]
