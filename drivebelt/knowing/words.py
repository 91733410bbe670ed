"""Who knew of a matter, in lines for a terminal."""

from __future__ import annotations

from drivebelt.knowing.asking import Knew
from drivebelt.knowing.readings import DEPTHS

_HEADS = {
    "person": "Named persons", "centre": "Bodies of the Centre", "region": "Regional bodies", "gubernia": "Provincial bodies",
    "uezd": "District bodies", "volost": "Volost bodies", "cell": "Cells",
}  # fmt: skip


def text(found: list[Knew], most: int) -> list[str]:
    """The same for a terminal: layers, then persons and bodies level by level, the first `most` of each depth by name."""
    if not found:
        return ["Nobody knew of it."]
    lines = []
    for k in found:
        if k.kind == "layer":
            share = "" if k.share is None else f"{100 * k.share:.2f} in a hundred"
            lines.append(f"{k.who:<10} {DEPTHS[k.depth]:<30} {share:>22} since {k.since} (act {k.act}: told by {k.by})")
    for level, head in _HEADS.items():
        here = [k for k in found if k.kind != "layer" and k.level == level]
        if not here:
            continue
        lines += ["", head]
        for depth, words in sorted(DEPTHS.items(), reverse=True):
            those = [k for k in here if k.depth == depth]
            if those:
                lines.append(f"  {words}: {len(those):,}")
            lines += [f"    {k.who:<44} since {k.since}  act {k.act}: {k.told}, {k.by}" for k in those[:most]]
            if len(those) > most:
                lines.append(f"    and {len(those) - most:,} more, the last on {max(k.since for k in those)}")
    return lines
