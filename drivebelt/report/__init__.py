"""The report of a run: findings in the terminal, figures, and one HTML page with everything in it."""

from drivebelt.report.page import TITLE, write

__all__ = ["TITLE", "write"]
