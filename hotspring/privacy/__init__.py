"""Who may do what, what was done, what people agreed to, and where a text speaks of a person."""

from hotspring.privacy import consent, mentions
from hotspring.privacy.access import Access, Permission, Role
from hotspring.privacy.audit import Audit
from hotspring.privacy.consent import CONSENTS

__all__ = ["CONSENTS", "Access", "Audit", "Permission", "Role", "consent", "mentions"]
