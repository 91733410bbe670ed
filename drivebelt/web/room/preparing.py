"""Makes ready what the archive room needs of an archive, in a process of its own: questions, and the key to them.

At full scale this takes minutes and gigabytes, so that the page keeps only small tables of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from drivebelt.cli.shared import say
from drivebelt.errors import BadRun
from drivebelt.reconstruct.archive import Archive, Ints, read
from drivebelt.reconstruct.engine import CENTRE_AS_ONE, CORE, Inference, infer
from drivebelt.reconstruct.entered import entered
from drivebelt.reconstruct.explain import Opened, explain
from drivebelt.reconstruct.result import Reconstruction, of_inference
from drivebelt.reconstruct.scoring.baselines import BASELINES
from drivebelt.reconstruct.scoring.truth import Truth, truth
from drivebelt.reconstruct.tables import CENTRE_NAME, CORE_NAME, SURE
from drivebelt.results import Run
from drivebelt.web.room import indexes
from drivebelt.web.room.choice import Place
from drivebelt.web.room.kinds import AT_CENTRE, CIRCLE, OTHER, UNKNOWN
from drivebelt.web.room.questions import Pool

ENGINE = "the engine"


def prepare(run: Path, making: Path, place: Path) -> None:
    """Writes questions.json and key.json beside the archive in `making`, then moves all of it to `place`.

    Raises BadRun and BadInput as the reading of archive and run does.
    """
    held = Place(making)
    say("reading what survived")
    a = read(held.archive)
    say("reconstructing who decided")
    f = infer(a)
    found = of_inference(f)
    indexes.make(held, found.registers)
    say("laying the truth beside the archive")
    opened = Run(run)
    true = join(a, opened)
    say("choosing questions")
    pool = Pool(a)
    began = _share_by_issuer(f, true.who)
    asked = {
        "papers": pool.papers(), "registers": pool.registers(found.registers), "bodies": pool.bodies(lambda row: float(began[row])),
    }  # fmt: skip
    _write(held.questions, asked)
    say("explaining the answers")
    _write(held.key, _key(asked, found, f, true, opened))
    _move(making, place)


def join(a: Archive, run: Run) -> Truth:
    """The truth of the papers of an archive: here alone archive and run meet."""
    return truth(a, run)


def _key(asked: dict[str, Any], found: Reconstruction, f: Inference, true: Truth, run: Run) -> dict[str, Any]:
    a = f.archive
    row_of = {int(d): i for i, d in enumerate(a.paper_id.tolist())}
    opened = Opened(a, f.tree, entered(a))
    said = {ENGINE: _engine(found, f), **{name: method(f) for name, method in BASELINES.items()}}
    return {
        "papers": [_paper(q, row_of[q["document"]], found, f, opened, true, said) for q in asked["papers"]],
        "registers": _registers(asked["registers"], found, run),
        "bodies": [_body(q, f, true, said) for q in asked["bodies"]],
        "whole": _whole(f, true, said),
        "there": int(a.papers),
        "ever": int(run.info["rows"]["documents"]),
        "counted": found.info["ever_numbered"],
    }


def _engine(found: Reconstruction, f: Inference) -> Ints:
    """The engine's likeliest answer for each paper, as the simple methods give theirs: organ row, CORE, or the Centre as one."""
    documents = found.documents
    organ, words = documents["organ"].fill_null(-1).to_numpy(), documents["answer"].fill_null("").to_numpy(zero_copy_only=False)
    at = np.searchsorted(f.archive.organ_id, organ)  # organs are read in the order of their numbers
    return np.where(organ >= 0, at, np.where(words == CORE_NAME, CORE, np.where(words == "", -1, CENTRE_AS_ONE)))


def _paper(
    q: dict[str, Any], row: int, found: Reconstruction, f: Inference, opened: Opened, true: Truth, said: dict[str, Ints]
) -> dict[str, Any]:
    a, options = f.archive, [o["answer"] for o in q["options"]]
    told = found.documents.slice(row, 1).to_pylist()[0]
    one = told["as_one"] == CENTRE_NAME and (told["as_one_chance"] or 0.0) >= SURE
    answer = _answer(a, int(said[ENGINE][row])) if told["told"] else AT_CENTRE if one else UNKNOWN
    who = int(true.who[row])
    return {
        "document": q["document"],
        "matter": int(true.matter[row]),
        "truth": _listed(_answer(a, who), options),
        "name": "an informal circle" if who == CORE else a.organ_name[who] if who >= 0 else None,
        "at_centre": who == CORE or bool(who >= 0 and f.tree.office[who] == f.tree.root),
        "said": {
            ENGINE: {
                "answer": _listed(answer, options),
                "likeliest": told["answer"],
                "chance": told["chance"],
                "as_one": told["as_one"],
                "as_one_chance": told["as_one_chance"],
                "told": bool(told["told"] or one),
            },
            **{name: {"answer": _listed(_answer(a, int(rows[row])), options)} for name, rows in said.items() if name != ENGINE},
        },
        "why": explain(found, q["document"], opened),
    }


def _answer(a: Archive, who: int) -> str:
    """An answer of a method as an answer of the sheet."""
    if who == CORE:
        return CIRCLE
    if who == CENTRE_AS_ONE:
        return AT_CENTRE
    return str(int(a.organ_id[who])) if who >= 0 else UNKNOWN


def _listed(answer: str, options: Sequence[str]) -> str:
    return answer if answer in (*options, CIRCLE, AT_CENTRE, UNKNOWN) else OTHER


def _registers(asked: Sequence[dict[str, Any]], found: Reconstruction, run: Run) -> list[dict[str, Any]]:
    """The true number of papers of each register, and what the engine makes of it."""
    wanted = [q["series"] for q in asked]
    marks = ", ".join("?" for _ in wanted) or "null"
    many = {
        r["series"]: r["n"]
        for r in run.rows(f"select series, max(number) as n from documents where series in ({marks}) group by series", wanted)
    }
    counted = {r["series"]: r for r in found.registers.to_pylist()} if wanted else {}
    return [
        {
            "series": s,
            "truth": int(many[s]),
            "low": round(counted[s]["low"]),
            "high": round(counted[s]["high"]),
            "said": {ENGINE: round(counted[s]["issued"]), "highest number known": int(counted[s]["highest"])},
        }
        for s in wanted
        if s in many
    ]


def _body(q: dict[str, Any], f: Inference, true: Truth, said: dict[str, Ints]) -> dict[str, Any]:
    """Whether a body only passes on: how many of its papers that carry an order it began itself, in truth and by each method."""
    a = f.archive
    row = int(np.flatnonzero(a.organ_id == q["organ"])[0])
    papers = np.flatnonzero(f.acts & (a.issuer == row))

    def own(who: npt.NDArray[np.int64]) -> float:
        return float((who[papers] == row).mean())

    return {"organ": q["organ"], "truth": own(true.who), "said": {name: own(rows) for name, rows in said.items()}}


def _share_by_issuer(f: Inference, who: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """(organs,) of the papers of a body that carry an order, the share that it began itself; nought where there are none."""
    a = f.archive
    many = np.bincount(a.issuer[f.acts], minlength=a.organs)
    own = np.bincount(a.issuer[f.acts & (who == a.issuer)], minlength=a.organs)
    return np.asarray(own / np.maximum(many, 1), np.float64)


def _whole(f: Inference, true: Truth, said: dict[str, Ints]) -> dict[str, Any]:
    """How often each method is right over all papers that somebody else decided than who signed."""
    executed = f.acts & (true.who != f.archive.issuer)
    right = {name: float((rows == true.who)[executed].mean()) if executed.any() else None for name, rows in said.items()}
    return {"papers": int(executed.sum()), "right": right}


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def _move(making: Path, place: Path) -> None:
    """To its place, unless somebody else was quicker."""
    if not Place(making).whole:
        raise BadRun(f"{making}: is not whole")
    if not Place(place).whole:
        shutil.rmtree(place, ignore_errors=True)
        making.rename(place)
    shutil.rmtree(making, ignore_errors=True)
