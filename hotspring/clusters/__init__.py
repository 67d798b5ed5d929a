"""Clusters: groups of alike profiles that nobody named, found by their traits, and described."""

from hotspring.clusters import words
from hotspring.clusters.book import Clustering, clusterings
from hotspring.clusters.find import Pool, find, places
from hotspring.clusters.prepare import Input

__all__ = ["Clustering", "Input", "Pool", "clusterings", "find", "places", "words"]
