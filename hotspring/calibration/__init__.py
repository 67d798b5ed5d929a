"""Calibration: rules of temperature learnt from a pool's own past, tested on what came later."""

from hotspring.calibration.apart import calibrate_apart, first_time_apart
from hotspring.calibration.calibrate import Question
from hotspring.calibration.history import COLUMNS, History
from hotspring.calibration.report import report
from hotspring.calibration.result import Calibration

__all__ = [
    "COLUMNS",
    "Calibration",
    "History",
    "Question",
    "calibrate_apart",
    "first_time_apart",
    "report",
]
