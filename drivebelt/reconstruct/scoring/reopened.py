"""What the engine inferred, read again from the tables of a reconstruction, so that a score infers nothing anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from drivebelt.errors import BadInput
from drivebelt.reconstruct import centre, evidence
from drivebelt.reconstruct.archive import NONE, Archive, Ints
from drivebelt.reconstruct.centres import Network
from drivebelt.reconstruct.columns import find
from drivebelt.reconstruct.engine import CENTRE_AS_ONE, CORE, Chances, Gathered, Inference
from drivebelt.reconstruct.evidence import Floats
from drivebelt.reconstruct.grouping.groups import Groups
from drivebelt.reconstruct.grouping.links import Rates
from drivebelt.reconstruct.grouping.tree import tree_of
from drivebelt.reconstruct.masks import Masks
from drivebelt.reconstruct.tables import CORE_NAME

if TYPE_CHECKING:
    from drivebelt.reconstruct.result import Reconstruction

_NO_RATES = Rates(np.zeros((0, 0)), np.zeros(0), np.zeros((0, 0)), np.zeros((1, 1, 1), bool), 0)
"""How papers were linked is not kept in the tables, and nobody asks for it once they are."""
_FAR = 2**40


def inference(found: Reconstruction, a: Archive) -> Inference:
    """The inference that a reconstruction of the archive `a` was written from.

    Groups, chances, masks and network are those of the tables; the tree and what is counted on it are counted again in the
    archive. Raises BadInput where the tables do not fit the archive or each other.
    """
    d, name = found.documents, found.path or "reconstruction"
    if not np.array_equal(d["document"].to_numpy(), a.paper_id):
        raise BadInput(f"{name}: was not made from {a.path} as it is now; reconstruct anew")
    acts = d["acts"].to_numpy()
    of = d["cascade"].fill_null(NONE).to_numpy()
    number = found.cascades.num_rows
    cascade = found.candidates["cascade"].to_numpy()
    if (
        any(x.size and (x.max() >= number or x.min() < low) for x, low in ((of, NONE), (cascade, 0)))
        or (np.diff(cascade) < 0).any()
    ):
        raise BadInput(f"{name}: its tables documents, cascades and candidates do not belong together; reconstruct anew")
    t = tree_of(a)
    members = np.argsort(of, kind="stable")[np.count_nonzero(of < 0) :]
    first = np.r_[0, np.cumsum(np.bincount(of[members], minlength=number))].astype(np.int64)
    g = Groups(of, first, members, _NO_RATES, dict(found.info["joined_by"]))
    w = evidence.ways(a, t, g)
    learnt, silent = bool(found.info["learnt"]), found.info["cannot_be_told"] or ""
    chances = _chances(found, a, cascade, number)
    shown = Gathered(a, t, acts, g, w, evidence.seen(a, t, w), centre.bodies(a, t, acts), None)
    return Inference(**vars(shown), masks=_masks(found, a), network=_network(found), chances=chances, learnt=learnt, silent=silent)


def organ_rows(a: Archive, table: pa.Table, organ: str, name: str) -> Ints:
    """Organs of a table as rows of the archive: CORE or CENTRE_AS_ONE where only a name is given, -1 where none."""
    row = find(a.organ_id, table[organ].fill_null(NONE).to_numpy())
    words = table[name].dictionary_encode().combine_chunks()
    kinds = np.array([CORE if word == CORE_NAME else CENTRE_AS_ONE for word in words.dictionary.to_pylist()] + [NONE], np.int64)
    unnamed = kinds[words.indices.fill_null(kinds.size - 1).to_numpy(zero_copy_only=False)]
    return np.where(table[organ].is_valid().to_numpy(), row, unnamed)


def _chances(found: Reconstruction, a: Archive, cascade: Ints, number: int) -> Chances:
    c = found.candidates
    who = organ_rows(a, c, "organ", "name")
    first = np.searchsorted(cascade, np.arange(number + 1)).astype(np.int64)
    as_one = _floats(found.cascades["as_one_chance"])
    unweighed = np.isnan(as_one) & (np.diff(first) > 0)
    as_one[unweighed] = who[first[:-1][unweighed]] == CENTRE_AS_ONE
    return Chances(first, who, _floats(c["chance"]), np.nan_to_num(as_one))


def _masks(found: Reconstruction, a: Archive) -> Masks:
    m, n = found.masks, a.organs
    row = find(a.organ_id, m["organ"].to_numpy())
    since = m["since"].cast("int32").fill_null(0).to_numpy().astype(np.int64)

    def spread(values: np.ndarray, empty: float) -> np.ndarray:
        out = np.full(n, empty, values.dtype)
        out[row] = values
        return out

    papers, settled, differing = (spread(m[name].to_numpy(), 0) for name in ("papers", "settled", "differing"))
    lag, wide, chance = (spread(_floats(m[name]), np.nan) for name in ("lag_days", "spread_days", "chance"))
    since = spread(np.where(m["since"].is_valid().to_numpy(), since, _FAR), _FAR)
    return Masks(papers, settled, differing, lag, wide, since, chance)


def _network(found: Reconstruction) -> Network:
    """The table has a row for each organ, in their order."""
    return Network(*(found.network[name].to_numpy() for name in ("in_degree", "out_degree", "pagerank")))


def _floats(column: pa.ChunkedArray) -> Floats:
    """Values, NaN for null; a copy."""
    out: Floats = np.array(column.to_numpy(), np.float64)
    return out
