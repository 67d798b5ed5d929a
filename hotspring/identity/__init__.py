"""ONE-ID: who is who, as a function of evidence and rulings, whatever the order they came in."""

from hotspring.identity import traits
from hotspring.identity.forget import erased_text
from hotspring.identity.spans import Mapping
from hotspring.identity.tables import IDENTIFIERS
from hotspring.identity.who import Change, Claims, Who

__all__ = ["IDENTIFIERS", "Change", "Claims", "Mapping", "Who", "erased_text", "traits"]
