"""A reconstruction in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drivebelt.reconstruct import facade, testimony
from drivebelt.reconstruct.counting import registers
from drivebelt.reconstruct.offices import orders, standing
from drivebelt.reconstruct.tables import CORE_NAME, SURE
from drivebelt.reconstruct.texts import forgeries

if TYPE_CHECKING:
    from drivebelt.reconstruct.result import Reconstruction

TOP = 5


def summary(found: Reconstruction) -> list[str]:
    """Plain findings, a line each: who decided, who stands above whom, what is missing, what was forged, what witnesses say."""
    return [
        *_deciders(found),
        *standing.lines(found.standing),
        *orders.lines(found.superiors, found.info["superiors"]),
        *registers.lines(found.info["ever_numbered"]),
        *forgeries.lines(found.info["forgeries"]),
        *testimony.lines(found.statements),
    ]


def _deciders(found: Reconstruction) -> list[str]:
    i = found.info
    lines = [f"{i['papers']:,} papers, {i['acting']:,} of them carry an order, in {i['cascades']:,} cascades."]
    if i["cannot_be_told"]:
        return [*lines, f"Who decided cannot be told from this: {i['cannot_be_told']}."]
    c = found.cascades
    if not i["learnt"]:
        return [
            *lines,
            "The archive is not of the mechanism whose rules were learnt: for each cascade the lowest common superior is named, "
            "without chances.",
        ]
    chance, one = (c[name].fill_null(0.0).to_numpy() for name in ("chance", "as_one_chance"))
    papers = c["papers"].to_numpy()
    best = np.maximum(chance, one)
    lines.append(
        f"At {SURE:.0%} and more: {int((best >= SURE).sum()):,} cascades with {int(papers[best >= SURE].sum()):,} papers, of these "
        f"{int((one >= SURE).sum()):,} with {int(papers[one >= SURE].sum()):,} papers from the Centre."
    )
    core = np.array([n == CORE_NAME for n in c["answer"].to_pylist()], bool) & (chance >= SURE)
    apart = int(((one >= SURE) & (chance < SURE)).sum())
    lines.append(
        f"The informal core is named in {int(core.sum()):,} cascades; in {apart:,} from the Centre it cannot be told who there."
    )
    shares: dict[str, float] = {}
    for name, share in zip(found.centres["name"].to_pylist(), found.centres["share"].to_pylist(), strict=True):
        shares[name] = shares.get(name, 0.0) + share
    months = len(set(found.centres["month"].to_pylist())) or 1
    top = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:TOP]
    lines.append("Centres of power, share of what was begun: " + ", ".join(f"{n} {s / months:.0%}" for n, s in top) + ".")
    lines += facade.lines(found.facade, found.documents)
    masks = found.masks["chance"].fill_null(0.0).to_numpy()
    lines.append(
        f"Masks: {int((masks >= SURE).sum()):,} of {masks.size:,} bodies beside the party only pass on what was settled elsewhere."
    )
    return lines
