"""Where profiles are: the latest place that their events tell, and since when and where they came.

A room of its own beside temperature: both are folds over the same events, and neither knows of the
other.
"""

from hotspring.whereabouts.where import CHANNELS, COLUMNS, ORIGINS, STEPS, Known, Told, Whereabouts

__all__ = ["CHANNELS", "COLUMNS", "ORIGINS", "STEPS", "Known", "Told", "Whereabouts"]
