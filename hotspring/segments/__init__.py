"""Segments: rules and lists that have a name, and whoever is in them."""

from hotspring.segments.book import KINDS, Book, Kept, Saved

__all__ = ["KINDS", "Book", "Kept", "Saved"]
