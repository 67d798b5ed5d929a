"""What clients send: every protocol becomes events, every refusal has its reason."""

from hotspring.collect.files import FileImport, open_file
from hotspring.collect.judge import Judge
from hotspring.collect.quarantine import QUARANTINE, quarantine_rows
from hotspring.collect.sitting import SourceFacts
from hotspring.collect.verdict import Unreadable

__all__ = [
    "QUARANTINE",
    "FileImport",
    "Judge",
    "SourceFacts",
    "Unreadable",
    "open_file",
    "quarantine_rows",
]
