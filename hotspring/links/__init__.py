"""Short addresses that lead to a page and tell which channel and member of staff led there."""

from hotspring.links.link import OPENED, Link, links
from hotspring.links.picture import FORMS, picture

__all__ = ["FORMS", "OPENED", "Link", "links", "picture"]
