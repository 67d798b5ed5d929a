"""Industry templates: tags, segments, scores and temperature rules that one may switch on.

A template is data, one file per industry. It speaks of events, properties, traits and words by
names of its own; a business says how it calls them, and each item becomes what people might have
saved themselves.
"""

from hotspring.templates.filling import Filling
from hotspring.templates.naming import chosen, has
from hotspring.templates.template import Item, Slot, Template, templates

__all__ = ["Filling", "Item", "Slot", "Template", "chosen", "has", "templates"]
