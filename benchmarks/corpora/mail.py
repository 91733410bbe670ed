"""Who stands above whom in real mail: the Enron table, with seniority hidden, through `drivebelt import` and `drivebelt reconstruct`.

The tables become a mailbox of which nothing but sender, recipients in their order, subject and time is kept; titles, departments and
seniority never reach the engine. The score's four signs were chosen on one half of the people (by a hash of their number) and
looked at once on the other; both are shown. Centralities are those of the network of who ever wrote to whom, recomputed here.

DRIVEBELT_DATA=... python benchmarks/corpora/mail.py
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from email.utils import formatdate
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from common import auc, bootstrap, data, ends

HOST = "enron.example"
BAR = "in-degree"


def tables(place: Path):
    """Seniority by person; messages (number, time, subject, sender); recipients by message, in order."""
    rows = [line.split("\t") for line in (place / "employees.tsv").read_text(encoding="utf-8").splitlines()]
    senior = np.array([row[6] == "Senior" for row in rows])
    messages = [line.split("\t") for line in (place / "messages.tsv").read_text(encoding="ascii").splitlines()]
    to: dict[str, list[tuple[int, int]]] = {}
    for line in (place / "recipients.tsv").read_text(encoding="ascii").splitlines():
        message, place_in, who = line.split("\t")
        to.setdefault(message, []).append((int(place_in), int(who)))
    return senior, [(m[0], int(m[2]), m[3], int(m[4])) for m in messages], {m: [w for _, w in sorted(r)] for m, r in to.items()}


def mailbox(path: Path, messages, to) -> None:
    """The messages as a mailbox."""
    with path.open("w", encoding="utf-8") as out:
        for number, moment, subject, sender in messages:
            out.write(
                f"From p{sender}@{HOST} {formatdate(moment)}\nMessage-ID: <{number}@{HOST}>\nDate: {formatdate(moment)}\n"
                f"From: p{sender}@{HOST}\nTo: {', '.join(f'p{who}@{HOST}' for who in to[number])}\nSubject: {subject}\n\n\n"
            )


def found(messages, to, people: int) -> tuple[np.ndarray, int]:
    """The score of each person, as the command line gives it; who has none stands below all. And how many have one."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        mailbox(place / "all.mbox", messages, to)
        for arguments in (
            ("import", "all.mbox", "--from", "mbox", "--out", "archive"),
            ("reconstruct", "archive", "--out", "found"),
        ):
            subprocess.run([sys.executable, "-m", "drivebelt.cli", *arguments], cwd=place, check=True, stdout=subprocess.DEVNULL)
        rows = pq.read_table(place / "found" / "standing.parquet")
    score = np.full(people, -1.0)
    who = [int(name.split("@")[0][1:]) - 1 for name in rows["name"].to_pylist()]
    score[who] = rows["score"].to_numpy()
    return score, len(who)


def pagerank(weight: np.ndarray, damping: float = 0.85) -> np.ndarray:
    """Rank flows from who writes to who is written to."""
    n, out = weight.shape[0], weight.sum(1, keepdims=True)
    step = np.where(out > 0, weight / np.where(out > 0, out, 1), 1 / n)
    rank = np.full(n, 1 / n)
    for _ in range(200):
        rank = (1 - damping) / n + damping * rank @ step
    return rank


def betweenness(link: np.ndarray) -> np.ndarray:
    """Shares of shortest paths through each (Brandes 2001), directed, unweighted."""
    n = link.shape[0]
    near = [np.flatnonzero(link[i]) for i in range(n)]
    total = np.zeros(n)
    for source in range(n):
        far, ways, order = np.full(n, -1), np.zeros(n), [source]
        far[source], ways[source] = 0, 1
        before: list[list[int]] = [[] for _ in range(n)]
        for v in order:
            for w in near[v]:
                if far[w] < 0:
                    far[w] = far[v] + 1
                    order.append(w)
                if far[w] == far[v] + 1:
                    ways[w] += ways[v]
                    before[w].append(v)
        share = np.zeros(n)
        for w in reversed(order):
            for v in before[w]:
                share[v] += ways[v] / ways[w] * (1 + share[w])
        share[source] = 0
        total += share
    return total


def centralities(messages, to, people: int) -> dict[str, np.ndarray]:
    weight = np.zeros((people, people))
    for number, _, _, sender in messages:
        for who in to[number]:
            weight[sender - 1, who - 1] += who != sender
    link = weight > 0
    return {
        BAR: link.sum(0).astype(float), "degree": (link | link.T).sum(0).astype(float), "betweenness": betweenness(link),
        "PageRank (letters)": pagerank(weight), "PageRank (who wrote to whom)": pagerank(link.astype(float)),
        "letters received": weight.sum(0),
    }  # fmt: skip


def main() -> None:
    senior, messages, to = tables(data("enron"))
    score, many = found(messages, to, senior.size)
    print(f"{senior.size} people, {int(senior.sum())} of them senior; {len(messages):,} letters; {many} have a score")
    scores = {"this engine": score, **centralities(messages, to, senior.size)}
    chosen = np.array([hashlib.sha256(f"enron {i + 1}".encode()).digest()[0] & 1 for i in range(senior.size)], bool)
    for name, rows in (("all people", chosen | True), ("half looked at while choosing", chosen), ("other half", ~chosen)):
        part = {k: v[rows] for k, v in scores.items()}
        drawn = bootstrap(part, senior[rows])
        print(f"{name}: {int(rows.sum())} people, {int(senior[rows].sum()) * int((~senior[rows]).sum()):,} pairs")
        for k, v in part.items():
            less = (
                ""
                if k == BAR
                else f"; above in-degree by {auc(v, senior[rows]) - auc(part[BAR], senior[rows]):+.3f} ({ends(drawn[k] - drawn[BAR])})"
            )
            print(f"  {k:30s} {auc(v, senior[rows]):.3f} ({ends(drawn[k])}){less}")


if __name__ == "__main__":
    main()
