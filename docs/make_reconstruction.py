"""Writes the measured tables of docs/reconstruction.md from benchmarks/reconstruction.json and benchmarks/masks.json.

python benchmarks/reconstruction.py FOLDER && python benchmarks/masks.py OTHER && python docs/make_reconstruction.py
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from marks import fill

HERE = Path(__file__).parent
PAGE = HERE / "reconstruction.md"
BENCHMARKS = HERE.parent / "benchmarks"
ALONE = {"s100": "100", "s60": "60", "s30": "30", "s10": "10", "s3": "3", "s2": "2"}
FACADE = {
    "s100": "complete", "rules-1924": "`rules-1924`", "purge-1937": "`purge-1937`", "s30": "30 per cent", "s10": "10 per cent",
}  # fmt: skip
PLAIN = "unamended rulebook"
TOGETHER = {f"s{n}-{what}": f"{n} per cent, {what}s" for what in ("office", "subject") for n in (30, 10, 2)}
Cell = Callable[[dict[str, Any]], str]


def _short(x: float, digits: int = 3) -> str:
    return f"{x:.{digits}f}".removeprefix("0") if 0 < x < 1 else f"{x:.0f}"


def mean(*names: str, digits: int = 3, between: str = "; ") -> Cell:
    """Means over runs, one after the other."""
    return lambda block: between.join(_short(block["figures"][name][0], digits) for name in names)


def many(*names: str) -> Cell:
    """Means of counts."""
    return lambda block: "; ".join(f"{block['figures'][name][0]:,.0f}" for name in names)


def percent(*names: str) -> Cell:
    """Means of shares that may be below nothing, in per cent."""
    return lambda block: "; ".join(f"{100 * block['figures'][name][0]:+.1f} %" for name in names)


def within(name: str) -> Cell:
    """A mean with half of its interval."""

    def cell(block: dict[str, Any]) -> str:
        middle, low, high = block["figures"][name][:3]
        return f"{_short(middle)} ± {(high - low) / 2:.3f}".replace("± 0.", "± .")

    return cell


def pooled(unit: str) -> Cell:
    """The calibration error of all runs together, with the interval over runs drawn anew."""

    def cell(block: dict[str, Any]) -> str:
        middle, low, high = block["pooled calibration error"][unit]
        return f"{_short(middle)} ({_short(low)} to {_short(high)})"

    return cell


def core(block: dict[str, Any]) -> str:
    """Papers claimed for the core a run, and the share of them that are."""
    papers, right = (block["figures"].get(f"the core claimed: {what}") for what in ("papers", "precision"))
    return f"{papers[0]:,.0f}, {_short(right[0], 2)}" if right else "0"


AUTHOR, ONE, CENTRES = "author right, executed papers: ", "author right, Centre as one: ", "centres by month, share put wrong: "
CHANCES: dict[str, Cell] = {
    "calibration error by paper, mean of runs": within("calibration error by paper"),
    "- what luck alone leaves of it": mean("calibration error by paper, luck alone"),
    "- by paper, runs pooled": pooled("paper"),
    "calibration error by cascade, mean of runs": within("calibration error by cascade"),
    "- by cascade, runs pooled": pooled("cascade"),
    "told at 80 per cent or more; of these right": mean("told at 80 per cent, by paper", "of these right, by paper", digits=2),
}
"""Rows on the chances, of every table of authors."""
ROWS: dict[str, Cell] = {
    "grouping, B-cubed F1": mean("grouping: B-cubed F1"),
    "- wording within 10 bits; subject and month": mean(
        "grouping, simpler: wording within 10 bits", "grouping, simpler: subject and month", digits=2
    ),
    "author right": within(AUTHOR + "this engine"),
    "- lowest common superior on the same groups": mean(AUTHOR + "lowest common superior"),
    "- highest body; paper alone, without joint resolution": mean(AUTHOR + "highest body", AUTHOR + "paper alone"),
    "- previous paper; face value; network centrality": mean(
        *(AUTHOR + who for who in ("previous paper", "face value", "network centrality"))
    ),
    "Centre as one: author right": mean(ONE + "this engine"),
    "- lowest common superior": mean(ONE + "lowest common superior"),
    **CHANCES,
    "core claimed (papers a run, of these right)": core,
    "- core as likeliest answer: precision, F1; lowest common superior": mean(
        *(f"the core, {who}: {of}" for who in ("likeliest answer", "lowest common superior") for of in ("precision", "F1")),
        digits=2,
    ),
    "core against formal body, ranking (AUC)": mean("core against formal body: AUC by cascade", digits=2),
    "centres of power by month, share put wrong: this; PageRank": mean(CENTRES + "this engine", CENTRES + "PageRank", digits=2),
    "name not the decider's, ranking (AUC): this; lowest common superior": mean(
        "name not the decider's, AUC: this engine", "name not the decider's, AUC: lowest common superior"
    ),
}
AMENDED: dict[str, Cell] = {
    "author right; lowest common superior on the same groups": mean(AUTHOR + "this engine", AUTHOR + "lowest common superior"),
    **CHANCES,
    "core claimed (papers a run, of these right)": core,
    "hidden authors claimed; of these false alarms": many("hidden author claimed: papers", "hidden author claimed: false alarms"),
}
SHORT = ("author right", "- lowest common superior on the same groups", *CHANCES)
M = "membership: "
BELONGS: dict[str, Cell] = {
    "papers that do not belong: true; told": lambda block: "; ".join(
        _short(1 - block["figures"][M + name][0], 4) for name in ("papers that belong to their cascade", "their mean chance")
    ),
    "ranking (AUC)": mean(M + "ranking (AUC)", digits=2),
    "calibration error": mean(M + "calibration error", digits=4),
    "log loss; one chance for all": mean(M + "log loss", M + "log loss, one chance for all", digits=4),
    "below 90 per cent: papers an archive": many(M + "papers below 90 per cent"),
    "- their mean chance; right": mean(M + "their mean chance below 90 per cent", M + "of these right", digits=2),
    "number of orders off: cascades found; sum of chances": percent(
        M + "cascades found, off the number of orders", M + "sum of chances, off the number of orders"
    ),
    "interval of the number of orders holds, of the runs": mean(M + "interval of the number of orders holds", digits=2),
}
NAME, BODY, WHOLE = "name not the decider's", "error of a body's facade", "bodies that only pass on"
ENGINE, PARTY, SUPERIOR = "this engine", "every body beside the party", "lowest common superior"
BEFORE, RECEIVED, FACE = "a party paper on the subject before it", "share of papers received", "face value"


def _beside(first: str, begins: str, row: str, names: tuple[str, ...]) -> dict[str, Cell]:
    """A row of this engine with its interval, and one of each other method."""
    return {first: within(f"{row}: {ENGINE}")} | {f"- {begins}{name}": mean(f"{row}: {name}") for name in names}


MASKS: dict[str, Cell] = {
    **_beside(f"{NAME}, ranking (AUC)", "", f"{NAME}, AUC", (PARTY, SUPERIOR, BEFORE, RECEIVED, FACE)),
    **_beside("- among party bodies", "among party bodies, ", f"{NAME}, party bodies, AUC", (SUPERIOR, BEFORE, RECEIVED)),
    "precision; recall at even odds": mean(f"{NAME}, precision: {ENGINE}", f"{NAME}, recall: {ENGINE}"),
    **{f"- the same, {who}": mean(f"{NAME}, precision: {who}", f"{NAME}, recall: {who}") for who in (PARTY, SUPERIOR)},
    "calibration error by paper; log loss": mean(f"{NAME}: calibration error", f"{NAME}: log loss"),
    "told at 80 per cent; of these false masks": many("masks told at 80 per cent: papers", "false masks at 80 per cent: papers"),
    **_beside("error of a body's share", "of it, ", BODY, (PARTY, SUPERIOR, BEFORE, RECEIVED, FACE)),
    "- where the share is not plain (.02 to .98)": within(f"{BODY}, not plain: {ENGINE}"),
    "- there, lowest common superior": mean(f"{BODY}, not plain: {SUPERIOR}"),
    "- by quarter; lowest common superior": mean(f"{BODY} by quarter: {ENGINE}", f"{BODY} by quarter: {SUPERIOR}"),
    "90 per cent interval of a body's share: holds, width": mean(
        *(f"interval of the facade by body: {what}" for what in ("holds", "width")), between=", "
    ),
    "- where the share is not plain": mean(
        *(f"interval of the facade by body: open_{w}" for w in ("holds", "width")), between=", "
    ),
    "- the same by quarter": mean(*(f"interval of the facade by quarter: open_{w}" for w in ("holds", "width")), between=", "),
    **_beside(f"{WHOLE}, ranking (AUC)", "of these, ", f"{WHOLE}, AUC", (PARTY, SUPERIOR, BEFORE, RECEIVED)),
    "- told at 80 per cent: precision, recall": mean(f"{WHOLE}, told: precision", f"{WHOLE}, told: recall", between=", "),
    "- calibration error of these": mean(f"{WHOLE}: calibration error"),
    "formal bodies of the Centre: ranking (AUC)": within("masks among formal bodies of the Centre, AUC"),
}


def table(head: str, losses: dict[str, str], blocks: dict[str, Any], rows: dict[str, Cell]) -> list[str]:
    """A row a figure, a column a loss."""
    out = [f"| {head} | {' | '.join(losses.values())} |", "|---" * (1 + len(losses)) + "|"]
    return out + [f"| {row} | {' | '.join(cell(blocks[loss]) for loss in losses)} |" for row, cell in rows.items()]


def _scores(name: str) -> dict[str, dict[str, Any]]:
    return dict(json.loads((BENCHMARKS / f"{name}.json").read_text()))


def main() -> None:
    """Puts the tables between the marks of the page."""
    scores, short = _scores("reconstruction"), {row: ROWS[row] for row in SHORT}
    blocks = scores.pop(PLAIN)
    under = {"s100": "complete"} | {loss: f"`{loss}`" for loss in blocks if loss not in ALONE and loss not in TOGETHER}
    each = (("papers left, per cent", ALONE, ROWS), ("whole offices or subjects lost", TOGETHER, short), ("regime", under, short))
    lines = [line for head, losses, rows in each for line in ("", *table(head, losses, blocks, rows))]
    fill(PAGE, lines[1:])
    amended = [line for name, found in scores.items() for line in ("", *table(name, ALONE, found, AMENDED))]
    fill(PAGE, amended[1:], "amended")
    fill(PAGE, table("papers left, per cent", ALONE | {"purge-1937": "`purge-1937`"}, blocks, BELONGS), "membership")
    fill(PAGE, table("", FACADE, _scores("masks")[PLAIN], MASKS), "facade")


if __name__ == "__main__":
    main()
