"""The law of temperature: what events weigh, how profiles warm and cool, and what is announced."""

from hotspring.temperature import announcements, history, law, rules
from hotspring.temperature.heat import Heat
from hotspring.temperature.rules import RuleSet
from hotspring.temperature.weigh import Weigher

__all__ = ["Heat", "RuleSet", "Weigher", "announcements", "history", "law", "rules"]
