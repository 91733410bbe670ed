"""The life of one official in a run: posts and who gave them, whom he placed, what he did, how he voted, to whom he is tied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from drivebelt import records as r
from drivebelt.knowledge_query import DEPTHS, of_person
from drivebelt.web.asked import Asked
from drivebelt.web.tables import acts_of, made

_PERSON = (
    "select person, coalesce(name, 'Official no. ' || person) as who, name, party_since, class_origin from persons where person = ?"
)
_POSTS = f"""
    with given as (select * from page_moves where person = $1 and kind in ('appoint', 'elect')),
    gone as (select day, any_value(post) as why from page_moves where person = $1 and kind = 'leave-post' group by day)
    select t.post, regexp_replace(q.name, ', seat \\d+$', '') as post_name, o.organ, o.name as organ_name, o.level, o.branch,
           t."from" as since, case when t."to" <= $2 then t."to" end as until, t.by_appointment, b.organ as giver,
               b.name as given_by,
           coalesce(p.name, 'official no. ' || g.actor_person) as by_person, g.actor_person as patron, q.on_nomenklatura,
           case gone.why {" ".join(f"when {i} then '{word}'" for i, word in enumerate(r.LEAVINGS))} end as left_as
    from tenures t join posts q using (post) join organs o using (organ) left join organs b on b.organ = t.appointed_by
    left join given g on g.post = t.post and g.day = t."from" left join persons p on p.person = g.actor_person
    left join gone on gone.day = t."to"
    where t.person = $1 and t."from" <= $2 order by t."from", t.post
"""
_DEEDS = """
    select kind, count(*) as n, min(day) as first, max(day) as last, count(*) filter (amount % 4 = 1) as no,
           count(*) filter (amount % 4 = 2) as bent, count(*) filter (amount % 4 = 3) as no_by_own
    from {acts} where actor_person = ? group by kind order by n desc, kind
"""
PLACED = """
    select m.act, m.day, m.kind, m.person, coalesce(p.name, 'official no. ' || m.person) as who, m.post,
           q.name as post_name, o.organ, o.name as organ_name, o.level,
           exists (from tenures t where t.person = m.person and t.post = m.post and t."from" = m.day
                   and (t."to" is null or t."to" > $2)) as still
    from page_moves m join persons p using (person) join posts q on q.post = m.post join organs o on o.organ = q.organ
    where m.actor_person = $1 and m.kind in ('appoint', 'elect') and m.day <= $2
"""
"""Whom a person placed up to a day, and whether he is still in the post."""


def way(above: bool, giver: int | None, since: date, first: date, level: str) -> str:
    """How somebody came into a post, in a word."""
    if above:
        return "from above"
    if giver is None:
        return "as documented"
    if since < first:
        return "before the run"
    return "elected" if level == r.LEVELS[r.CENTRE] else "on the spot"


def found(asked: Asked, person: int) -> dict[str, Any] | None:
    """Who a person is."""
    rows = asked.run.rows(_PERSON, [person])
    return rows[0] if rows else None


def posts(asked: Asked, person: int) -> list[dict[str, Any]]:
    """The posts of a person in the order of time, each with who gave it and how it was left."""
    return asked.library.kept(asked.run, ("posts of", person), lambda: _posts(asked, person))


def _posts(asked: Asked, person: int) -> list[dict[str, Any]]:
    made(asked, "page_moves")
    rows = asked.run.rows(_POSTS, [person, date.fromisoformat(asked.run.info["to"])])
    first = date.fromisoformat(asked.run.info["from"])
    for row in rows:
        row["way"] = way(row["by_appointment"], row["giver"], row["since"], first, row["level"])
    return rows


def deeds(asked: Asked, person: int) -> list[dict[str, Any]]:
    """What a person did in the run: kind of act, how often, first and last day; of votes how many against, and how many bent."""
    return asked.library.kept(
        asked.run, ("deeds", person), lambda: asked.run.rows(_DEEDS.format(acts=acts_of(asked, person)), [person])
    )


def votes(rows: list[dict[str, Any]]) -> dict[str, int] | None:
    """How a person voted: all, against, and for though his own position said no (and the other way round)."""
    row = next((row for row in rows if row["kind"] == "vote"), None)
    if row is None:
        return None
    return {"all": row["n"], "against": row["no"] + row["no_by_own"], "bent": row["bent"], "turned": row["no"]}


def ties(asked: Asked, person: int, day: date) -> list[dict[str, Any]]:
    """What binds a person to those who gave him posts, on a day: patron, posts given, and the tie from 0 to 1.

    A week leaves of a tie the share that the rule `tie_kept_a_week` says; a post given adds `tie_gain` of what is missing.
    """
    run = asked.run
    made(asked, "page_moves")
    started = {row["patron"]: row["tie"] for row in run.rows("select patron, tie from ties where person = ?", [person])}
    gifts = run.rows(
        """select day, actor_person as patron from page_moves
           where person = ? and kind = 'appoint' and actor_person is not null and day <= ? order by act""",
        [person, day],
    )
    counted = Counter(row["patron"] for row in gifts)
    begin = date.fromisoformat(run.info["from"])
    monday = begin + timedelta(days=-begin.weekday() % 7)
    out = []
    for patron in sorted({*started, *counted}):
        tie, week, mine = started.get(patron, 0.0), monday, [row["day"] for row in gifts if row["patron"] == patron]
        while week <= day or mine:
            if mine and (mine[0] < week or week > day):
                tie += (1 - tie) * (_rule(asked, "tie_gain", mine.pop(0)) or 0.0)
            else:
                tie *= _rule(asked, "tie_kept_a_week", week) or 1.0
                week += timedelta(days=7)
        out.append({"patron": patron, "posts": counted[patron], "tie": tie})
    names = {
        row["person"]: row["who"]
        for row in run.rows(
            "select person, coalesce(name, 'official no. ' || person) as who from persons where person in (select unnest(?))",
            [[x["patron"] for x in out]],
        )
    }
    return sorted(
        ({**x, "who": names.get(x["patron"], "-")} for x in out if x["patron"] != person and (x["tie"] > 0.005 or x["posts"])),
        key=lambda x: -x["tie"],
    )


def _rule(asked: Asked, name: str, day: date) -> float | None:
    """The value of a rule of the run in force on a day."""
    rows = asked.library.kept(
        asked.run,
        ("rule", name),
        lambda: asked.run.rows("select since, until, value from rules where rule = ? and key is null order by since", [name]),
    )
    return next(
        (row["value"] for row in reversed(rows) if row["since"] <= day and (row["until"] is None or row["until"] > day)), None
    )


# -- what he could know ------------------------------------------------------------------------------------------

BECAUSE = {
    "open-matter": "he took it up", "propose": "he proposed it", "sort-mail": "he sorted the mail",
    "consider": "he heard it at a sitting",
    "enter-agenda": "he put it on the agenda", "read": "he read the paper", "issue": "he signed the paper",
    "vote": "he voted on it",
    "agree": "he was of the circle that settled it", "tell": "he was told by word of mouth", "hand-over": "it was handed to him",
    "consult": "he was asked for his opinion", "inform": "he was informed", "leak": "somebody told what he was to keep",
}  # fmt: skip
"""Why somebody knows, by the kind of the act that told him."""
_KNOWN = """
    select list(matter) as matter, list(depth) as depth, list(day - date '1970-01-01') as day, list(act) as act
    from (select * from ({known}) order by depth desc, day desc, matter)
"""
_TOLD = """
    select a.act, a.kind, coalesce(case when a.actor_person = $2 then 'himself' else p.name end, o.name) as by
    from (select * from acts where act in (select unnest($1)) and act between $3 and $4) a
    left join persons p on p.person = a.actor_person left join organs o on o.organ = a.actor_organ
"""
_SUBJECTS = "select matter, subject, domain from matters where matter in (select unnest($1)) and matter between $2 and $3"


@dataclass(frozen=True)
class Known:
    """What a person knows by a day: matters, how deep, since which day (of the epoch), by which act; the deepest first."""

    matter: npt.NDArray[np.int32]
    depth: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]
    act: npt.NDArray[np.int32]

    def by_depth(self) -> dict[int, int]:
        """How many matters he knows so deeply."""
        return {depth: int(np.count_nonzero(self.depth == depth)) for depth in sorted(DEPTHS, reverse=True)}

    def chosen(self, matters: npt.NDArray[np.int32] | None, order: str) -> npt.NDArray[np.intp]:
        """Places of the matters, all or those given, in an order: `day` or `depth`, with `-` the other way round."""
        places = np.arange(self.matter.size) if matters is None else np.flatnonzero(np.isin(self.matter, matters))
        if order:
            by = getattr(self, order.removeprefix("-"))[places]
            places = places[np.argsort(-by if order[0] == "-" else by, kind="stable")]
        return places


def known(asked: Asked, person: int, day: date) -> Known:
    """All that a person could know by the end of a day."""

    def make() -> Known:
        made(asked, "page_shared")
        query = _KNOWN.format(known=of_person(person, acts_of(asked, person), "page_shared"))
        row = asked.run.rows(query, {"day": day})[0]  # type: ignore[arg-type]
        return Known(*(np.array(row[name] or [], np.int32) for name in ("matter", "depth", "day", "act")))

    return asked.library.kept(asked.run, ("known", person, day), make)


def about(asked: Asked, words: str) -> npt.NDArray[np.int32]:
    """The matters whose subject or field hold all these words."""
    parts = words.casefold().split()
    where = " and ".join("contains(lower(subject || ' ' || domain), ?)" for _ in parts) or "true"
    return np.array([row["matter"] for row in asked.run.rows(f"select matter from matters where {where}", parts)], np.int32)


def told(asked: Asked, person: int, what: Known, places: Sequence[int] | npt.NDArray[np.intp]) -> list[dict[str, Any]]:
    """Rows of what a person knows, at these places: matter, subject, field, depth, since, and the act that told him."""
    if len(places) == 0:
        return []
    acts, matters = what.act[places].tolist(), what.matter[places].tolist()
    because = {row["act"]: row for row in asked.run.rows(_TOLD, [acts, person, min(acts), max(acts)])}
    subjects = {row["matter"]: row for row in asked.run.rows(_SUBJECTS, [matters, min(matters), max(matters)])}
    return [
        {
            "matter": matter, "subject": subjects[matter]["subject"], "domain": subjects[matter]["domain"], "depth": int(depth),
            "knew": DEPTHS[int(depth)], "day": date(1970, 1, 1) + timedelta(days=int(day)), "act": act,
            "because": BECAUSE.get(because[act]["kind"], because[act]["kind"].replace("-", " ")), "by": because[act]["by"],
        }
        for matter, depth, day, act in zip(matters, what.depth[places], what.day[places], acts, strict=True)
    ]  # fmt: skip
