"""Scores: lines that add and subtract points, and the numbers of profiles that they read."""

from hotspring.scores import spread
from hotspring.scores.measure import Measure, measured, placed
from hotspring.scores.points import Points
from hotspring.scores.score import Score, scores

__all__ = ["Measure", "Points", "Score", "measured", "placed", "scores", "spread"]
