"""What gives a machine away: pure functions from what was done to who is suspected, and why."""

from hotspring.bots import robots, scanners
from hotspring.bots.networks import Networks

__all__ = ["Networks", "robots", "scanners"]
