"""Files in, events out: CSV, Excel, Parquet and JSON Lines as streams of events."""

from hotspring.collect.files.fileimport import FileImport, Portion, open_file
from hotspring.collect.files.mapping import Columns
from hotspring.collect.files.rejects import REASONS, Reject
from hotspring.collect.files.report import Report

__all__ = ["REASONS", "Columns", "FileImport", "Portion", "Reject", "Report", "open_file"]
