"""Congresses and conferences: who their delegates are, and how they vote."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from drivebelt.findings import meetings
from drivebelt.report import drawing as dr
from drivebelt.report.drawing import Drawn, Nothing

if TYPE_CHECKING:
    from drivebelt.results import Run

_ORDERED = date(1924, 1, 16)
"""The XIII conference: the rule `delegates_paid_responsible_and_loyal` was made for it."""


def congresses(run: Run) -> Drawn:
    """Who the delegates of each congress and conference are, and how they vote."""
    found = meetings(run)
    if not found:
        raise Nothing("No congress or conference met in this run.")
    figure, (above, below) = dr.panels(2.5, 1.3, right=0.35, gap=0.8)
    at = range(len(found))
    for x, row in zip(at, found, strict=True):
        paid = 100 * row["officials"] / row["delegates"]
        above.bar(x, paid, width=0.36, color=dr.RED, alpha=0.85)
        above.bar(x, 100 - paid, bottom=paid, width=0.36, color="none", edgecolor=dr.MUTED, lw=0.8)
        above.annotate(f"{paid:.0f}", (x, paid / 2), ha="center", va="center", color="white", fontsize=9, fontweight="bold")
        if row["part_time"] is not None:
            above.plot([x - 0.24, x + 0.24], [100 * row["part_time"]] * 2, color=dr.INK, lw=1.6)
        no = 100 * row["against"] / row["delegates"]
        below.bar(x, no, width=0.36, color=dr.TEAL)
        below.annotate(
            f"{no:.1f} ({row['against']:,})", (x, no), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8
        )
        if row["day"] == date(1923, 4, 17):
            dr.documented(above, x + 0.25, 55, "55\nfull-time", dx=6, size=7)
            dr.documented(above, x + 0.25, 84, "84 with\npart-time", dx=6, size=7)
        if row["day"] == _ORDERED:
            dr.documented(below, x + 0.25, 0, "3 votes", dx=7, dy=6)
    labels = [f"{row['name']}\n{row['day']:%b %Y}" for row in found]
    for axes, word in ((above, "per cent of delegates"), (below, "per cent against")):
        axes.set_xticks(at, labels, fontsize=8.2)
        axes.set_xlim(-0.6, len(found) - 0.2)
        axes.set_ylabel(word)
        axes.grid(axis="x", visible=False)
    above.set_ylim(0, 100)
    below.set_ylim(0, max(2.0, 130 * max(row["against"] / row["delegates"] for row in found)))
    above.set_title(
        "Delegates: paid party officials (filled) and others (empty)"
        + ("; stroke: with part-time" if any(row["part_time"] is not None for row in found) else "")
    )
    below.set_title("Votes against the leadership, per cent of delegates (and votes)")
    paid_words = ", ".join(f"{row['name']} {100 * row['officials'] / row['delegates']:.0f} per cent" for row in found)
    against = ", ".join(f"{row['name']} {row['against']:,} of {row['delegates']:,}" for row in found)
    ordered = next((row["name"] for row in found if row["day"] == _ORDERED), "")
    asked = (
        f" For the {ordered} the Secretariat asked the secretaries to send none but holders of paid posts of responsibility "
        "(I.3, line 2438): its column shows that rule carried out, and does not explain how the apparatus came to be chosen."
        if ordered else ""
    )  # fmt: skip
    return dr.drawn(
        "congresses", figure,
        f"Bars for each congress and conference. Paid officials among delegates: {paid_words}. Votes against: {against}.",
        "Diamonds, documented: 55 per cent of the delegates of the XII congress were full-time party workers, 84 with part-time "
        "ones (I.1, lines 1982-1984); three votes for the opposition at the XIII conference (I.3, line 2438)." + asked,
    )  # fmt: skip
