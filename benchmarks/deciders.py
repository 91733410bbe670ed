"""Plants state bodies that decide themselves into archives, since no rulebook has any: does the engine see that they are no masks?

python benchmarks/make_archives.py masks FOLDER
python benchmarks/deciders.py FOLDER RUN LOSS...

In half of the gubernias the orders that the committee began and alone signed are signed by the executive committee beside it
instead. Its other acts, those settled by the party, go to the committee ("only its own") or stay ("both").
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from drivebelt.reconstruct import facade
from drivebelt.reconstruct.archive import Archive, Ints, read
from drivebelt.reconstruct.engine import Inference, infer
from drivebelt.reconstruct.grouping.tree import PARTY
from drivebelt.reconstruct.scoring.truth import Truth, truth
from drivebelt.results import Run

LEVEL, BRANCH = "gubernia", "state"


def planted(f: Inference, true: Truth, both: bool) -> tuple[Archive, np.ndarray, Ints]:
    """The archive with planted deciders, which papers were planted, and the rows of the bodies that sign them."""
    a, g = f.archive, f.groups
    here = a.level.code == a.level.of(LEVEL)
    beside = {int(f.tree.office[o]): o for o in np.flatnonzero(here & (a.branch.code == a.branch.of(BRANCH))).tolist()}
    committees = [o for o in np.flatnonzero(here & (a.branch.code == a.branch.of(PARTY))).tolist() if o in beside][::2]
    least, most = (way.reduceat(a.issuer[g.members], g.first[:-1]) for way in (np.minimum, np.maximum))
    alone = np.append(least == most, False)[g.of]
    issuer, of = a.issuer.copy(), np.zeros(a.papers, bool)
    for committee in committees:
        body = beside[committee]
        own = f.acts & alone & (a.issuer == committee) & (true.who == committee)
        if not both:
            issuer[f.acts & (a.issuer == body)] = committee
        issuer[own] = body
        of |= own
    return replace(a, issuer=issuer), of, np.unique(issuer[of])


def main() -> None:
    folder, name, wanted = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    for loss in wanted:
        a = read(folder / name / loss)
        f = infer(a)
        true = truth(a, Run(folder / name / "run"), folder / name / f"{loss}.key.parquet")
        for both in (False, True):
            changed, of, bodies = planted(f, true, both)
            again = infer(changed)
            masked, chance = facade.masked(again)[of], again.masks.chance
            others = np.setdiff1d(np.flatnonzero((again.masks.papers > 0) & ~np.isnan(chance)), bodies)
            print(
                f"{name} {loss} {'both' if both else 'only its own'}: {bodies.size} bodies, {of.sum()} papers; called masks at 80 per "
                f"cent {np.mean(chance[bodies] >= 0.8):.2f}, others {np.mean(chance[others] >= 0.8):.4f}; papers called mere names at "
                f"80 per cent {np.mean(masked >= 0.8):.2f}, mean chance {masked.mean():.2f}"
            )


if __name__ == "__main__":
    main()
