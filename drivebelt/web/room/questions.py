"""What can be asked of an archive, chosen from the archive alone: who decided a paper, how many papers a register held, which
bodies only pass on. From this pool a sheet is drawn by its seed (`marking.sheet`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from drivebelt.archive import Archive as Tables
from drivebelt.archive.keys import Key
from drivebelt.reconstruct.archive import Archive, Ints
from drivebelt.reconstruct.grouping.papers import acting
from drivebelt.reconstruct.grouping.tree import CENTRE, PARTY, tree_of
from drivebelt.web.room.kinds import DECIDES, PASSES_ON

_LEADING = ("politburo", "orgburo", "secretariat", "central-committee")
_LEVELS = ("centre", "region", "gubernia", "uezd", "volost")
PAPERS, REGISTERS, BODIES = 24, 60, 15
"""Kept in the pool: papers a level and side of the state, registers, bodies that only pass on and as many that do not."""
_LOOKED_AT = 600
"""Bodies of which those in the pool are chosen."""
_DAYS, _LIKE, _FEWEST, _SHOWN = 45, 8, 6, 8


class Pool:
    """Questions of one archive, with what each needs to be answered on paper."""

    def __init__(self, a: Archive) -> None:
        """`a` as the reconstruction reads it."""
        self.a, self.t = a, tree_of(a)
        self.acts = acting(a, self.t)
        self._key = Key("sheet", a.info.get("regime"), a.info.get("reader"), a.info.get("survival"), a.papers)
        self._party = a.branch.code == a.branch.of(PARTY)
        self._leading = _leading(a)

    def papers(self) -> list[dict[str, Any]]:
        """Papers that carry an order, evenly over levels and over party and state, each with those who may have decided it."""
        a, found = self.a, []
        for level in _LEVELS:
            for party in (True, False):
                issuers = (a.level.code == a.level.of(level)) & (self._party == party)
                rows = np.flatnonzero(self.acts & issuers[a.issuer])
                for row in self._some(rows, a.paper_id[rows], f"{level}/{party}", PAPERS):
                    found.append({**self._paper(row), "stratum": f"{level} {'party' if party else 'state'}", **self._context(row)})
        return found

    def registers(self, counted: pa.Table) -> list[dict[str, Any]]:
        """Registers with gaps: what is known of each, number by number. `counted` as in a reconstruction, of which only what was
        seen is taken."""
        known = [r for r in counted.select(["series", "office", "known", "there", "highest"]).to_pylist() if _asked(r)]
        at = {int(o): i for i, o in enumerate(self.a.organ_id.tolist())}
        known = [r for r in known if r["office"] in at]
        place = self._key.order("registers", np.array([r["series"] for r in known], np.int64))
        order = sorted(range(len(known)), key=lambda i: (known[i]["known"] == known[i]["highest"], place[i]))  # holes come first
        chosen = [known[i] for i in order[:REGISTERS]]
        return [
            {
                "series": r["series"],
                "office": r["office"],
                "name": self.a.organ_name[at[r["office"]]],
                "known": r["known"],
                "there": r["there"],
                "highest": r["highest"],
            }
            for r in chosen
        ]

    def bodies(self, own: Callable[[int], float]) -> list[dict[str, Any]]:
        """Party committees below the Centre with enough papers that carry an order: as many that only pass on as such that decide
        themselves too, with a few papers of each and the likest earlier paper of anybody else.

        `own` says in truth, for the row of a body, which share of its orders began with it. It chooses who is asked about and
        is not told: a body of the state never decides, and of one between both kinds no reader can say.
        """
        a = self.a
        many = np.bincount(a.issuer[self.acts], minlength=a.organs)
        rows = np.flatnonzero((many >= _FEWEST) & self._party & (a.level.code != a.level.of(CENTRE)))
        looked_at = [(row, own(row)) for row in self._some(rows, a.organ_id[rows], "bodies/True", _LOOKED_AT)]
        kinds = [[r for r, share in looked_at if share < PASSES_ON], [r for r, share in looked_at if share >= DECIDES]]
        most = min(BODIES, *map(len, kinds))
        return [self._body(row, int(many[row])) for row in sorted(r for kind in kinds for r in kind[:most])]

    def _body(self, row: int, many: int) -> dict[str, Any]:
        a = self.a
        papers = np.flatnonzero(self.acts & (a.issuer == row))
        some = papers[np.linspace(0, papers.size - 1, _SHOWN).astype(int)] if papers.size > _SHOWN else papers
        return {
            "organ": int(a.organ_id[row]),
            "name": a.organ_name[row],
            "level": self._level(row),
            "papers": many,
            "party": True,
            "some": [{**self._paper(i), "earlier": self._earlier(i)} for i in np.unique(some).tolist()],
        }

    def candidates(self, row: int) -> list[int]:
        """Rows of bodies that may have decided a paper: who signed it, those above him in the state, those above him in the party,
        the leading bodies of the Centre."""
        a, t = self.a, self.t
        issuer = int(a.issuer[row])
        way, at = [issuer], int(a.organ_parent[issuer])
        while at >= 0 and at not in way and len(way) < 8:
            way.append(at)
            at = int(a.organ_parent[at])
        office = int(t.office[issuer])
        party = [node for node in t.ancestors(office) if node != t.root] if office != t.root else []
        alive = [o for o in (*way, *party) if a.valid_from[o] <= a.date[row] <= a.valid_to[o] or o == issuer]
        below = [o for o in alive if a.level.code[o] != a.level.of(CENTRE) or o == issuer or a.branch.code[o] != a.branch.of(PARTY)]
        return list(dict.fromkeys([*below, *self._leading]))

    def _some(self, rows: Ints, ids: Ints, what: str, most: int) -> list[int]:
        """At most so many of the rows, in an order that says nothing."""
        if not rows.size:
            return []
        return [int(r) for r in rows[np.argsort(self._key.order(what, ids), kind="stable")[:most]]]

    def _level(self, organ: int) -> str:
        return self.a.level.names[self.a.level.code[organ]] if self.a.level.code[organ] >= 0 else ""

    def _paper(self, row: int) -> dict[str, Any]:
        a = self.a
        issuer = int(a.issuer[row])

        def name(codes: Any) -> str:
            return codes.names[codes.code[row]] if codes.code[row] >= 0 else ""

        return {
            "document": int(a.paper_id[row]),
            "kind": name(a.kind),
            "grade": name(a.grade),
            "date": _iso(a.date[row]),
            "issuer": a.organ_name[issuer],
            "organ": int(a.organ_id[issuer]),
            "level": self._level(issuer),
            "domain": name(a.domain),
            "subject": name(a.subject),
        }

    def _context(self, row: int) -> dict[str, Any]:
        """Who may have decided, which paper is cited, and the papers of those weeks on the same subject, the likest first."""
        a = self.a
        options = [
            {"answer": str(int(a.organ_id[o])), "name": a.organ_name[o] + (" (who signed it)" if o == a.issuer[row] else "")}
            for o in self.candidates(row)
        ]
        near = np.flatnonzero(
            (np.abs(a.date - a.date[row]) <= _DAYS)
            & (a.subject.code == a.subject.code[row])
            & (a.domain.code == a.domain.code[row])
        )
        near = near[near != row] if a.subject.code[row] >= 0 else near[:0]
        apart = np.bitwise_count(a.wording[near] ^ a.wording[row]).astype(np.int64)
        order = np.lexsort((a.date[near], apart))[:_LIKE]
        cited = None
        if a.parent[row] >= 0:
            cited = {**self._paper(int(a.parent[row])), "there": True}
        elif a.cites[row] >= 0:
            whose = int(a.cited_organ[row])
            cited = {"there": False, "issuer": a.organ_name[whose] if whose >= 0 else ""}
        return {
            "options": options,
            "cited": cited,
            "many_near": int(near.size),
            "near": [{**self._paper(int(near[i])), "apart": int(apart[i])} for i in order],
        }

    def _earlier(self, row: int) -> dict[str, Any] | None:
        a = self.a
        before = (a.date <= a.date[row]) & (a.date >= a.date[row] - _DAYS) & (a.subject.code == a.subject.code[row])
        near = np.flatnonzero(before & (a.domain.code == a.domain.code[row]) & (a.issuer != a.issuer[row]))
        if not near.size or a.subject.code[row] < 0:
            return None
        apart = np.bitwise_count(a.wording[near] ^ a.wording[row]).astype(np.int64)
        best = int(np.lexsort((a.date[near], apart))[0])
        return {**self._paper(int(near[best])), "apart": int(apart[best])}


def _leading(a: Archive) -> list[int]:
    keys = {k: o for o, k in Tables(a.path).sql("select organ, key from organs where key is not null").fetchall()}
    at = {int(o): i for i, o in enumerate(a.organ_id.tolist())}
    return [at[keys[k]] for k in _LEADING if keys.get(k) in at]


def _asked(register: dict[str, Any]) -> bool:
    """Whether something can be said of a register, and something is to be found out."""
    return bool(register["known"] >= _FEWEST and register["there"] < register["highest"] <= 400)


def _iso(day: Any) -> str:
    return str(np.datetime64(int(day), "D"))
