"""Copies of a pool: made while it runs, checked, and turned into a folder again."""

from hotspring.backup.make import Maker
from hotspring.backup.restore import RESTORING, restore, verify
from hotspring.backup.shelf import Backup, chosen, kept

__all__ = ["RESTORING", "Backup", "Maker", "chosen", "kept", "restore", "verify"]
