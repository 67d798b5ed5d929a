"""Who may do what, what was done, and what people agreed to."""

from hotspring.privacy.access import Access, Permission, Role
from hotspring.privacy.audit import Audit
from hotspring.privacy.consent import CONSENTS, consent_rows, standing

__all__ = ["CONSENTS", "Access", "Audit", "Permission", "Role", "consent_rows", "standing"]
