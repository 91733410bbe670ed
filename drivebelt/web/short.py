"""The findings of a run in short: a few sentences, and documented figures beside those of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drivebelt.errors import DrivebeltError

if TYPE_CHECKING:
    from drivebelt.results import Run

KEY = "findings in short"


def short(run: Run) -> dict[str, Any]:
    """Sentences, and one documented outcome a topic with the run's own: the first of each that judges. It takes seconds.

    What cannot be read of a damaged run stands as `error`.
    """
    from drivebelt import findings as f
    from drivebelt.report.page import summary
    from drivebelt.report.words import topics

    try:
        asked = f.in_short(run)
        outcomes = [a for a in asked.anchors if a["kind"] == "outcome" and a["documented"] is not None and a["run"] is not None]
        beside = [{"about": title, **figures[0]} for title, figures in topics(outcomes)]
        return {"sentences": summary(asked), "beside": beside, "error": None}
    except DrivebeltError as why:
        return {"sentences": [], "beside": [], "error": str(why)}
