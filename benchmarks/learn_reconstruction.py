"""Learns the weights of the reconstruction from archives of other seeds and amended rulebooks, and writes them into the package.

python benchmarks/make_archives.py learn FOLDER
python benchmarks/learn_reconstruction.py FOLDER          both parts, from the archives that are there
python benchmarks/learn_reconstruction.py FOLDER centre   that part only; the other stays as it is
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from make_archives import LEARN, losses

from drivebelt.errors import BadRun
from drivebelt.reconstruct import evidence, logit
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import CORE, WEIGHTS, columns, gather, path_chances
from drivebelt.reconstruct.scoring.truth import of_groups, truth
from drivebelt.results import Run

MOST = 2000
"""Most small groups taken of one archive, evenly: a small archive counts as much as a large one in the end."""
LARGE = 30
"""Papers from which all groups are taken: they are few and hold most papers of a large archive."""
RIDGE = {"office": 3.0, "centre": 3.0}
USED = 0.1
"""Chance of the Centre as one from which it matters who at the Centre: there the second part is learnt."""
SHARE = {"no-core": 0.15}
"""What an archive of an amended rulebook counts for beside one of the plain rulebook, by first words of its name (assumption: how
likely a reader holds it that there was no core behind secret minutes; range 0-1). There all else looks the same, so this is the
prior of the core; where minutes are open the paper says so."""


def chosen(groups, hits, size):
    """Which of some groups are learnt from: those of which exactly one hypothesis is right (`hits`), and of the small ones MOST."""
    kept = groups & (hits == 1)
    some = np.flatnonzero(kept & (size < LARGE))
    kept[some[np.arange(some.size) % max(-(-some.size // MOST), 1) != 0]] = False
    return kept


def gathered(folder: Path, name: str, loss: str) -> dict[str, tuple]:
    """Rows to learn from of one archive by part (features, hypotheses a group, which is right), names of the features by part."""
    key = folder / name / f"{loss}.key.parquet"
    a = read(folder / name / loss)
    shown = gather(a)
    t, g, w, s = shown.tree, shown.groups, shown.ways, shown.seen
    true = truth(a, Run(folder / name / "run"), key)
    who = of_groups(g.first, g.members, true.who)
    node = np.where(who == CORE, t.root, t.office[np.maximum(who, 0)])
    size = np.diff(g.first)
    x, office = evidence.features(a, t, g, w, s)
    right = w.node == node[w.group]
    many = np.diff(w.first)
    kept = chosen(many > 1, np.bincount(w.group, right, g.number), size)
    rows = {"office": (x[kept[w.group]], many[kept], right[kept[w.group]])}
    told = columns(shown)
    right = who[:, None] == np.r_[CORE, shown.bodies.organ][None, :]
    top = w.node == t.root
    likely = np.zeros(g.number, bool)
    likely[w.group[top]] = path_chances(a, t, g, w, s)[top] > USED
    kept = chosen((node == t.root) & likely, right.sum(1), size)
    x = told.rows(np.flatnonzero(kept)).astype(np.float32)  # most of what is held in memory
    rows["centre"] = (x, np.full(np.count_nonzero(kept), right.shape[1]), right[kept].ravel())
    own = np.array([np.count_nonzero((true.who == a.issuer) & ~shown.acts), np.count_nonzero(~shown.acts)])
    print(name, loss, g.number, flush=True)
    return {**rows, "names": (office, told.names()), "own": (own,), "of": f"{name}.{loss}"}


def main() -> None:
    folder = Path(sys.argv[1])
    found: list[dict[str, tuple]] = []
    for name in LEARN:
        for loss in losses("learn", name):
            if not (folder / name / f"{loss}.key.parquet").exists():
                continue
            try:
                found.append(gathered(folder, name, loss))
            except BadRun as why:
                print(f"left out: {why}", file=sys.stderr)
    wanted = sys.argv[2:] or list(RIDGE)
    own, papers = np.sum([f["own"][0] for f in found], 0)
    out = json.loads(WEIGHTS.read_text())
    if "office" in wanted:
        out |= {"archives": len(found), "own": round(min((own + 1) / (papers + 2), 0.9999), 6)}
    if "centre" in wanted:
        out["centre_learnt_from"] = [f["of"] for f in found]
    for i, part in enumerate(RIDGE):
        if part not in wanted:
            continue
        x, many, right = (np.concatenate(c) for c in zip(*(f[part] for f in found), strict=True))
        share = np.concatenate([np.full(f[part][1].size, SHARE.get(f["of"].split(".")[0].rsplit("-", 1)[0], 1.0)) for f in found])
        fitted = logit.fit(x, np.r_[0, np.cumsum(many)], right, RIDGE[part], share)
        out[part] = {n: round(float(v), 4) for n, v in zip(found[0]["names"][i], fitted, strict=True)}
        print(part, many.size, "groups")
    WEIGHTS.write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
