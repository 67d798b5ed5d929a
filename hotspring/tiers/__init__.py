"""Tiers: ordered classes that never overlap; and groups, which do, with the first claim of one."""

from hotspring.tiers import classes, standing
from hotspring.tiers.groups import Group, claims, groups
from hotspring.tiers.scheme import Scheme, schemes

__all__ = ["Group", "Scheme", "claims", "classes", "groups", "schemes", "standing"]
