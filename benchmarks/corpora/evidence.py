"""The project's own evidence as an archive: papers issued in a body's name whose real author the book names, to be found again.

All papers of the evidence from 1917 to 1941 become an archive: day, issuer as it appears, kind, grade, subject, addressees, and (in
one of the ways asked) which paper it carries out. Never: real author, signers, title, description, fate, or anything else in which
the cataloguer may have said who decided. What is asked is where the author sits: at the Centre, core and formal bodies as one, or in
the region; then which of the two at the Centre. The truth is in evidence.yaml beside this file.

python benchmarks/corpora/evidence.py
"""

from __future__ import annotations

import json
import re
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from common import share

from drivebelt.evidence import records
from drivebelt.interchange.wording import wordings
from drivebelt.reconstruct.archive import read
from drivebelt.reconstruct.engine import CENTRE_AS_ONE, CORE, Inference, infer
from drivebelt.reconstruct.scoring.baselines import BASELINES
from drivebelt.reconstruct.tables import SURE, best_as_one

TABLE = yaml.safe_load((Path(__file__).parent / "evidence.yaml").read_text(encoding="utf-8"))
CENTRAL = ("core", "formal", "member")


def fits(table: list, words: str) -> list | None:
    """The first row whose pattern (all but the last cells are cut at the last commas) is found in the words."""
    return next((row for row in table if re.search(row[0], words)), None)


def day(said: str) -> date | None:
    """The first day of a date, a month or a year; of a year its middle."""
    first = said.split("/")[0]
    parts = [int(p) for p in first.split("-") if p.isdecimal()]
    return date(parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 1) if parts else None


def body(record: dict) -> tuple[str, str, str, str]:
    """Name, level, branch and territory of the issuer as it appears."""
    row = fits(TABLE["issuers"], record["issuer"])
    return tuple(row[1:5]) if row else (record["issuer"], "centre", "person", "")


def papers() -> list[dict]:
    """Papers with a day in the period and an issuer, in order of day."""
    found = [r for r in records("document") if r.get("issuer") and r.get("date") and day(r["date"])]
    found = [r for r in found if 1917 <= day(r["date"]).year <= 1941 and r["doc_type"] not in ("book", "diary")]
    return sorted(found, key=lambda r: (day(r["date"]), r["id"]))


def archive(place: Path, rows: list[dict], cites: bool, unknown: str) -> None:
    """Writes the archive; `unknown` is the grade of papers whose grade the book does not give."""
    bodies = {b[0]: b for b in map(body, rows)}
    for above in TABLE["superiors"].values():
        bodies.setdefault(above, (above, "centre", "party", ""))
    names = sorted(bodies)
    number = {name: i for i, name in enumerate(names)}
    at = {r["id"]: i for i, r in enumerate(rows)}
    domains = [(fits(TABLE["domains"], r.get("subject") or "") or [None, "party"])[1] for r in rows]
    kinds = sorted(set(domains))
    ends = []
    for i, r in enumerate(rows):
        for whom in r.get("addressees") or ():
            to = fits(TABLE["issuers"], whom)
            if to and to[1] in number:
                ends.append((i, number[to[1]]))
    place.mkdir()
    tables = {
        "organs": {
            "organ": range(len(names)), "name": names, "level": [bodies[n][1] for n in names], "branch": [bodies[n][2] for n in names],
            "territory": [bodies[n][3] or None for n in names],
            "parent": [number.get(TABLE["superiors"].get(n)) for n in names],
        },
        "matters": {"matter": range(len(kinds)), "domain": kinds, "subject": kinds},
        "documents": {
            "document": range(len(rows)), "date": [day(r["date"]) for r in rows], "kind": [TABLE["kinds"].get(r["doc_type"], r["doc_type"]) for r in rows],
            "issuer": [number[body(r)[0]] for r in rows], "matter": [kinds.index(d) for d in domains],
            "grade": ["cipher" if r["doc_type"] == "cipher_telegram" else TABLE["grades"].get(r["secrecy"], unknown) or None for r in rows],
            "parent_document": [at.get(r.get("executes")) if cites and not r.get("executes_inferred_by") else None for r in rows],
            "wording": wordings(pa.array([r.get("subject") or r["doc_type"] for r in rows])),
        },
        "copies": {"document": [d for d, _ in ends], "addressee_organ": [o for _, o in ends]},
    }  # fmt: skip
    whole = {"parent", "parent_document", "document", "addressee_organ"}
    for name, columns in tables.items():
        made = {
            c: v if isinstance(v, pa.Array) else pa.array(list(v), pa.int64() if c in whole else None) for c, v in columns.items()
        }
        pq.write_table(pa.table(made), place / f"{name}.parquet")
    (place / "archive.json").write_text(json.dumps({"origin": "evidence"}))


def answers(f: Inference) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """By method, for each paper of the archive: whether the author sits at the Centre, whether he is the core (or unseen there),
    and whether the answer is a party body or the core."""
    a, root, office = f.archive, f.tree.root, f.tree.office
    party = a.branch.code == a.branch.of("party")
    group = np.where(f.groups.of >= 0, f.groups.of, 0)
    one, first = best_as_one(f)[0][group], f.chances.who[f.chances.first[:-1]][group]
    grouped = f.groups.of >= 0
    said = {"this engine": (np.where(grouped, one, a.issuer), np.where(grouped, first, a.issuer))}
    said |= {name: (method(f),) * 2 for name, method in BASELINES.items()}
    return {
        name: (
            (who < 0) | (office[np.maximum(who, 0)] == root),
            np.isin(fine, (CORE, CENTRE_AS_ONE)),
            (who < 0) | party[np.maximum(who, 0)],
        )
        for name, (who, fine) in said.items()
    }


def main() -> None:
    rows = papers()
    truth = {f"document:{k}": v for k, v in TABLE["truth"].items()}
    asked = np.array([i for i, r in enumerate(rows) if r["id"] in truth])
    lacking = set(truth) - {r["id"] for r in rows}
    assert not lacking, lacking
    where = np.array([truth[rows[i]["id"]] for i in asked])
    centre = np.isin(where, CENTRAL)
    print(
        f"{len(rows)} papers; {asked.size} with a named author: "
        + ", ".join(f"{k} {int((where == k).sum())}" for k in (*CENTRAL, "region"))
    )
    for title, cites, unknown in (
        ("as the papers stand", False, ""),
        ("with what each paper says it carries out", True, ""),
        ("the same, papers of unknown grade taken as secret", True, "secret"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            archive(Path(folder) / "archive", rows, cites, unknown)
            f = infer(read(Path(folder) / "archive"))
            print(
                f"{title}: {f.groups.number} cascades; chances {'learnt' if f.learnt else 'not given'}; {f.silent or 'something can be told'}"
            )
            below = ~np.array([body(rows[i])[1] == "centre" for i in asked])
            mask = np.array([body(rows[i])[2] not in ("party", "person") for i in asked])
            at_top = np.isin(where, ("core", "formal"))
            if f.learnt:
                chance = best_as_one(f)[1][np.where(f.groups.of >= 0, f.groups.of, 0)][asked]
                told = (chance >= SURE) & (f.groups.of[asked] >= 0)
                right = answers(f)["this engine"][0][asked] == centre
                print(
                    f"  at {SURE:.0%} or more {int(told.sum())} of {told.size} told, of these right {share(int(right[told].sum()), int(told.sum()))}"
                )
            print(
                "  | method | Centre or region | where the signer is of the region | party body of the right level, of a state body or paper | core or formal body |"
            )
            for name, (central, core, party) in answers(f).items():
                right = central[asked] == centre
                named = (right & party[asked])[mask]
                fine = (core[asked] == (where == "core"))[at_top]
                print(
                    f"  | {name} | {share(int(right.sum()), right.size)} | {share(int(right[below].sum()), int(below.sum()))} | {share(int(named.sum()), named.size)} | {share(int(fine.sum()), fine.size)} |"
                )


if __name__ == "__main__":
    main()
