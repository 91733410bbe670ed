"""How right a reconstruction is, beside baselines; by paper and by cascade."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from drivebelt.reconstruct.archive import Ints, read
from drivebelt.reconstruct.centres import months
from drivebelt.reconstruct.engine import CENTRE_AS_ONE, CORE, Inference
from drivebelt.reconstruct.scoring import facade_score, figures, forgery_score, membership_score, testimony_score
from drivebelt.reconstruct.scoring.baselines import BASELINES, GROUPINGS, as_one, lowest_common_superior
from drivebelt.reconstruct.scoring.forgery_truth import again
from drivebelt.reconstruct.scoring.origins import origin_days, superior_shares
from drivebelt.reconstruct.scoring.reopened import inference, organ_rows
from drivebelt.reconstruct.scoring.truth import Truth, of_groups, truth
from drivebelt.reconstruct.tables import SURE
from drivebelt.reconstruct.texts import forgeries

if TYPE_CHECKING:
    from drivebelt.reconstruct.result import Reconstruction
    from drivebelt.results import Run


@dataclass
class Score:
    """Figures by question; `figures` nests names, numbers and None where a figure has no meaning."""

    figures: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The figures."""
        return self.figures

    def lines(self) -> list[tuple[str, str]]:
        """Name and figures of each line of the table for a reader."""
        f = self.figures
        out = [
            ("papers; carrying an order; executed", f"{f['papers']:,}; {f['acting']:,}; {f['executed']:,}"),
            ("grouping, B-cubed F1 (precision, recall)", _cells(f["grouping"], "f1", "precision", "recall")),
        ]
        for name, value in f["grouping, simpler"].items():
            out.append((f"grouping by {name}, B-cubed F1", _cell(value, 3)))
        for name, row in f["attribution"].items():
            out.append((f"author right, {name}: executed papers; Centre as one", _cells(row, "executed", "executed_as_one")))
        if f["calibration"]:
            for unit, row in f["calibration"].items():
                cells = _cells(row, "error", "luck", "log_loss", "brier", "answered", "right")
                what = "calibration error, what luck alone leaves of it, log loss, Brier; at 80 per cent: answered, right"
                out.append((f"by {unit}: {what}", cells))
                curve = "  ".join(f"{least:.0%} {told:.2f}/{_cell(right)}" for least, told, right in row["abstention"][1:])
                out.append((f"by {unit}, told at a chance and more: answered/right", curve))
        for name, row in f["claims"].items():
            out.append((f"{name}: precision, recall, F1, false alarms", _cells(row, "precision", "recall", "f1", "false_alarms")))
        if f["core_against_centre_auc"] is not None:
            out.append(("core against formal body, ranking by cascade (AUC)", f"{f['core_against_centre_auc']:.2f}"))
        for name, value in f["centres"].items():
            out.append((f"centres of power by month, {name}: share put wrong", "-" if value is None else f"{value:.2f}"))
        if e := f["ever_numbered"]:
            held = "holds" if e["holds"] else "does not hold"
            published = ", ".join(f"{name} {x:+.1%}" for name, x in e["published"].items())
            out.append(
                ("papers ever numbered: relative error; interval; published estimators", f"{e['error']:+.1%}; {held}; {published}")
            )
        if o := f["origin_days"]:
            name = "day of the order: mean error, days (of the first paper); 80 per cent span holds; width, days; of a plain one"
            out.append((name, _cells(o, "error_days", "first_paper_error_days", "span_holds", "span_days", "plain_span_days")))
        if s := f["superiors"]:
            out.append((f"superior of an office right, of {s['offices']:,} offices", ", ".join(
                f"{name} {s[name]:.2f}" for name in ("this engine", "its best seen", "lift", "NetRate", "previous") if name in s
            )))  # fmt: skip
        for part in (membership_score, facade_score, forgery_score, testimony_score):
            out += part.lines(f[part.NAME])
        return out


def _cells(row: dict[str, Any], *names: str) -> str:
    return "  ".join(_cell(row[n], 3) for n in names)


def _cell(value: float | None, places: int = 2) -> str:
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.{places}f}"


def score(found: Reconstruction, run: Run, key: str | Path | None = None) -> Score:
    """The figures of a reconstruction, as its tables say. Baselines are computed from its archive, on the same groups.

    Raises BadInput where archive, reconstruction and run do not belong together.
    """
    a = read(found.archive)
    f = inference(found, a)
    made = again(a, run)
    true = truth(a, run, key, made)
    given = f.learnt and not f.silent
    more = {
        "facade": facade_score.score(found, f, true, run), "ever_numbered": _ever(found, run),
        "forgeries": forgery_score.score(a, forgeries.judge(a, f.acts, f.groups), made) if given and made else None,
        "testimony": testimony_score.score(found, f, true), "origin_days": origin_days(found, f, true, run),
        "superiors": superior_shares(found, a), "membership": membership_score.score(found, f, true),
    }  # fmt: skip
    return Score(orders(found, f, true) | more)


def orders(found: Reconstruction, f: Inference, true: Truth) -> dict[str, Any]:
    """The figures of grouping, attribution, chances and centres, for the inference that a reconstruction was made of."""
    a, kept = f.archive, f.groups.of
    acting, executed = f.acts, f.acts & (true.who != a.issuer)
    answer = organ_rows(a, found.documents, "organ", "answer")
    one = organ_rows(a, found.documents, "as_one_organ", "as_one")
    true_one = as_one(f, true.who)
    chance = found.documents["chance"].fill_null(0.0).to_numpy()
    one_chance = found.documents["as_one_chance"].fill_null(0.0).to_numpy()
    rows = {"this engine": (answer, one)}
    for name, method in BASELINES.items():
        said = method(f)
        rows[name] = (said, as_one(f, said))
    attribution = {
        name: {
            "executed": figures.share(said == true.who, executed), "executed_as_one": figures.share(said_one == true_one, executed),
            "acting": figures.share(said == true.who, acting), "acting_as_one": figures.share(said_one == true_one, acting),
        }
        for name, (said, said_one) in rows.items()
    }  # fmt: skip
    given = f.learnt and not f.silent
    return {
        "papers": a.papers, "acting": int(acting.sum()), "executed": int(executed.sum()), "cannot_be_told": f.silent or None,
        "grouping": figures.b_cubed(kept[acting], true.matter[acting]),
        "grouping, simpler": {
            name: figures.b_cubed(method(f)[acting], true.matter[acting])["f1"] for name, method in GROUPINGS.items()
        },
        "attribution": attribution,
        "calibration": _chances(f, true, true_one, answer, one, chance, one_chance) if given else {},
        "claims": _claims(f, true, true_one, answer, one, chance, one_chance),
        "core_against_centre_auc": _core(f, true) if given else None,
        "centres": _centres(f, true) if given else {},
    }  # fmt: skip


def _ever(found: Reconstruction, run: Run) -> dict[str, Any] | None:
    """How far the count of all papers ever numbered is off, whether its interval holds, and how far published estimators are."""
    e, truth = found.info["ever_numbered"], int(run.info["rows"]["documents"])
    if not e["there"]:
        return None
    return {
        "truth": truth, "error": e["total"] / truth - 1, "holds": e["low"] <= truth <= e["high"],
        "published": {name: total / truth - 1 for name, total in e["published"].items()},
    }  # fmt: skip


def _chances(
    f: Inference, true: Truth, true_one: Ints, answer: Ints, one: Ints, chance: np.ndarray, one_chance: np.ndarray
) -> dict[str, Any]:
    """By paper and by cascade, exact and with the Centre as one."""
    g, c, acts = f.groups, f.chances, f.acts
    who = of_groups(g.first, g.members, true.who)
    of = np.repeat(np.arange(g.number), np.diff(c.first))
    lead = g.members[g.first[:-1]]
    size = np.diff(g.first).astype(float)
    out: dict[str, Any] = {}
    for unit, rows, weight in (("paper", np.flatnonzero(acts), size), ("cascade", lead, np.ones(g.number))):
        exact = answer == true.who if unit == "paper" else _of_lead(answer, f, who)
        as_a_whole = one == true_one if unit == "paper" else _of_lead(one, f, as_one(f, who))
        loss = figures.losses(of, c.who, c.chance, g.number, who, weight)
        out[unit] = _told(chance[rows], exact[rows], g.of[rows], loss)
        merged = as_one(f, c.who)
        loss = figures.losses(*_merged(of, merged, c.chance, f.archive.organs), g.number, as_one(f, who), weight)
        out[f"{unit}, Centre as one"] = _told(one_chance[rows], as_a_whole[rows], g.of[rows], loss)
    return out


def _told(chance: np.ndarray, right: np.ndarray, cascade: Ints, loss: dict[str, float]) -> dict[str, Any]:
    return {
        "error": figures.calibration(chance, right), "luck": figures.luck(chance, cascade), **loss,
        **figures.answered(chance, right),
        "abstention": figures.abstention(chance, right), "reliability": figures.reliability(chance, right),
    }  # fmt: skip


def _of_lead(said: Ints, f: Inference, who: Ints) -> np.ndarray:
    """For all papers whether the answer is the commonest truth of their group."""
    return np.where(f.groups.of >= 0, said == np.append(who, -9)[f.groups.of], False)


def _merged(of: Ints, who: Ints, chance: np.ndarray, organs: int) -> tuple[Ints, Ints, np.ndarray]:
    """Rows of one hypothesis of a group added up."""
    key, at = np.unique(of * (organs + 4) + who + 3, return_inverse=True)
    return key // (organs + 4), key % (organs + 4) - 3, np.bincount(at, chance, key.size)


def _claims(
    f: Inference, true: Truth, true_one: Ints, answer: Ints, one: Ints, chance: np.ndarray, one_chance: np.ndarray
) -> dict[str, Any]:
    """What is claimed at 80 per cent and more: the core; an author other than who signed; initiative of who signed. And the core
    where it is the likeliest answer, beside the lowest common superior, which never abstains either."""
    a, acts = f.archive, f.acts
    signed = as_one(f, a.issuer)
    rows = {
        "the core": ((answer == CORE) & (chance >= SURE), true.who == CORE),
        "hidden author, Centre as one": ((one != signed) & (one_chance >= SURE) & (one != -1), true_one != signed),
        "the core, likeliest answer": (answer == CORE, true.who == CORE),
        "the core, by the lowest common superior": (lowest_common_superior(f) == CORE, true.who == CORE),
        "own initiative": ((one == signed) & (one_chance >= SURE), true_one == signed),
    }
    return {name: figures.detection(claimed[acts], is_true[acts]) for name, (claimed, is_true) in rows.items()}


def _core(f: Inference, true: Truth) -> float | None:
    """How well cascades of the core are ranked above those of formal bodies of the Centre."""
    g, c = f.groups, f.chances
    who = of_groups(g.first, g.members, true.who)
    central = as_one(f, who) == CENTRE_AS_ONE
    of = np.repeat(np.arange(g.number), np.diff(c.first))
    core = np.bincount(of, c.chance * (c.who == CORE), g.number) / np.maximum(c.as_one, 1e-9)
    return figures.auc(core[central], (who == CORE)[central])


def _centres(f: Inference, true: Truth) -> dict[str, float | None]:
    """Half the sum of absolute differences between shares of authors by month, found and true, mean over months; by true
    cascade for the truth and by found cascade for the answers. Degree and PageRank of issuers are the baselines: they do not
    change by
    month."""
    a, g, c = f.archive, f.groups, f.chances
    members = g.members
    month = months(a.date)
    _, first_of = np.unique(true.matter[np.sort(members)], return_index=True)
    lead = np.sort(members)[first_of]
    width = a.organs + 3
    want = _shares(month[lead], true.who[lead] + 3, np.ones(lead.size), width)
    of = np.repeat(np.arange(g.number), np.diff(c.first))
    ours = _shares(month[members[g.first[:-1]]][of], c.who + 3, c.chance, width)
    signed = _shares(month[members], a.issuer[members] + 3, np.ones(members.size), width)
    n = f.network
    out: dict[str, float | None] = {"this engine": _apart(want, ours), "papers signed": _apart(want, signed)}
    for name, value in (("in-degree", n.incoming), ("degree", n.incoming + n.outgoing), ("PageRank", n.rank)):
        total = float(value.sum())
        same = {m: {k + 3: v / total for k, v in enumerate(value.tolist()) if v} for m in want} if total else {}
        out[name] = _apart(want, same)
    return out


def _shares(month: Ints, who: Ints, weight: np.ndarray, width: int) -> dict[int, dict[int, float]]:
    key, at = np.unique(month * width + who, return_inverse=True)
    total = np.bincount(at, weight, key.size)
    out: dict[int, dict[int, float]] = {}
    for k, v in zip(key.tolist(), total.tolist(), strict=True):
        out.setdefault(k // width, {})[k % width] = v
    return {m: {k: v / sum(row.values()) for k, v in row.items()} for m, row in out.items()}


def _apart(want: dict[int, dict[int, float]], found: dict[int, dict[int, float]]) -> float | None:
    if not want:
        return None
    gaps = [
        sum(abs(row.get(k, 0.0) - found.get(m, {}).get(k, 0.0)) for k in sorted({*row, *found.get(m, {})}))
        for m, row in want.items()
    ]
    return float(np.mean(gaps)) / 2
