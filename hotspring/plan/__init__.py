"""The tracking plan: which properties an event of some name has, checked where events come in."""

from hotspring.plan.checks import Checks
from hotspring.plan.difference import difference
from hotspring.plan.foreign import foreign
from hotspring.plan.learn import learnt
from hotspring.plan.plan import PLAN_VERSIONS, Plan

__all__ = [
    "PLAN_VERSIONS",
    "Checks",
    "Plan",
    "difference",
    "foreign",
    "learnt",
]
