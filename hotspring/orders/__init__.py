"""Orders: what counts as one, and what those of each customer come to."""

from hotspring.orders.customers import Customers, Terms
from hotspring.orders.tally import Deeds, Tally

__all__ = ["Customers", "Deeds", "Tally", "Terms"]
