"""Numbered series of real papers: two volumes of Foreign Relations of the United States, of which printed papers are hidden.

1. What is printed, and what printed papers prove to have been: numbers named with their day, checked where the named paper is printed.
2. Of hidden papers: is the number told to be missing, does the interval of its day hold, who wrote it, is it proved by a reference.
3. How many papers a series had by the day of a paper of known number, when that paper, all later ones and a third of the others
   are hidden: the number is the truth. Beside it the highest number left, and Goodman's estimate (1952) from it.
4. Control: the same papers numbered 1, 2, 3 ... without a gap and without a reference must give nothing.

DRIVEBELT_DATA=... python benchmarks/corpora/registers.py [SEEDS]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from common import data, share

from drivebelt.corpora.edition import Mentions, mentions
from drivebelt.corpora.series import dates, evenness
from drivebelt.corpora.tei import Paper, Volume, volume
from drivebelt.reconstruct.counting import missing

HIDDEN = (0.1, 0.3, 0.6)
CUT_HIDDEN = 1 / 3
FEWEST = 5
"""Printed numbers of a series from which its length is asked for."""


def proved(papers: list[Paper]) -> None:
    m = mentions(papers)
    k = m.known()
    own = {(s, n): d for s, n, d, p in zip(m.series, m.number, m.day, m.paper, strict=True) if p >= 0}
    named = [abs(own[s, n] - d) for s, n, d, p in zip(m.series, m.number, m.day, m.paper, strict=True) if p < 0 and (s, n) in own]
    free = missing.free_numbers(k)
    many = sum(b - a + 1 for a, b in zip(free["from"].to_pylist(), free["to"].to_pylist(), strict=True))
    print(
        f"  {len(papers)} papers, {int(k.there.sum())} numbers printed in {len(m.names)} series, {int((~k.there).sum())} more proved by references, {many:,} numbers free below the highest known"
    )
    print(f"  references to a printed number: day agrees with the paper's for {share(sum(x == 0 for x in named), len(named))}")
    print(f"  not used: {', '.join(f'{n} {why}' for why, n in m.unplaced.items())}")


def neighbours(m: Mentions) -> dict:
    """For each series, by number: its day and the row of its paper."""
    out: dict = {}
    for s, n, d, p in zip(m.series.tolist(), m.number.tolist(), m.day.tolist(), m.paper.tolist(), strict=True):
        out.setdefault(m.names[s], {}).setdefault(n, (d, p))
    return out


def hidden_papers(papers: list[Paper], part: float, seeds: int) -> None:
    whole = mentions(papers)
    truth = [
        (whole.names[s], n, d, p) for s, n, d, p in zip(whole.series, whole.number, whole.day, whole.paper, strict=True) if p >= 0
    ]
    count = dict.fromkeys(
        ("hidden", "told", "beyond", "proved", "dated", "held", "signed", "signer", "sure", "sure right", "held as chance"), 0
    )
    errors, widths, proofs = [], [], [0, 0]
    for seed in range(seeds):
        drawn = np.random.default_rng([seed, int(part * 100)]).random(len(papers)) < part
        left = mentions(papers, frozenset(np.flatnonzero(drawn).tolist()))
        even = evenness(left.number, left.day, left.series)
        near = neighbours(left)
        # a run may be cut otherwise when papers are hidden: series are found again by post, way, kind and the days they span
        by_key: dict = {}
        for name, numbers in near.items():
            by_key.setdefault(name[:3], []).append(numbers)
        for name, n, d, p in truth:
            if not drawn[p]:
                continue
            count["hidden"] += 1
            books = [
                b
                for b in by_key.get(name[:3], [])
                if max(b) > n and min(x for x, _ in b.values()) <= d + 60 and max(x for x, _ in b.values()) >= d - 60
            ]
            if not books:
                count["beyond"] += 1
                continue
            book = books[0]
            if n in book:
                count["proved"] += 1
                proofs[0] += 1
                proofs[1] += book[n][0] == d
                continue
            count["told"] += 1
            low, high = max((x for x in book if x < n), default=0), min(x for x in book if x > n)
            if low:
                count["dated"] += 1
                args = (n, low, book[low][0], high, book[high][0])
                told, plain = dates(*args, even), dates(*args)
                errors.append(abs(told.day[0] - d))
                widths.append(told.high[0] - told.low[0])
                count["held"] += bool(told.low[0] <= d <= told.high[0])
                count["held as chance"] += bool(plain.low[0] <= d <= plain.high[0])
            hands = [papers[book[x][1]].signed for x in (low, high) if x and book[x][1] >= 0]
            if papers[p].signed and hands and all(hands):
                right = hands[0] == papers[p].signed
                count["signed"] += 1
                count["signer"] += right
                if len(hands) == 2 and hands[0] == hands[1]:
                    count["sure"] += 1
                    count["sure right"] += right
    c, h = count, count["hidden"]
    print(
        f"  {part:.0%} hidden, {seeds} times, {h} numbered papers: told to be missing {c['told'] / h:.2f}, proved by a reference {c['proved'] / h:.2f} (its day right for {share(proofs[1], proofs[0])}), beyond what is left of the series {c['beyond'] / h:.2f}"
    )
    print(
        f"    day: median error {np.median(errors):.1f}, 90 per cent interval holds for {share(c['held'], c['dated'])} (median width {np.median(widths):.0f} days); taken as evenly numbered {c['held as chance'] / max(c['dated'], 1):.2f}"
    )
    print(
        f"    who signed: as the neighbour {share(c['signer'], c['signed'])}; where both neighbours agree {share(c['sure right'], c['sure'])}"
    )


def lengths(papers: list[Paper], seeds: int) -> None:
    whole = mentions(papers)
    printed = whole.paper >= 0
    sizes = np.bincount(whole.series[printed], minlength=len(whole.names))
    asked = np.flatnonzero(sizes >= FEWEST)
    held = n = total_held = 0
    errors: dict[str, list[float]] = {"this engine": [], "highest left": [], "Goodman": []}
    totals = []
    for seed in range(seeds):
        draw = np.random.default_rng([seed, 7])
        keep = np.ones(whole.series.size, bool)
        truth = {}
        for s in asked.tolist():
            rows = np.flatnonzero(printed & (whole.series == s))
            at = rows[draw.integers(FEWEST - 1, rows.size)]
            truth[s] = int(whole.number[at])
            keep[(whole.series == s) & (whole.number >= whole.number[at])] = False
            # what a hidden paper names is not known either; nor what later papers name
        rows = np.flatnonzero(printed & keep & np.isin(whole.series, asked))
        keep[rows[draw.random(rows.size) < CUT_HIDDEN]] = False
        gone = set(whole.paper[printed & ~keep].tolist())
        keep &= ~np.isin(whole.cites, list(gone))
        keep &= np.isin(whole.series, asked)
        m = Mentions(whole.names, *(x[keep] for x in (whole.series, whole.number, whole.day, whole.paper, whole.cites)), {})
        k = m.known()
        found = missing.count(k, seed + 1)
        real = np.array([truth[s] for s in k.label.tolist()])
        highest = k.highest
        goodman = highest * (1 + 1 / k.known) - 1
        held += int(((found.low <= real) & (real <= found.high)).sum())
        n += real.size
        total_held += found.total_low <= real.sum() <= found.total_high
        totals.append((found.total, found.total_low, found.total_high, real.sum(), goodman.sum(), highest.sum()))
        for name, guess in (("this engine", found.issued), ("highest left", highest), ("Goodman", goodman)):
            errors[name] += (np.log(guess / real)).tolist()
    t = np.array(totals)
    print(
        f"  {asked.size} series, {seeds} times: 90 per cent interval of a series holds for {share(held, n)}, of the sum for {share(total_held, seeds)}"
    )
    for name, e in errors.items():
        print(f"    {name}: median factor {np.exp(np.median(e)):.2f}, median error {np.expm1(np.median(np.abs(e))):.0%}")
    print(
        f"    sum, mean of the times: truth {t[:, 3].mean():,.0f}; this engine {t[:, 0].mean():,.0f} ({t[:, 1].mean():,.0f} to {t[:, 2].mean():,.0f}), Goodman {t[:, 4].mean():,.0f}, highest left {t[:, 5].mean():,.0f}"
    )


def control(papers: list[Paper]) -> None:
    whole = mentions(papers)
    bare, seen = [replace(p, references=()) for p in papers], np.zeros(len(whole.names), int)
    for s, _, _, p in zip(whole.series, whole.number, whole.day, whole.paper, strict=True):
        if p >= 0:
            seen[s] += 1
            bare[p] = replace(bare[p], number=int(seen[s]), post=f"{bare[p].post} {s}")
    for row, p in enumerate(papers):
        if p.number is not None and row not in set(whole.paper.tolist()):
            bare[row] = replace(p, number=None, references=())
    m = mentions(bare)
    k = m.known()
    found = missing.count(k)
    print(
        f"  without a gap: {int(k.there.sum())} papers, {missing.free_numbers(k).num_rows} free runs, {found.missing:.0f} missing, total {found.total:.0f}"
    )


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    volumes: list[Volume] = [volume(path) for path in sorted(Path(data("frus")).glob("*.xml"))]
    for v in volumes:
        print(v.path.name)
        proved(v.papers)
        for part in HIDDEN:
            hidden_papers(v.papers, part, seeds)
        lengths(v.papers, seeds)
        control(v.papers)


if __name__ == "__main__":
    main()
