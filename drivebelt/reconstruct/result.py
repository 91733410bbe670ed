"""A reconstruction: what the engine found of an archive, as tables in a directory.

    documents   document, cascade, acts, answer, organ, standing (own, seen, unseen, centre), level, chance, told,
                as_one, as_one_organ, as_one_chance, masked (chance that another than who signed decided), membership (chance
                that it belongs to its cascade), rival_cascade (the next likeliest; null: none, or alone)
    candidates  cascade, rank, organ, name, chance, covered, listed, outside, own
    cascades    cascade, papers, first_day, last_day, earliest, likeliest, latest, lowest_organ, lowest, answer, chance,
                as_one_chance
    masks       organ, name, papers, settled, differing, lag_days, spread_days, since, chance
    facade      organ, name, quarter (null: all), papers (left), share (of all that it issued, decided by others), low, high (its 90
                per cent interval), chance (that it only passes on)
    centres     month, organ, name, share
    network     organ, name, in_degree, out_degree, pagerank
    forgeries   document, chance, kind, passage_cut, signature_removed, text_replaced, made_up, told, texts, signs
    variants    document, copies (-1 the issuer's own), length, signatures, bits, original, altered
    statements  statement, document, cascade, person, office, kind, camp, claims, tendency, says, year, against, confirmed, times,
                chance
    registers, free_numbers, traces     papers that are not there, see `registers.missing_papers`
    standing    rank, organ, name, score, heard_from, beside, writes_to, patience_hours, answers, letters
    superiors   organ, name, superior, superior_name, unseen, told, chance, seen, seen_name, orders, shared, first, lag_days,
                first_day, last_day, steps_below_top, addressed, from_seen (by address only); empty unless asked for

`organ` is null for the informal core and for the Centre as one. `chance` is null where nothing can be told.
"""

from __future__ import annotations

import json
import shutil
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from drivebelt.errors import BadInput, BadRun

if TYPE_CHECKING:
    from drivebelt.reconstruct.engine import Inference
    from drivebelt.reconstruct.scoring.score import Score
    from drivebelt.results import Run

TABLES = (
    "documents", "candidates", "cascades", "masks", "facade", "centres", "network", "registers", "free_numbers", "traces",
    "forgeries", "variants", "statements", "standing", "superiors",
)  # fmt: skip


class Reconstruction:
    """A reconstruction on disk or in memory, read only; `reconstruction.documents` and so on are Arrow tables."""

    def __init__(self, info: dict[str, Any], tables: dict[str, pa.Table], path: Path | None = None) -> None:
        """`info` as in reconstruction.json, `tables` by name."""
        self.info, self.tables, self.path = info, tables, path

    def __getattr__(self, name: str) -> pa.Table:
        if name in TABLES:
            return self.tables[name]
        raise AttributeError(f"a reconstruction has no {name!r}; its tables are {', '.join(TABLES)}")

    @property
    def archive(self) -> Path:
        """The archive it was made from."""
        return Path(self.info["archive"])

    @cached_property
    def rows(self) -> dict[int, int]:
        """Document of the archive -> row of `documents`."""
        return {int(d): i for i, d in enumerate(self.documents["document"].to_pylist())}

    def score(self, run: Run, key: str | Path | None = None) -> Score:
        """How right it is, beside baselines. `run` is what the archive was made from, `key` the file that joins both
        (default: beside the archive). Raises BadInput where they do not fit together."""
        from drivebelt.reconstruct.scoring.score import score

        return score(self, run, key)

    def explain(self, document: int | None = None, *, office: int | None = None) -> list[str]:
        """Why: paragraphs in plain words, on a document or on who stands above an office. Raises BadInput for what is not there."""
        from drivebelt.reconstruct.explain import explain, explain_superior

        if (document is None) == (office is None):
            raise BadInput("explain: give a document or an office, one of them")
        return explain_superior(self, office) if office is not None else explain(self, int(document or 0))

    def summary(self) -> list[str]:
        """Plain findings, a line each."""
        from drivebelt.reconstruct.summary import summary

        return summary(self)

    def write(self, out: str | Path) -> Path:
        """Writes it into a directory that is not there yet or holds an older reconstruction. Raises BadInput."""
        place = Path(out)
        if place.exists() and (not place.is_dir() or (any(place.iterdir()) and not (place / "reconstruction.json").exists())):
            raise BadInput(f"--out {place}: holds something else; give a directory that is not there yet")
        part = place.with_name(place.name + ".part")
        if part.exists():
            shutil.rmtree(part)
        part.mkdir(parents=True)
        for name in TABLES:
            pq.write_table(self.tables[name], part / f"{name}.parquet", compression="zstd")
        (part / "reconstruction.json").write_text(json.dumps(self.info, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if place.exists():
            shutil.rmtree(place)
        part.rename(place)
        self.path = place
        return place


def load(path: str | Path) -> Reconstruction:
    """Opens a reconstruction directory. Raises BadRun where it is missing or damaged."""
    place = Path(path)
    try:
        info = json.loads((place / "reconstruction.json").read_text(encoding="utf-8"))
        if not isinstance(info, dict) or not isinstance(info.get("archive"), str):
            raise ValueError("archive is not named")
        tables = {name: pq.read_table(place / f"{name}.parquet") for name in TABLES}
        if "document" not in tables["documents"].column_names:
            raise ValueError("documents has no column document")
    except FileNotFoundError as why:
        what = "made by another version, or damaged" if (place / "reconstruction.json").exists() else "not a reconstruction"
        raise BadRun(f"{why.filename or place}: missing: {what}; `drivebelt reconstruct` makes one") from why
    except (OSError, ValueError, pa.ArrowException) as why:
        raise BadRun(f"{place}: damaged ({' '.join(str(why).split())[:200]}); reconstruct anew") from why
    return Reconstruction(info, tables, place)


def reconstruct(archive: str | Path | Any, *, superiors: bool = False) -> Reconstruction:
    """Infers who decided from an archive: a directory, or an object with a `path` (what `Run.archive` gives).

    `superiors` asks who stands above whom, from orders alone; in archives of this mechanism by who sends an office its orders.
    Nothing but the archive is read. Raises BadRun where it is missing or damaged.
    """
    from drivebelt.reconstruct.archive import read
    from drivebelt.reconstruct.engine import infer

    return of_inference(infer(read(getattr(archive, "path", archive))), superiors=superiors)


def of_inference(found: Inference, *, superiors: bool = False) -> Reconstruction:
    """What the engine inferred as tables, with all that is asked of the archive beside it. Arguments as in `reconstruct`."""
    from drivebelt.reconstruct import testimony
    from drivebelt.reconstruct.counting.registers import missing_papers
    from drivebelt.reconstruct.offices import orders, standing
    from drivebelt.reconstruct.tables import info, tables
    from drivebelt.reconstruct.texts import forgeries

    texts = forgeries.judge(found.archive, found.acts, found.groups)
    more, counted = missing_papers(found.archive.path)
    weighed = found.learnt and not found.silent
    more |= forgeries.tables(found.archive, texts, weighed) | {"statements": testimony.table(found)}
    ranked, silent = standing.table(found.archive.path) if not found.learnt else (standing.EMPTY, "the tree of offices is known")
    above, looked = orders.found_superiors(found.archive, superiors and not found.silent, one_tree=not found.learnt)
    about = {
        "ever_numbered": counted, "forgeries": forgeries.info(texts) if weighed else None,
        "standing_cannot_be_told": silent or None, "superiors": looked,
    }  # fmt: skip
    return Reconstruction({**info(found), **about}, tables(found) | more | {"standing": ranked, "superiors": above})
