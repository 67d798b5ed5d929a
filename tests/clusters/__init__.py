"""Discovered groups: what is found, described, and found again."""
