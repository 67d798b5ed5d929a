"""A simulated brand, seeded and clearly marked, that visits a real server."""

from hotspring.demo.brand import Brand
from hotspring.demo.run import run

__all__ = ["Brand", "run"]
