"""The rule tree: its types, its sentence, its compiler to Ibis.

A rule asks something of profiles and is true or false of each. It is data: read with all its faults
told at once, said as a sentence, and answered by an engine; nothing of it is ever run as code.
"""

from hotspring.rules.catalogue import Catalogue, Spot
from hotspring.rules.question import Question
from hotspring.rules.reading import read
from hotspring.rules.sentence import sentence
from hotspring.rules.tree import LEAVES, written

__all__ = ["LEAVES", "Catalogue", "Question", "Spot", "read", "sentence", "written"]
