"""Who may be one person: pairs by stated rules and by probability, suggested, never joined."""

from hotspring.matching.attributes import TOLD, is_compared
from hotspring.matching.evidence import told
from hotspring.matching.probable import by_probability, installed
from hotspring.matching.rules import Found, by_rules

__all__ = ["TOLD", "Found", "by_probability", "by_rules", "installed", "is_compared", "told"]
