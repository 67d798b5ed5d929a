"""Hotspring: a self-hosted platform that keeps a brand's own users warm."""

__version__ = "0.1.0"
