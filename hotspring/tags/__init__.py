"""Tags: words that rules or people put on profiles, and who put which on whom."""

from hotspring.tags import marks
from hotspring.tags.book import MOST_VALUES, Saved, Value, checked, plain, tags

__all__ = ["MOST_VALUES", "Saved", "Value", "checked", "marks", "plain", "tags"]
