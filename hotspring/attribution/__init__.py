"""Attribution: which touchpoints is a conversion owed to? Rules, exact Markov chains, Shapley.

Pure functions of journeys and of typed parameters; what a touchpoint and a conversion is, the
caller decides.
"""

from hotspring.attribution.journeys import Credit, Journeys
from hotspring.attribution.markov import Markov
from hotspring.attribution.shapley import Shapley
from hotspring.attribution.sharing import Sharing
from hotspring.attribution.walk import Window, walk

__all__ = ["Credit", "Journeys", "Markov", "Shapley", "Sharing", "Window", "walk"]
