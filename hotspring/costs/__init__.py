"""What was paid to reach people: read from lists, spread over the days that it paid for."""

from hotspring.costs.cost import WORDS, Cost, spent
from hotspring.costs.reading import COLUMNS, NEEDED, read

__all__ = ["COLUMNS", "NEEDED", "WORDS", "Cost", "read", "spent"]
