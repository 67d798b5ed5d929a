"""Where the tables live: fresh rows in memory, sealed ones in sorted blocks, DuckDB to ask."""

from hotspring.store import records, weave
from hotspring.store.blocks import Store
from hotspring.store.operations import Operations
from hotspring.store.records import Source, Token
from hotspring.store.table import Table

__all__ = ["Operations", "Source", "Store", "Table", "Token", "records", "weave"]
