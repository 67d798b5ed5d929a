"""Where the tables live: fresh rows in memory, sealed ones in sorted blocks, DuckDB to ask."""

from hotspring.store.blocks import Store
from hotspring.store.operations import AuditEntry, ImportJob, Operations, Source, Token
from hotspring.store.table import Table

__all__ = ["AuditEntry", "ImportJob", "Operations", "Source", "Store", "Table", "Token"]
