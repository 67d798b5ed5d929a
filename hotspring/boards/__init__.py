"""Boards: questions that people keep under a name, and dashboards of what they are answered."""

from hotspring.boards import verdict
from hotspring.boards.dashboard import Card, Dashboard, Target, dashboards
from hotspring.boards.report import Report, reports

__all__ = ["Card", "Dashboard", "Report", "Target", "dashboards", "reports", "verdict"]
